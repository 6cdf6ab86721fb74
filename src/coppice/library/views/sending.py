"""Files on their way in: by pieces, as a module of ours sends them, or whole by an ordinary form."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coppice.communities.models import Community, Membership
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.lib.lines import one_line
from coppice.library.actions import uploads
from coppice.library.errors import NotWhole, WrongPlace
from coppice.library.models import Upload
from coppice.library.permissions import adding_as, can_add, owns_upload
from coppice.library.queries import library_of, upload_of

OFFSET = "Upload-Offset"
LONGEST_NUMBER = 15


# POST /communities/<id>/library/uploads/  {"name", "size", "marks"}
@access(can_add, on=library_of)
@require_POST
def begin(request: HttpRequest, community: Community) -> HttpResponse:
    """Announce a file; the answer says where its pieces go, and how much of it is here."""
    membership = adding_as(request.user, community)
    size = request.POST.get("size", "")
    if not size.isdecimal() or len(size) > LONGEST_NUMBER or membership is None:
        return JsonResponse({"sentence": _("Choose a file.")}, status=422)
    try:
        upload = uploads.begin(
            membership,
            name=request.POST.get("name", ""),
            size=int(size),
            marks=request.POST.get("marks", ""),
        )
    except DomainError as refused:
        return _refusal(refused, status=422)
    return JsonResponse(_state(upload), status=201)


# GET, POST /library-uploads/<key>/
@access(owns_upload, on=upload_of)
@require_http_methods(["GET", "HEAD", "POST"])
def piece(request: HttpRequest, upload: Upload) -> HttpResponse:
    """Say how much of a file is here; a POST brings the bytes that follow, from `Upload-Offset` on."""
    if request.method != "POST":
        return JsonResponse(_state(upload))
    offset = request.headers.get(OFFSET, "")
    if not offset.isdecimal() or len(offset) > LONGEST_NUMBER:
        return _refusal(WrongPlace(), status=422, upload=upload)
    try:
        return JsonResponse(_state(uploads.append(upload, request.body, offset=int(offset))))
    except WrongPlace as refused:
        upload.refresh_from_db()
        return _refusal(refused, status=409, upload=upload)
    except DomainError as refused:
        return _refusal(refused, status=422)


# POST /library-uploads/<key>/removal/
@access(owns_upload, on=upload_of)
@require_POST
def removal(request: HttpRequest, upload: Upload) -> HttpResponse:
    """Give a file up that did not arrive."""
    uploads.give_up(upload)
    messages.success(request, _("What was here of it is thrown away."))
    return redirect("library:add_file", upload.membership.community_id)


def file_sent(form: forms.Form, *, by: Membership) -> Upload | None:
    """Return the file of a form: what it carries, or what its key names; None with an error in the form."""
    form.is_valid()
    key, file = one_line(form.data.get("key", ""))[:40], form.files.get("file")
    refusal: Any = None
    try:
        if file is not None:
            form.upload = uploads.take(by, file, key=key)  # type: ignore[attr-defined]
        else:
            form.upload = by.uploads.filter(key=key).first() if key else None  # type: ignore[attr-defined]
    except DomainError as refused:
        refusal = refused.sentence
    upload = getattr(form, "upload", None)
    if upload is None:
        form.add_error("file", str(refusal or _("Choose a file.")))
    elif not upload.is_whole:
        form.add_error("file", str(NotWhole.sentence))
    else:
        data: Any = form.data.copy()  # type: ignore[attr-defined]
        data["key"] = upload.key
        form.data = data
        return upload
    return None


def _state(upload: Upload) -> dict[str, Any]:
    return {
        "key": upload.key,
        "address": reverse("library:piece", args=[upload.key]),
        "offset": upload.received,
        "size": upload.size,
        "whole": upload.is_whole,
    }


def _refusal(refused: DomainError, *, status: int, upload: Upload | None = None) -> JsonResponse:
    state = _state(upload) if upload else {}
    return JsonResponse({**state, "code": refused.code, "sentence": str(refused.sentence)}, status=status)
