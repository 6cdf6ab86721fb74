"""Flagging posts, hiding them and showing them again, letting first posts out; each step can be undone."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.communities.models import Community
from coppice.conversations import finding
from coppice.conversations import moderation_notices as notices
from coppice.conversations.actions.holding import note, tell_author, tell_deciders
from coppice.conversations.actions.posts import recount, untell, untell_quotations
from coppice.conversations.circle import circle_of
from coppice.conversations.errors import NoReason, NotTheirs, PostIsGone, TalkIsOver
from coppice.conversations.models import Post, Thread
from coppice.conversations.moderation_models import Flag, HeldPost, TalkRules
from coppice.conversations.moderation_queue import is_out
from coppice.conversations.reading_models import Draft
from coppice.history.actions import record
from coppice.lib.jobs import after_commit


@transaction.atomic
def flag(post: Post, *, by: Any, reason: str, words: str = "") -> Flag:
    """Ask whoever decides to look at a post; said again, it takes the place of what was said before.

    The history keeps that it was flagged and never by whom. Raises PostIsGone.
    """
    post = _locked(post)
    if not post.can_be_read:
        raise PostIsGone
    said = {"reason": Flag.Reason(reason), "words": words.strip()}
    flag, is_new = Flag.objects.update_or_create(post=post, flagged_by=by, decided_at=None, defaults=said)
    if is_new:
        note("post.flagged", post, by=None)
        tell_deciders(post.community)
    return flag


@transaction.atomic
def unflag(post: Post, *, by: Any) -> None:
    """Take back one's own flag, as long as nobody has decided about it."""
    count, _rows = Flag.objects.filter(post=post, flagged_by=by, decided_at=None).delete()
    if count:
        note("post.unflagged", post, by=None)


@transaction.atomic
def hide(post: Post, *, by: Any, reason: str) -> Post:
    """Hide a post with a reason, which its author gets by mail and the others read in its place.

    Mails and lines of digests that hold it and have not left yet do not leave; flags of it are decided.
    Hiding it once more only changes the reason. Raises NoReason, NotTheirs, PostIsGone.
    """
    post = _to_decide(post, by=by)
    if not is_out(post):
        return answer(post, by=by, reason=reason)
    post.hidden_reason = _said(reason)
    post.hidden_at, post.hidden_by = post.hidden_at or timezone.now(), by
    if untell(post):
        post.told_at = None  # who was not told is told once it is shown again
    post.save(update_fields=["hidden_at", "hidden_reason", "hidden_by", "told_at"])
    _decide_flags(post, by=by, decision=Flag.Decision.HIDDEN)
    Draft.objects.filter(quoted=post).update(quoted=None, quoted_text="")
    untell_quotations(post)
    recount(post.thread)
    finding.changed(post)
    note("post.hidden", post, by=by)
    tell_author(post, what=notices.HIDDEN)
    return post


@transaction.atomic
def put_back(post: Post, *, by: Any) -> Post:
    """Show a hidden post again; who was not told of it yet is told. Raises NotTheirs, PostIsGone."""
    post = _to_decide(post, by=by)
    if post.hidden_at is None:
        return post
    if not is_out(post):
        return approve(post, by=by)
    _show(post)
    note("post.put_back", post, by=by)
    tell_author(post, what=notices.PUT_BACK)
    return post


@transaction.atomic
def leave(post: Post, *, by: Any) -> None:
    """Leave a flagged post as it is. Raises NotTheirs, PostIsGone."""
    post = _to_decide(post, by=by)
    if _decide_flags(post, by=by, decision=Flag.Decision.LEFT):
        note("post.left", post, by=by)


@transaction.atomic
def look_again(post: Post, *, by: Any) -> None:
    """Put a post whose flags were left back into the queue. Raises NotTheirs, PostIsGone."""
    post = _to_decide(post, by=by)
    latest = Flag.objects.filter(post=post, decision=Flag.Decision.LEFT).order_by("-decided_at").first()
    if latest is None:
        return
    again = set(Flag.objects.filter(post=post, decided_at=None).values_list("flagged_by", flat=True))
    flags = Flag.objects.filter(post=post, decided_at=latest.decided_at).exclude(flagged_by__in=again)
    flags.update(decided_at=None, decided_by=None, decision="")
    note("post.look_again", post, by=by)


@transaction.atomic
def approve(post: Post, *, by: Any) -> Post:
    """Let a first post out, dated now, for it is new to everybody now.

    Raises NotTheirs, PostIsGone, TalkIsOver.
    """
    post = _to_decide(post, by=by)
    if post.community.ended_at is not None:
        raise TalkIsOver
    if not _decide_held(post, by=by, state=HeldPost.State.APPROVED):
        return post
    post.written_at = timezone.now()
    _show(post)
    note("post.approved", post, by=by)
    tell_author(post, what=notices.APPROVED)
    return post


@transaction.atomic
def answer(post: Post, *, by: Any, reason: str) -> Post:
    """Keep a first post back, with an answer to its author that nobody else reads.

    Raises NoReason, NotTheirs, PostIsGone.
    """
    post = _to_decide(post, by=by)
    said = _said(reason)
    if _decide_held(post, by=by, state=HeldPost.State.ANSWERED):
        post.hidden_reason, post.hidden_by = said, by
        post.save(update_fields=["hidden_reason", "hidden_by"])
        note("post.answered", post, by=by)
        tell_author(post, what=notices.ANSWERED)
    return post


@transaction.atomic
def hold_first_posts(community: Community, *, by: Any, wanted: bool) -> None:
    """Say whether first posts wait in a community; what waits already waits on."""
    rules, _is_new = TalkRules.objects.get_or_create(community=community)
    if rules.holds_first_posts == wanted:
        return
    rules.holds_first_posts = wanted
    rules.save(update_fields=["holds_first_posts"])
    record(
        "talk.first_posts_held" if wanted else "talk.first_posts_free",
        scope=community.program.scope,
        by=by,
        subject=community,
    )


def _locked(post: Post) -> Post:
    Thread.objects.select_for_update().get(pk=post.thread_id)
    posts = Post.objects.select_for_update(of=("self",))
    return posts.select_related("thread", "author", "community__program__provider").get(pk=post.pk)


def _to_decide(post: Post, *, by: Any) -> Post:
    post = _locked(post)
    if not post.has_words:
        raise PostIsGone
    if not circle_of(post.community).decides(by.pk, author_id=post.author_id):
        raise NotTheirs
    post.thread.community = post.community
    return post


def _said(reason: str) -> str:
    if not reason.strip():
        raise NoReason
    return reason.strip()


def _show(post: Post) -> None:
    post.hidden_at, post.hidden_reason, post.hidden_by = None, "", None
    post.save(update_fields=["hidden_at", "hidden_reason", "hidden_by", "written_at"])
    recount(post.thread)
    finding.changed(post)
    if post.told_at is None and post.community.ended_at is None:
        after_commit("coppice.conversations.tasks.tell", post_id=post.pk)


def _decide_flags(post: Post, *, by: Any, decision: str) -> int:
    flags = Flag.objects.filter(post=post, decided_at=None)
    return flags.update(decided_at=timezone.now(), decided_by=by, decision=decision)


def _decide_held(post: Post, *, by: Any, state: str) -> int:
    held = HeldPost.objects.filter(post=post).exclude(state__in=(state, HeldPost.State.APPROVED))
    return held.update(state=state, decided_at=timezone.now(), decided_by=by)
