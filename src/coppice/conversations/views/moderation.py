"""Flagging a post, the queue of whoever leads, hiding and showing again, first posts."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.communities.models import Community
from coppice.conversations import moderation_queue, queries
from coppice.conversations.actions import moderation as actions
from coppice.conversations.circle import circle_of
from coppice.conversations.models import Post
from coppice.conversations.moderation_forms import FlagForm, HidingForm
from coppice.conversations.moderation_models import Flag
from coppice.conversations.permissions import can_decide, can_flag, can_moderate, can_unflag
from coppice.conversations.remark_board import remark_queue
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.lib.markdown import to_html
from coppice.ui.toasts import offer_undo


# GET /communities/<id>/talk/queue/
@access(can_moderate, on=queries.talk_of)
@require_safe
def queue(request: HttpRequest, community: Community) -> HttpResponse:
    waiting, words = moderation_queue.queue(community, request.user), remark_queue(community, request.user)
    context = {
        "community": community,
        "tab": "talk",
        "waiting": waiting,
        "words_waiting": words.waiting,
        "count": len(waiting) + len(words.waiting),
        "decided": moderation_queue.decided(community, request.user),
        "words_decided": words.decided,
        "rules": moderation_queue.rules_of(community),
    }
    return render(request, "conversations/queue.html", context)


# POST /communities/<id>/talk/first-posts/
@access(can_moderate, on=queries.talk_of)
@require_POST
def first_posts(request: HttpRequest, community: Community) -> HttpResponse:
    """Say whether first posts of new people wait for a yes."""
    wanted = request.POST.get("wanted") == "yes"
    actions.hold_first_posts(community, by=request.user, wanted=wanted)
    said = _("First posts wait from now on.") if wanted else _("First posts are posted at once from now on.")
    messages.success(request, said)
    return redirect("conversations:queue", community.pk)


# GET, POST /posts/<id>/flag/
@access(can_flag, on=queries.post_of)
@require_http_methods(["GET", "HEAD", "POST"])
def flagging(request: HttpRequest, post: Post) -> HttpResponse:
    """Ask whoever decides to look at a post."""
    mine = Flag.objects.filter(post=post, flagged_by=request.user.pk, decided_at=None).first()
    if request.method == "POST":
        form = FlagForm(request.POST)
        if form.is_valid():
            actions.flag(post, by=request.user, **form.cleaned_data)
            offer_undo(
                request,
                _("Flagged. Whoever decides looks at it."),
                url=reverse("conversations:unflagging", args=[post.pk]),
            )
            return redirect(post)
    else:
        form = FlagForm(initial={"reason": mine.reason, "words": mine.words} if mine else None)
    is_of_leader = circle_of(post.community).is_leader(post.author_id)
    context = _about(post) | {
        "form": form,
        "mine": mine,
        "to_staff": is_of_leader,
        "unflag_url": reverse("conversations:unflagging", args=[post.pk]),
    }
    return render(request, "conversations/flagging.html", context, status=422 if form.errors else 200)


# POST /posts/<id>/flag/removal/
@access(can_unflag, on=queries.post_of)
@require_POST
def unflagging(request: HttpRequest, post: Post) -> HttpResponse:
    """Take one's own flag back."""
    actions.unflag(post, by=request.user)
    messages.success(request, _("The flag is taken back."))
    return redirect(post)


# GET, POST /posts/<id>/hiding/
@access(can_decide, on=queries.post_of)
@require_http_methods(["GET", "HEAD", "POST"])
def hiding(request: HttpRequest, post: Post) -> HttpResponse:
    """Hide a post with a reason; keep a first one back with an answer."""
    is_first = not moderation_queue.is_out(post)
    form = HidingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.hide(post, by=request.user, reason=form.cleaned_data["reason"])
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            offer_undo(
                request,
                _("Kept back, and answered.") if is_first else _("Hidden, and its author is told why."),
                url=reverse(f"conversations:{'approval' if is_first else 'showing'}", args=[post.pk]),
            )
            return redirect("conversations:queue", post.community_id)
    context = _about(post) | {
        "form": form,
        "is_first": is_first,
        "heading": _("Answer and keep it back") if is_first else _("Hide this post"),
        "about": post.thread,
        "reason_now": post.hidden_reason,
    }
    return render(request, "conversations/hiding.html", context, status=422 if form.errors else 200)


# POST /posts/<id>/hiding/removal/
@access(can_decide, on=queries.post_of)
@require_POST
def showing(request: HttpRequest, post: Post) -> HttpResponse:
    """Show a hidden post again."""
    return _decided(request, post, actions.put_back, _("It is shown again, and its author is told."))


# POST /posts/<id>/approval/
@access(can_decide, on=queries.post_of)
@require_POST
def approval(request: HttpRequest, post: Post) -> HttpResponse:
    """Let a first post out."""
    return _decided(request, post, actions.approve, _("Posted, and its author is told."))


# POST /posts/<id>/flags/decision/
@access(can_decide, on=queries.post_of)
@require_POST
def leaving(request: HttpRequest, post: Post) -> HttpResponse:
    """Leave a flagged post as it is."""
    undo = reverse("conversations:looking_again", args=[post.pk])
    return _decided(request, post, actions.leave, _("Left as it is."), undo=undo)


# POST /posts/<id>/flags/decision/removal/
@access(can_decide, on=queries.post_of)
@require_POST
def looking_again(request: HttpRequest, post: Post) -> HttpResponse:
    """Put a post that was left as it is back into the queue."""
    return _decided(request, post, actions.look_again, _("It waits for a decision again."))


def _decided(request: HttpRequest, post: Post, act: Any, said: str, *, undo: str = "") -> HttpResponse:
    try:
        act(post, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        if undo:
            offer_undo(request, said, url=undo)
        else:
            messages.success(request, said)
    return redirect("conversations:queue", post.community_id)


def _about(post: Post) -> dict[str, Any]:
    circle = circle_of(post.community)
    return {
        "community": post.community,
        "tab": "talk",
        "post": post,
        "thread": post.thread,
        "name": circle.called(post.author_id, written=post.author_name),
        "html": to_html(post.markdown),
        "back_url": post.get_absolute_url(),
    }
