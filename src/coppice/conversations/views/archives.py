"""An archive from elsewhere comes into a community's conversations: sent, shown, brought in, taken back."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.communities.models import Community
from coppice.conversations import queries
from coppice.conversations.actions import archive_breaks
from coppice.conversations.actions import archives as actions
from coppice.conversations.actions.archive_returning import came_of, touched_since
from coppice.conversations.archive_forms import ArchiveForm, ColumnsForm, PeopleForm
from coppice.conversations.archive_writers import suggested, writers_of
from coppice.conversations.circle import circle_of
from coppice.conversations.errors import DatesUnclear, WrongPiece
from coppice.conversations.import_models import Archive
from coppice.conversations.importing.values import Reason
from coppice.conversations.permissions import (
    can_bring_in,
    can_deal_with,
    can_read_post,
    can_see_archive,
    can_send_pieces,
)
from coppice.history.middleware import without_receipt
from coppice.lib import progress as told
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.ui.progress import Progress

State = Archive.State
OFFSET = "Upload-Offset"
LONGEST_NUMBER = 15
WRITERS_SHOWN = 50
PAST_SHOWN = 20
CAME_SHOWN = 5
DOING = {
    State.READING: gettext_lazy("The file is about to be read."),
    State.BRINGING: gettext_lazy("Its conversations are about to be brought in."),
    State.RETURNING: gettext_lazy("What it brought is about to be taken back."),
}
DONE_BY = {
    State.READING: {"reading", "joining"},
    State.BRINGING: {"bringing"},
    State.RETURNING: {"returning"},
}


# GET, POST /communities/<id>/talk/archives/
@without_receipt
@access(can_bring_in, on=queries.talk_of)
@require_http_methods(["GET", "HEAD", "POST"])
def archives(request: HttpRequest, community: Community) -> HttpResponse:
    """Send a file: its pieces came by `begin` and `piece`, or the form carries it whole."""
    form = ArchiveForm(request.POST, request.FILES) if request.method == "POST" else ArchiveForm()
    if request.method == "POST" and form.is_valid():
        key, file = form.cleaned_data["key"], form.cleaned_data["file"]
        try:
            if file is not None:
                return redirect(actions.take(community, file, key=key, by=request.user))
        except DomainError as refusal:
            form.add_error("file", str(refusal.sentence))
        else:
            came = (
                community.archives.filter(key=key, by=request.user.pk).exclude(state=State.ARRIVING).first()
            )
            if came is not None:
                return redirect(came)
            form.add_error("file", _("Choose a file."))
    context = {
        "community": community,
        "tab": "talk",
        "form": form,
        "past": community.archives.exclude(state=State.ARRIVING).order_by("-pk")[:PAST_SHOWN],
    }
    return render(request, "conversations/archives.html", context, status=422 if form.errors else 200)


# POST /communities/<id>/talk/archives/uploads/  {"name", "size", "marks"}
@access(can_bring_in, on=queries.talk_of)
@require_POST
def begin(request: HttpRequest, community: Community) -> HttpResponse:
    """Announce a file; the answer says where its pieces go, and how much of it is here."""
    size = request.POST.get("size", "")
    if not size.isdecimal() or len(size) > LONGEST_NUMBER:
        return JsonResponse({"sentence": _("Choose a file.")}, status=422)
    try:
        archive = actions.begin(
            community,
            name=request.POST.get("name", ""),
            size=int(size),
            marks=request.POST.get("marks", ""),
            by=request.user,
        )
    except DomainError as refusal:
        return JsonResponse({"code": refusal.code, "sentence": str(refusal.sentence)}, status=422)
    return JsonResponse(_state(archive), status=201)


# GET, POST /talk-uploads/<key>/
@access(can_send_pieces, on=queries.upload_of)
@require_http_methods(["GET", "HEAD", "POST"])
def piece(request: HttpRequest, archive: Archive) -> HttpResponse:
    """Say how much of a file is here; a POST brings the bytes that follow, from `Upload-Offset` on."""
    if request.method != "POST":
        return JsonResponse(_state(archive))
    offset = request.headers.get(OFFSET, "")
    if not offset.isdecimal() or len(offset) > LONGEST_NUMBER:
        return JsonResponse({"sentence": str(WrongPiece.sentence)}, status=422)
    try:
        return JsonResponse(_state(actions.append(archive, request.body, offset=int(offset))))
    except WrongPiece as refusal:
        archive.refresh_from_db()
        state = _state(archive) | {"code": refusal.code, "sentence": str(refusal.sentence)}
        return JsonResponse(state, status=409)


# GET /talk-archives/<id>/
@access(can_see_archive, on=queries.archive_of)
@require_safe
def archive(request: HttpRequest, archive: Archive) -> HttpResponse:
    """What a file holds, how far its job is, or what came of it."""
    context: dict[str, Any] = {
        "community": archive.community,
        "tab": "talk",
        "archive": archive,
        "may_deal": can_deal_with(request.user, archive),
        "left_out": _left_out(archive),
    }
    if archive.state == State.PREVIEWED:
        lines = writers_of(archive)
        context["writers"] = Paginator(lines, WRITERS_SHOWN).get_page(request.GET.get("page"))
        context["maybe"] = [line for line in lines if line.maybe]
    elif archive.state == State.ASKING:
        context["form"] = ColumnsForm(archive=archive)
    elif archive.is_at_work:
        context["job"] = _job(archive)
    elif archive.state == State.BROUGHT:
        context["came"] = came_of(archive)[:CAME_SHOWN]
    return render(request, "conversations/archive.html", context)


# GET /talk-archives/<id>/progress/
@access(can_see_archive, on=queries.archive_of)
@require_safe
def progress(request: HttpRequest, archive: Archive) -> HttpResponse:
    """How far the job is; a page that asks again and again is loaded anew once it is done."""
    if not archive.is_at_work and request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": archive.get_absolute_url()})
    return render(request, "ui/progress.html", {"job": _job(archive)})


# POST /talk-archives/<id>/columns/
@access(can_deal_with, on=queries.archive_of)
@require_POST
def columns(request: HttpRequest, archive: Archive) -> HttpResponse:
    """Say what the columns of a table hold."""
    form = ColumnsForm(request.POST, archive=archive)
    if not form.is_valid():
        messages.error(request, _("Choose again what the columns say."))
        return redirect(archive)
    try:
        actions.say_columns(archive, columns=form.columns, day_first=form.cleaned_data.get("day_first"))
    except DomainError as refusal:
        if archive.state != State.ASKING:
            messages.error(request, str(refusal.sentence))
            return redirect(archive)
        form.add_error("day_first" if isinstance(refusal, DatesUnclear) else None, str(refusal.sentence))
        context = {"community": archive.community, "tab": "talk", "archive": archive, "form": form}
        return render(request, "conversations/archive.html", context | {"may_deal": True}, status=422)
    return redirect(archive)


# POST /talk-archives/<id>/posts/
@access(can_deal_with, on=queries.archive_of)
@require_POST
def bringing(request: HttpRequest, archive: Archive) -> HttpResponse:
    """Bring in what the preview showed."""
    form = PeopleForm(request.POST, suggested=suggested(writers_of(archive)))
    try:
        actions.bring_in(archive, people=form.people, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal.sentence))
    return redirect(archive)


# GET, POST /talk-archives/<id>/posts/removal/
@access(can_deal_with, on=queries.archive_of)
@require_http_methods(["GET", "HEAD", "POST"])
def returning(request: HttpRequest, archive: Archive) -> HttpResponse:
    """Take back what an archive brought; the page says before what goes and what stays."""
    if request.method == "POST":
        try:
            actions.take_back(archive, by=request.user)
        except DomainError as refusal:
            messages.error(request, str(refusal.sentence))
        return redirect(archive)
    is_broken = archive.state == State.BROKEN and archive.has_brought
    if archive.state != State.BROUGHT and not is_broken:
        return redirect(archive)
    kept = touched_since(archive)
    context = {
        "community": archive.community,
        "tab": "talk",
        "archive": archive,
        "posts": archive.brought.exclude(post__thread__in=kept.values("pk")).count(),
        "kept": kept.count(),
    }
    return render(request, "conversations/archive_returning.html", context)


# POST /talk-archives/<id>/removal/
@access(can_deal_with, on=queries.archive_of)
@require_POST
def removal(request: HttpRequest, archive: Archive) -> HttpResponse:
    """Throw away a file that nobody brought in."""
    try:
        actions.throw_away(archive)
    except DomainError as refusal:
        messages.error(request, str(refusal.sentence))
        return redirect(archive)
    messages.success(request, _("The file is thrown away. Nothing of it was brought in."))
    return redirect("conversations:archives", archive.community_id)


# POST /talk-archives/<id>/attempts/
@access(can_deal_with, on=queries.archive_of)
@require_POST
def another_try(request: HttpRequest, archive: Archive) -> HttpResponse:
    """Go on with an archive that an error of ours stopped."""
    try:
        archive_breaks.try_again(archive, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal.sentence))
    return redirect(archive)


# GET /posts/<id>/original/
@access(can_read_post, on=queries.original_of)
@require_safe
def original(request: HttpRequest, post: Any) -> HttpResponse:
    """All of what a post said in its archive, with quotes and signature."""
    context = {
        "community": post.community,
        "tab": "talk",
        "post": post,
        "name": circle_of(post.community).called(post.author_id, written=post.author_name),
        "original": post.brought.original,
    }
    return render(request, "conversations/original.html", context)


def _state(archive: Archive) -> dict[str, Any]:
    return {
        "key": archive.key,
        "address": reverse("conversations:archive_piece", args=[archive.key]),
        "offset": archive.received,
        "size": archive.size,
        "whole": archive.received == archive.size,
    }


def _left_out(archive: Archive) -> list[tuple[str, int]]:
    """Why something is left out, in words, and how much."""
    numbers = archive.counts.get("left_out", {})
    return [(str(reason.label), numbers[reason]) for reason in Reason if numbers.get(reason)]


def _job(archive: Archive) -> Progress:
    url = reverse("conversations:archive_progress", args=[archive.pk])
    if not archive.is_at_work:
        return Progress(
            state="done",
            doing=_("This is done."),
            url=url,
            next_url=archive.get_absolute_url(),
            next_label=_("Go on"),
        )
    step = told.read(actions.progress_key(archive.pk))
    if step is None or step.doing not in DONE_BY[State(archive.state)]:
        return Progress(state="waiting", doing=DOING[State(archive.state)], url=url)
    return Progress(state="running", doing=_words(step), url=url, done=step.done, total=step.total or None)


def _words(step: told.Step) -> str:
    if step.doing == "reading":
        count = ngettext("%(count)s post read", "%(count)s posts read", step.done) % {"count": step.done}
        return _("Reading the file: %(count)s.") % {"count": count}
    if step.doing == "joining":
        return _("Finding out what belongs to one conversation.")
    if step.doing == "bringing":
        return _("Bringing posts in.")
    return _("Taking conversations back.")
