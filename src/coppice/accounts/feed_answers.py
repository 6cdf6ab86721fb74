"""What a program that reads a feed gets: its text, or only that nothing changed."""

from collections.abc import Callable
from hashlib import sha256

from allauth.core.internal.ratelimit import consume
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _

from coppice.accounts.feed_actions import note_use
from coppice.accounts.feeds import SecretFeed


def feed_answer(
    request: HttpRequest,
    feed: SecretFeed,
    write: Callable[[], bytes],
    *,
    content_type: str,
    filename: str,
    is_whole: bool = True,
) -> HttpResponse:
    """Answer with a feed's text, as `write` returns it; keeps that it was asked for.

    The answer is 304 when its reader has it already, and 429 when it asks more often than FEED_LIMITS. With
    `is_whole` False it is a further page, of which nothing is kept, and which goes by its ETag alone.
    """
    asked_of = f"{feed.VERB}:{feed.pk}"
    if not consume(
        request, app="accounts", action="feed", config=settings.FEED_LIMITS, key=asked_of, limit_get=True
    ):
        words = _("This feed was asked for too often. Ask again in ten minutes.")
        headers = {"Retry-After": "600"}
        return HttpResponse(words, content_type="text/plain; charset=utf-8", status=429, headers=headers)
    content = write()
    digest = sha256(content).hexdigest()
    if is_whole:
        feed = note_use(feed, digest=digest)
    etag = f'"{digest[:32]}"'
    altered = int((feed.altered_at or feed.made_at).timestamp()) if is_whole else None
    response = HttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": f'inline; filename="{filename}"',
            "ETag": etag,
            "Cache-Control": "private, no-cache",
            "X-Robots-Tag": "noindex",
        },
    )
    if altered is not None:
        response.headers["Last-Modified"] = http_date(altered)
    return get_conditional_response(request, etag=etag, last_modified=altered, response=response) or response
