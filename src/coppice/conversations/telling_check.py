"""Which lines of a digest about conversations are still worth telling, and how several are counted."""

from collections.abc import Collection, Mapping, Sequence

from django.utils.translation import ngettext

from coppice.communities.models import Membership
from coppice.conversations.distance import pairs_of
from coppice.conversations.models import Post
from coppice.conversations.reading_models import TalkReading, ThreadReading
from coppice.lib.ids import id_in
from coppice.lib.markdown import to_words
from coppice.notifications import tellings
from coppice.notifications.models import Line
from coppice.programs.models import Staff


def register() -> None:
    """Let digests ask; called from AppConfig.ready()."""
    tellings.check("thread", worth)
    tellings.say_anew("thread", reworded)
    tellings.count_as("post", counted)


def counted(number: int) -> str:
    """Return words for several posts of one conversation."""
    return ngettext("%(count)s new post", "%(count)s new posts", number) % {"count": number}


def reworded(lines: Sequence[Line]) -> Mapping[int, tellings.Rewording]:
    """Return what lines say of posts that were changed since they were written, or whose thread was.

    In two queries, for however many.
    """
    by_post = {line.pk: _post_id(line) for line in lines}
    posts = Post.objects.select_related("thread").in_bulk(set(by_post.values()))
    changed = [post.pk for post in posts.values() if post.edited_at is not None]
    named = Post.objects.named().filter(pk__in=changed) if changed else ()
    names: dict[int, str] = {post.pk: post.called for post in named}  # type: ignore[attr-defined]
    said = {}
    for line in lines:
        post = posts.get(by_post[line.pk])
        if post is None:
            continue
        words = line.words
        if post.edited_at is not None and post.edited_at > line.at:
            words = f"{names.get(post.pk, '')}: {to_words(post.markdown)}"
        said[line.pk] = tellings.Rewording(title=str(post.thread), words=words)
    return said


def _post_id(line: Line) -> int:
    return id_in(line.occasion.partition(":")[2])


def worth(lines: Sequence[Line]) -> Collection[int]:
    """Return the keys of lines whose post its reader may still read and has not read yet; in six queries.

    Nothing of a conversation that they muted meanwhile, unless it needs their answer; nothing of somebody
    of whom they want to hear less.
    """
    by_post = {line.pk: _post_id(line) for line in lines}
    posts = Post.objects.visible().select_related("community__program").in_bulk(set(by_post.values()))
    people = {line.person_id for line in lines}
    communities = {post.community_id for post in posts.values()}
    threads = {post.thread_id for post in posts.values()}
    members = set(
        Membership.objects.taking_part()
        .filter(person__in=people, community__in=communities)
        .values_list("person_id", "community_id")
    )
    staff = set(Staff.objects.active().filter(person__in=people).values_list("person_id", "provider_id"))
    readings = ThreadReading.objects.filter(person__in=people, thread__in=threads).values_list(
        "person_id", "thread_id", "read_until", "muted_at"
    )
    read, muted = {}, set()
    for person, thread, until, muted_at in readings:
        read[person, thread] = until
        if muted_at is not None:
            muted.add((person, thread))
    all_read = {
        (person, community): until
        for person, community, until in TalkReading.objects.filter(
            person__in=people, community__in=communities
        ).values_list("person_id", "community_id", "read_until")
    }
    away = pairs_of(people, communities)
    kept = []
    for line in lines:
        post = posts.get(by_post[line.pk])
        if post is None:
            continue
        person, community = line.person_id, post.community
        if (person, post.thread_id) in muted and line.section != Line.Section.ANSWER:
            continue
        may_read = (person, community.pk) in members or (person, community.program.provider_id) in staff
        moments = [read.get((person, post.thread_id)), all_read.get((person, community.pk))]
        if (person, community.pk, post.author_id) in away:
            continue
        if may_read and all(each is None or each < post.written_at for each in moments):
            kept.append(line.pk)
    return kept
