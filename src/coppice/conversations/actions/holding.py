"""Keeping a first post until whoever leads has read it, and telling them what waits, once a day at most."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.communities.models import Community
from coppice.conversations import moderation_notices as notices
from coppice.conversations.actions.telling import addresses
from coppice.conversations.circle import Circle, circle_of
from coppice.conversations.decision_words import Words, decides_about
from coppice.conversations.models import Post
from coppice.conversations.moderation_models import Flag, HeldPost
from coppice.conversations.remark_models import Remark, RemarkFlag
from coppice.history.actions import record
from coppice.notifications.models import Message


def hold(post: Post) -> HeldPost:
    """Keep a post that `must_wait` from everybody but its author and who decides; inside its transaction.

    Who wrote by mail hears of it by mail; who wrote on the page reads it there.
    """
    held = HeldPost.objects.create(post=post)
    note("post.held", post, by=None)
    if post.via == Post.Via.MAIL:
        tell_author(post, what=notices.WAITS)
    tell_deciders(post.community)
    return held


@transaction.atomic
def tell_deciders(community: Community) -> int:
    """Write to who decides that posts wait, and return to how many; nobody gets more than one mail a day.

    What is not told for that reason is told with the first call of the next day, if it waits still then.
    """
    circle, now = circle_of(community), timezone.now()
    day = timezone.localdate(timezone=community.zone).isoformat()
    occasion = f"to-decide:{community.pk}"
    told_today = set(
        Message.objects.filter(occasion=occasion, period=day).values_list("recipient", flat=True)
    )
    people: set[int] = set()
    for rows in (Flag.objects.open(), HeldPost.objects.waiting()):
        untold = rows.filter(post__community=community, told_at=None).select_related("post")
        told = []
        for row in untold:
            asked = _asked(circle, row.post)
            if not asked & told_today:
                people |= asked
                told.append(row.pk)
        rows.model.objects.filter(pk__in=told).update(told_at=now)
    flags = RemarkFlag.objects.open().filter(remark__community=community, told_at=None)
    waits = Remark.objects.waiting().filter(community=community, told_at=None)
    about: list[tuple[Remark | RemarkFlag, Remark]] = [
        (each, each.remark) for each in flags.select_related("remark__decision")
    ]
    about += [(each, each) for each in waits.select_related("decision")]
    for looked_at, remark in about:
        asked = _asked_about(circle, remark)
        if not asked & told_today:
            people |= asked
            type(looked_at).objects.filter(pk=looked_at.pk).update(told_at=now)
    readers = addresses(Post(community=community), people)
    for reader in readers:
        notices.to_decide(community, to=reader, occasion=occasion, period=day)
    return len(readers)


def tell_author(post: Post, *, what: str) -> None:
    """Write to whoever wrote a post what became of it (one of `moderation_notices.SAYS`)."""
    people = {post.author_id} if post.author_id else set()
    for reader in addresses(post, people):
        notices.to_author(post, what=what, to=reader, period=f"{timezone.now().timestamp():.6f}")


def tell_writer(words: Words, *, what: str, why: str = "") -> None:
    """Write to whoever wrote words of a decision what became of them, as `tell_author` does of a post.

    Not where they have no name: staff see the mails that did not arrive, and to whom they went.
    """
    people = {words.author_id} if words.author_id else set()
    for reader in addresses(Post(community=words.community), people):
        notices.to_writer(words, what=what, why=why, to=reader, period=f"{timezone.now().timestamp():.6f}")


def note(verb: str, post: Post, *, by: Any, **detail: Any) -> None:
    """Write an entry about a post without a word of it; inside the transaction of the change.

    It calls the thread by its kind, because its title may be another's word.
    """
    record(
        verb,
        scope=post.community.program.scope,
        by=by,
        subject=post.thread,
        called=str(post.thread.get_kind_display()),
        about=post.author,
        detail={"community": post.community_id, "post": post.pk, **detail},
    )


def _asked_about(circle: Circle, remark: Remark) -> set[int]:
    """Whom a mail asks to decide about words of a decision, as `_asked` does."""
    may = {each.person_id for each in circle.present if decides_about(circle, each.person_id, remark)}
    return {each for each in may if circle.is_leader(each) and not remark.is_nameless} or may


def _asked(circle: Circle, post: Post) -> set[int]:
    """Whom a mail asks to decide about a post: the leaders, and staff where no leader may."""
    may = {
        each.person_id for each in circle.present if circle.decides(each.person_id, author_id=post.author_id)
    }
    return {each for each in may if circle.is_leader(each)} or may
