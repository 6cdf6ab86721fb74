"""Real rows for the tests of conversations and of the rooms above."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from coppice.communities.models import Community, Membership
from coppice.communities.tests.factories import add_member, make_community
from coppice.conversations.actions import decisions, posts
from coppice.conversations.actions.decisions import OptionWords
from coppice.conversations.actions.posts import Words
from coppice.conversations.decision_models import Decision
from coppice.conversations.import_models import Archive, ArchiveLine, Brought, Writer
from coppice.conversations.models import Post, Thread


def make_circle(*names: str, community: Community | None = None) -> list[Membership]:
    """Members of one community, called so; the first leads."""
    community = community or make_community(name="Rural transport")
    roles = [Membership.Role.LEADER] + [Membership.Role.MEMBER] * len(names)
    return [add_member(community, name, role=role) for name, role in zip(names, roles, strict=False)]


def begin(
    membership: Membership,
    title: str = "Who drives on Sundays?",
    markdown: str = "We need two people.",
    kind: str = Thread.Kind.QUESTION,
    **words: Any,
) -> Thread:
    """A conversation that a member began."""
    topic = words.pop("topic", None)
    return posts.start(
        membership.community,
        by=membership.person,
        kind=kind,
        title=title,
        topic=topic,
        words=Words(markdown, **words),
    )


def say(thread: Thread, membership: Membership, markdown: str = "I can.", **words: Any) -> Post:
    """What a member replied."""
    return posts.reply(thread, by=membership.person, words=Words(markdown, **words))


def open_decision(
    thread: Thread,
    question: str = "Do we do it?",
    *,
    by: Any = None,
    options: Sequence[str] = (),
    **asked: Any,
) -> Decision:
    """A decision in a thread that closes in a week."""
    kind = asked.pop("kind", Decision.Kind.ONE)
    if not options and kind != Decision.Kind.CONSENT:
        options = ["Yes", "No"]
    return decisions.open_decision(
        thread,
        by=by or thread.started_by,
        kind=kind,
        question=question,
        closes_at=asked.pop("closes_at", timezone.now() + timedelta(days=7)),
        time_zone=asked.pop("time_zone", "UTC"),
        options=[OptionWords(each) for each in options],
        **asked,
    )


def furnish_archives(thread: Thread, leader: Membership, canary: str) -> dict[str, Any]:
    """An archive on its way, one previewed and one brought in, whose words are those of who began a thread.

    Returns what addresses name of them: by argument, and by page where it is another one.
    """
    community, given = thread.community, {"by": leader.person, "kind": "mail", "size": 1}
    coming, seen, brought = (
        Archive.objects.create(
            community=community,
            key=f"{canary}-{state}",
            name=f"{canary}.mbox",
            state=state,
            counts={"posts": 1, "threads": 1, "people": 1, "brought": 1, "left_out": {"empty": 2}},
            **given,
        )
        for state in (Archive.State.ARRIVING, Archive.State.PREVIEWED, Archive.State.BROUGHT)
    )
    writer = Writer.objects.create(
        community=community, digest=canary, name=f"{canary} writer", person=thread.started_by
    )
    ArchiveLine.objects.create(
        archive=seen,
        writer=writer,
        source_key=canary,
        title=f"{canary} subject",
        markdown=f"{canary} mail",
        original=f"{canary} whole mail",
        written_at=timezone.now(),
    )
    post = thread.posts.in_order()[0]
    Brought.objects.create(archive=brought, post=post, writer=writer, original=f"{canary} original")
    return {"archive_id": seen.pk, "archive_returning": brought.pk, "key": coming.key}
