"""Files on a path of their own, apart from our pages, for whoever may read what they belong to."""

from typing import Any

from django.http import Http404, HttpRequest
from django.views.decorators.http import require_safe

from coppice.lib.access import access
from coppice.library.models import Version
from coppice.library.permissions import can_read_item
from coppice.library.queries import file_of
from coppice.library.serving import file_answer, safely
from coppice.photos.serving import photo_answer


def can_have(person: object, version: Version) -> bool:
    """Say whether this person may have a version's file: whoever may read its item."""
    return can_read_item(person, version.item)


# GET /files/<id>/
@access(can_have, on=file_of)
@require_safe
def file(request: HttpRequest, version: Version) -> Any:
    """The file, to be saved."""
    return file_answer(version, within=False)


# GET /files/<id>/open/
@access(can_have, on=file_of)
@require_safe
def opened(request: HttpRequest, version: Version) -> Any:
    """The file in the browser, where nothing in it can run; any other is saved."""
    return file_answer(version, within=True)


# GET /files/<id>/picture/
@access(can_have, on=file_of)
@require_safe
def picture(request: HttpRequest, version: Version) -> Any:
    """What it looks like, as we drew it."""
    drawn = getattr(version, "picture", None)
    if drawn is None:
        raise Http404
    return safely(photo_answer(request, drawn, "large"))
