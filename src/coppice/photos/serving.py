"""Giving out a photo, once a view's door has said that this reader may see what it belongs to."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from coppice.photos.models import Photo

SIZES = ("large", "small")


def photo_answer(request: HttpRequest, photo: Photo, size: str) -> HttpResponse:
    """Answer with one rendition of a photo; raises Http404 for any other size, and when its file is lost.

    Browsers may keep it, and ask each time whether it may still be seen.
    """
    if size not in SIZES:
        raise Http404
    file = getattr(photo, size)
    etag = quote_etag(file.name.rpartition("/")[2].removesuffix(".jpg"))
    try:
        with file.open() as content:
            answer = HttpResponse(content.read(), content_type="image/jpeg")
    except FileNotFoundError:
        raise Http404 from None
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Disposition"] = 'inline; filename="photo.jpg"'
    return get_conditional_response(request, etag=etag, response=answer) or answer
