"""How far somebody has read, what they want to hear no more of, and what they have begun to write."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coppice.communities.models import Community
from coppice.conversations import queries
from coppice.conversations.actions import readings as actions
from coppice.conversations.forms import DraftForm
from coppice.conversations.models import Thread
from coppice.conversations.permissions import can_read, can_reply, can_start, can_talk_in
from coppice.history.middleware import without_receipt
from coppice.lib.access import access
from coppice.ui.toasts import offer_undo


# POST /threads/<id>/reading/
@access(can_read, on=queries.thread_of)
@require_POST
def reading(request: HttpRequest, thread: Any) -> HttpResponse:
    """Keep that a thread is read up to where the page ended; with scripts the page says so itself."""
    actions.read(thread, by=request.user, until=_moment(request.POST.get("until", "")))
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "conversations/read.html")
    messages.success(request, _("Marked as read."))
    return redirect("conversations:threads", thread.community_id)


# POST /communities/<id>/talk/reading/
@access(can_talk_in, on=queries.talk_of)
@require_POST
def all_read(request: HttpRequest, community: Community) -> HttpResponse:
    """Keep that everything is read."""
    actions.read_all(community, by=request.user)
    messages.success(request, _("Everything is marked as read."))
    return redirect("conversations:threads", community.pk)


# POST /threads/<id>/mute/
@access(can_read, on=queries.thread_of)
@require_POST
def muting(request: HttpRequest, thread: Any) -> HttpResponse:
    """Hear no more of a thread."""
    actions.mute(thread, by=request.user)
    offer_undo(
        request,
        _("You hear no more of this, unless somebody names you."),
        url=reverse("conversations:unmuting", args=[thread.pk]),
    )
    return redirect(thread)


# POST /threads/<id>/mute/removal/
@access(can_read, on=queries.thread_of)
@require_POST
def unmuting(request: HttpRequest, thread: Any) -> HttpResponse:
    """Hear of a thread again."""
    actions.unmute(thread, by=request.user)
    messages.success(request, _("You hear of this again."))
    return redirect(thread)


# POST /communities/<id>/talk/draft/
@without_receipt
@access(can_start, on=queries.talk_of)
@require_POST
def draft(request: HttpRequest, community: Community) -> HttpResponse:
    """Keep a conversation that is not begun yet."""
    return _keep(request, community, None, back=reverse("conversations:new", args=[community.pk]))


# POST /threads/<id>/draft/
@without_receipt
@access(can_reply, on=queries.thread_of)
@require_POST
def reply_draft(request: HttpRequest, thread: Any) -> HttpResponse:
    """Keep a reply that is not sent yet."""
    return _keep(request, thread.community, thread, back=f"{thread.get_absolute_url()}#reply")


def _keep(request: HttpRequest, community: Community, thread: Thread | None, *, back: str) -> HttpResponse:
    form = DraftForm(request.POST, thread=thread)
    form.is_valid()  # what cannot be read of it is left out
    said = form.cleaned_data
    if request.POST.get("drop"):
        actions.drop_draft(community, by=request.user, thread=thread)
        messages.success(request, _("The draft is gone."))
        return redirect(back)
    kept = actions.keep_draft(
        community,
        by=request.user,
        thread=thread,
        markdown=said.get("markdown", ""),
        title=said.get("title", ""),
        kind=said.get("kind", ""),
        quoted=said.get("quoted"),
        quoted_text=said.get("quoted_text", ""),
    )
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "conversations/draft_kept.html", {"draft": kept})
    messages.success(request, _("Kept as a draft. Only you see it."))
    return redirect(back)


def _moment(text: str) -> datetime | None:
    """Return the moment that a page ended with; None for any other words."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
