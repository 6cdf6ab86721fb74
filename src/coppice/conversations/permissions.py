"""Who may read and write in a community's threads."""

from typing import Any

from coppice.communities.models import Community
from coppice.conversations.circle import circle_of
from coppice.conversations.import_models import Archive
from coppice.conversations.models import Attachment, Post, Thread
from coppice.conversations.places import Place


def can_talk_in(person: Any, community: Community) -> bool:
    """Say whether this person may read what a community talks about: its members and program staff."""
    return circle_of(community).has(person.pk)


def can_start(person: Any, community: Community) -> bool:
    """Say whether this person may begin a thread: who may read here and is not stopped; while it lives."""
    return community.ended_at is None and circle_of(community).writes(person.pk)


def can_read(person: Any, thread: Thread) -> bool:
    """Say whether this person may read a thread."""
    return can_talk_in(person, thread.community)


def can_reply(person: Any, thread: Thread) -> bool:
    """Say whether this person may write in a thread, as `can_start` says for a new one; once it is out.

    Where it is locked, only who leads.
    """
    community = thread.community
    if thread.is_held or community.ended_at is not None:
        return False
    return circle_of(community).writes(person.pk, is_locked=thread.locked_at is not None)


def can_lead_talk(person: Any, community: Community) -> bool:
    """Say whether this person leads the community or runs its program."""
    return circle_of(community).leads(person.pk)


def can_moderate(person: Any, community: Community) -> bool:
    """Say whether this person may see what waits for a decision: who leads, unless they are stopped."""
    return can_lead_talk(person, community) and not circle_of(community).is_stopped(person.pk)


def can_bring_in(person: Any, community: Community) -> bool:
    """Say whether this person may bring in what people wrote elsewhere: who leads and writes here."""
    return can_start(person, community) and can_lead_talk(person, community)


def can_see_archive(person: Any, archive: Archive) -> bool:
    """Say whether this person may look at an archive that came in: who leads or runs the program."""
    return can_lead_talk(person, archive.community)


def can_deal_with(person: Any, archive: Archive) -> bool:
    """Say whether this person may bring an archive in, throw it away or take it back, as `can_bring_in`."""
    return can_bring_in(person, archive.community)


def can_send_pieces(person: Any, archive: Archive) -> bool:
    """Say whether this person may send the rest of an archive: who began, as `can_deal_with`."""
    return archive.by_id == person.pk and can_deal_with(person, archive)


def can_keep(person: Any, thread: Thread) -> bool:
    """Say whether this person may correct a thread's title and kind, and say that it is settled.

    That is who began it, and who leads; while the community lives.
    """
    if not can_reply(person, thread):
        return False
    return thread.started_by_id == person.pk or can_lead_talk(person, thread.community)


def can_read_post(person: Any, post: Post) -> bool:
    """Say whether this person may read a post and what it said before.

    That is who may read here; where it is hidden, its author and who decides about it.
    """
    if not can_talk_in(person, post.community):
        return False
    return post.can_be_read or (post.has_words and (post.author_id == person.pk or can_decide(person, post)))


def can_react(person: Any, post: Post) -> bool:
    """Say whether this person may react to a post and quote it: who may write in its conversation."""
    return post.can_be_read and can_reply(person, post.thread)


def can_change(person: Any, post: Post) -> bool:
    """Say whether this person may change a post: whoever wrote it, where they may write."""
    return post.author_id == person.pk and can_react(person, post)


def can_take_back(person: Any, post: Post) -> bool:
    """Say whether this person may take a post back: whoever wrote it, while the community lives.

    Also when it is hidden, when its conversation is locked, and when they only read for a while: their words
    stay theirs.
    """
    if post.author_id != person.pk or not post.has_words:
        return False
    return post.community.ended_at is None and can_talk_in(person, post.community)


def can_decide(person: Any, post: Post) -> bool:
    """Say whether this person may hide a post, show it again, and let a first one out: see the circle."""
    circle = circle_of(post.community)
    return post.taken_back_at is None and circle.decides(person.pk, author_id=post.author_id)


def can_flag(person: Any, post: Post) -> bool:
    """Say whether this person may ask whoever leads to look at a post: who reads it and did not write it."""
    return post.can_be_read and post.author_id != person.pk and can_talk_in(person, post.community)


def can_open(person: Any, attachment: Attachment) -> bool:
    """Say whether this person may open a file: who may read its post."""
    return can_read_post(person, attachment.post)


def can_unflag(person: Any, post: Post) -> bool:
    """Say whether this person may take back a flag of theirs: who reads here and did not write the post."""
    return post.author_id != person.pk and can_talk_in(person, post.community)


def can_meet(person: Any, place: Place) -> bool:
    """Say whether this person may see what they may do about another one: who reads here, not of themself."""
    return can_talk_in(person, place.community) and place.person_id != person.pk


def can_stop(person: Any, place: Place) -> bool:
    """Say whether this person may stop another one from writing: who decides about what they write.

    Staff of the program are stopped by nobody.
    """
    circle = circle_of(place.community)
    if place.person_id in circle.staff or not circle.has(place.person_id):
        return False
    return circle.decides(person.pk, author_id=place.person_id)


def can_split(person: Any, post: Post) -> bool:
    """Say whether this person may move a post into a conversation of its own: who leads, while it lives."""
    return post.can_be_read and can_start(person, post.community) and can_lead_talk(person, post.community)


def can_arrange(person: Any, thread: Thread) -> bool:
    """Say whether this person may lock and pin a conversation: who leads, while the community lives."""
    return can_start(person, thread.community) and can_lead_talk(person, thread.community)


def can_write_conduct(person: Any, community: Community) -> bool:
    """Say whether this person may write the code of conduct anew: who leads, while the community lives."""
    return can_start(person, community) and can_lead_talk(person, community)
