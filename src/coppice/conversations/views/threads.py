"""A community's conversations: the list, a new one, one with its posts, and whether it is answered."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.communities.models import Community
from coppice.communities.talk_ways import traces_of
from coppice.conversations import board, lists, queries
from coppice.conversations.actions import posts as post_actions
from coppice.conversations.actions import threads as actions
from coppice.conversations.circle import circle_of
from coppice.conversations.decision_board import in_thread, waiting_in
from coppice.conversations.forms import ReplyForm, SettlingForm, ThreadEditForm, ThreadForm
from coppice.conversations.keeping import keep_url
from coppice.conversations.models import LONGEST_QUOTE, Post, Thread
from coppice.conversations.moderation_queue import to_decide
from coppice.conversations.own_words import count_for
from coppice.conversations.permissions import (
    can_arrange,
    can_bring_in,
    can_keep,
    can_moderate,
    can_read,
    can_reply,
    can_start,
    can_talk_in,
)
from coppice.conversations.reading_models import Draft
from coppice.conversations.silence import why_silent
from coppice.history.middleware import without_receipt
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.lib.ids import id_in
from coppice.lib.markdown import to_words
from coppice.photos.limits import MANY, may_send_one_more
from coppice.ui.toasts import offer_undo


# GET /communities/<id>/talk/
@access(can_talk_in, on=queries.talk_of)
@require_safe
def threads(request: HttpRequest, community: Community) -> HttpResponse:
    kind, after = request.GET.get("kind", ""), request.GET.get("after", "")
    page = lists.talk(community, request.user, kind=kind, after=after)
    draft = queries.draft_of(request.user, community)
    context = {
        "community": community,
        "tab": "talk",
        "kind": kind,
        "kinds": board.kinds(),
        "after": after,
        "page": page,
        "why_silent": why_silent(request.user, community),
        "draft": draft,
        "waits": waiting_in(community, request.user),
        "can_start": can_start(request.user, community),
        "leads": (leads := can_moderate(request.user, community)),
        "waiting": to_decide(community, request.user) if leads else 0,
        "can_bring_in": can_bring_in(request.user, community),
        "own_words": count_for(request.user, community),
    }
    return render(request, "conversations/threads.html", context)


# GET, POST /communities/<id>/talk/new/
@without_receipt
@access(can_start, on=queries.talk_of)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, community: Community) -> HttpResponse:
    """Begin a conversation. Its files are read before any transaction begins; its key makes it one."""
    circle = circle_of(community)
    given: dict[str, Any] = {
        "circle": circle,
        "writer_id": request.user.pk,
        "program_id": community.program_id,
    }
    draft = queries.draft_of(request.user, community)
    if request.method == "POST":
        form = ThreadForm(request.POST, request.FILES, **given)
        if _may_send(request, form) and form.is_valid():
            try:
                thread = post_actions.start(
                    community,
                    by=request.user,
                    kind=form.cleaned_data["kind"],
                    title=form.cleaned_data["title"],
                    topic=form.cleaned_data["topic"],
                    words=_words(form),
                )
            except DomainError as refusal:
                form.add_error(None, refusal.sentence)
            else:
                post = thread.posts.in_order()[0]
                if thread.kind == Thread.Kind.DECISION and post.hidden_at is None:
                    messages.success(request, _("Posted. Now say how you decide it."))
                    return redirect("conversations:decision_new", thread.pk)
                messages.success(request, _said(post))
                return redirect(thread)
    else:
        form = ThreadForm(
            initial={
                "kind": (draft and draft.kind) or request.GET.get("kind", ""),
                "title": draft.title if draft else "",
                "markdown": draft.markdown if draft else "",
            },
            **given,
        )
    context = {
        "community": community,
        "tab": "talk",
        "form": form,
        "draft": draft,
        "audience": board.audience(circle, writer_id=request.user.pk),
        "others": circle.others(request.user.pk),
        "draft_url": reverse("conversations:draft", args=[community.pk]),
    }
    return render(request, "conversations/new.html", context, status=422 if form.errors else 200)


# GET /threads/<id>/
@access(can_read, on=queries.thread_of)
@require_safe
def thread(request: HttpRequest, thread: Any) -> HttpResponse:
    return _page(request, thread, form=None)


# POST /threads/<id>/posts/
@without_receipt
@access(can_reply, on=queries.thread_of)
@require_POST
def reply(request: HttpRequest, thread: Any) -> HttpResponse:
    """Write in a conversation, as `new` begins one."""
    form = ReplyForm(
        request.POST,
        request.FILES,
        thread=thread,
        circle=circle_of(thread.community),
        writer_id=request.user.pk,
    )
    if _may_send(request, form) and form.is_valid():
        try:
            post = post_actions.reply(thread, by=request.user, words=_words(form))
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _said(post))
            return redirect(post)
    return _page(request, thread, form=form)


# GET, POST /threads/<id>/title/
@access(can_keep, on=queries.thread_of)
@require_http_methods(["GET", "HEAD", "POST"])
def title(request: HttpRequest, thread: Any) -> HttpResponse:
    """Correct title, kind and topic."""
    kept = Thread.objects.select_related("community").get(pk=thread.pk)
    form = ThreadEditForm(request.POST if request.method == "POST" else None, instance=kept)
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct(thread, by=request.user, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("Saved."))
            return redirect(thread)
    context = {"community": thread.community, "tab": "talk", "thread": thread, "form": form}
    return render(request, "conversations/title.html", context, status=422 if form.errors else 200)


# POST /threads/<id>/answer/
@access(can_keep, on=queries.thread_of)
@require_POST
def settling(request: HttpRequest, thread: Any) -> HttpResponse:
    """Say that it is answered or helped, and by whom."""
    form = SettlingForm(request.POST, thread=thread, circle=circle_of(thread.community))
    if not form.is_valid():
        messages.error(request, _("Choose the post or the person again."))
        return redirect(thread)
    helper = form.cleaned_data["helper"]
    try:
        actions.settle(
            thread,
            by=request.user,
            post=form.cleaned_data["post"],
            helpers=[helper] if helper else [],
        )
    except DomainError as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        is_question = thread.kind == Thread.Kind.QUESTION
        said = _("Marked as answered.") if is_question else _("Marked as helped.")
        offer_undo(request, said, url=reverse("conversations:unsettling", args=[thread.pk]))
    return redirect(thread)


# POST /threads/<id>/answer/removal/
@access(can_keep, on=queries.thread_of)
@require_POST
def unsettling(request: HttpRequest, thread: Any) -> HttpResponse:
    """Take back that it is answered or helped."""
    actions.unsettle(thread, by=request.user)
    messages.success(request, _("It is open again."))
    return redirect(thread)


def _page(request: HttpRequest, thread: Any, *, form: ReplyForm | None) -> HttpResponse:
    community, circle = thread.community, circle_of(thread.community)
    may_reply = can_reply(request.user, thread)
    draft = queries.draft_of(request.user, community, thread) if may_reply and thread.has_draft else None
    if form is None and may_reply:
        form = _empty_reply(request, thread, draft)
    shown = board.board(
        thread, request.user, number=request.GET.get("page", ""), post_id=request.GET.get("post", "")
    )
    last = shown.lines[-1].post if shown.lines else None
    context = {
        "community": community,
        "tab": "talk",
        "thread": thread,
        "board": shown,
        "starter": circle.called(thread.started_by_id, written=thread.starter_name),
        "decisions": in_thread(thread, request.user),
        "traces": traces_of(request.user, community, thread.pk) if thread.has_traces else [],
        "form": form,
        "draft": draft,
        "may_reply": may_reply,
        "leads": circle.leads(request.user.pk),
        "may_take_back": community.ended_at is None,
        "may_keep": can_keep(request.user, thread),
        "may_arrange": can_arrange(request.user, thread),
        "why_silent": "" if may_reply else why_silent(request.user, community, thread),
        "audience": board.audience(circle, writer_id=request.user.pk),
        "others": shown.others,
        "may_have_helped": circle.others(thread.started_by_id),
        "read_until": last.written_at.isoformat() if last and last.written_at > thread.read_at else "",
        "draft_url": reverse("conversations:reply_draft", args=[thread.pk]),
        "keep_url": keep_url(thread, circle, request.user.pk),
    }
    is_wrong = form is not None and bool(form.errors)
    return render(request, "conversations/thread.html", context, status=422 if is_wrong else 200)


def _empty_reply(request: HttpRequest, thread: Any, draft: Draft | None) -> ReplyForm:
    """A form with what the person had begun, or with a part of the post that they want to quote."""
    initial: dict[str, Any] = {}
    if draft:
        initial = {"markdown": draft.markdown, "quoted": draft.quoted_id, "quoted_text": draft.quoted_text}
    if wanted := id_in(request.GET.get("quote", "")):
        quoted = Post.objects.visible().filter(thread=thread, pk=wanted).first()
        if quoted:
            initial |= {"quoted": quoted.pk, "quoted_text": to_words(quoted.markdown)[:LONGEST_QUOTE]}
    return ReplyForm(
        initial=initial, thread=thread, circle=circle_of(thread.community), writer_id=request.user.pk
    )


def _may_send(request: HttpRequest, form: Any) -> bool:
    """Say whether this person may send so many files now; the form says when not."""
    if request.FILES and not may_send_one_more(request, giver=f"person:{request.user.pk}"):
        form.add_error(None, MANY)
        return False
    return True


def _said(post: Post) -> str:
    return _("Posted.") if post.hidden_at is None else _("Written. It waits for whoever leads.")


def _words(form: Any) -> post_actions.Words:
    return post_actions.Words(
        markdown=form.cleaned_data["markdown"],
        quoted=form.cleaned_data.get("quoted"),
        quoted_text=form.cleaned_data.get("quoted_text", ""),
        mentions=form.people,
        files=form.given_files,
        source_key=form.key,
    )
