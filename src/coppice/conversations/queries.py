"""Reads of threads that several doors use."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import (
    BigAutoField,
    Case,
    Count,
    DateTimeField,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from coppice.communities.models import Community, Membership
from coppice.communities.queries import known_community
from coppice.communities.tabs import hand_counts, with_counts, with_counts_for
from coppice.communities.talk_ways import Trace, with_traces
from coppice.conversations.circle import circle_of
from coppice.conversations.import_models import Archive, Brought
from coppice.conversations.models import Attachment, Post, Thread
from coppice.conversations.moderation_queue import count_rows, is_out
from coppice.conversations.places import Place
from coppice.conversations.reading_models import Draft, TalkReading
from coppice.lib.ids import id_or_nobodys
from coppice.lib.questions import Given, Question, the_one

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""Until when somebody has read who never said so and is no member: nothing is new to them."""


def talk_of(person: Any, *, community_id: int) -> Community:
    """Return a community that the person may know of, with its circle; raises Http404 otherwise."""
    given = {"person": person.pk, "community": id_or_nobodys(community_id), "now": timezone.now()}
    return the_one(TALK.ask_for(Community, **given))


TALK = Question(lambda: known_community().select_related("talk_rules"))


def as_source(person: Any, community: Community, thread_id: int) -> Trace | None:
    """Name a conversation for the room in which something came of it, where the person may read it."""
    thread = Thread.objects.visible_to(person).filter(community=community, pk=thread_id).first()
    if thread is None:
        return None
    return Trace(label=thread.title, told="", url=thread.get_absolute_url())


def thread_of(person: Any, *, thread_id: int) -> Any:
    """Return a thread that the person may know of, with `read_at` and `muted_at` of theirs.

    It knows by `has_draft` whether they have begun a reply, and by `has_traces` whether something came of it
    elsewhere. Raises Http404 otherwise. Its community knows its circle, in which whoever muted the thread is
    muted.
    """
    given = {"person": person.pk, "thread": id_or_nobodys(thread_id), "now": timezone.now()}
    thread: Any = the_one(THREAD.ask_for(Thread, **given))
    hand_counts(thread, thread.community)
    circle_of(thread.community, thread_id=thread.pk)
    first = None if thread.post_count else thread.posts.select_related("held").in_order().first()
    if first is not None:
        first.community, thread.is_held = thread.community, not is_out(first)
        _require_out(first, person)
    return thread


def _thread() -> QuerySet[Any, Any]:
    number = BigAutoField()
    person = Given("person", number)
    known = Community.objects.visible_to_given(person).values("pk")
    threads = Thread.objects.filter(pk=Given("thread", number), community__in=known)
    begun = Draft.objects.filter(thread=OuterRef("pk"), person=person)
    threads = with_traces(threads.annotate(has_draft=Exists(begun)))
    place = Subquery(Thread.objects.filter(pk=Given("thread", number)).values("community")[:1])
    threads = with_counts_for(
        as_read_by(threads, person), person, community=place, now=Given("now", DateTimeField())
    )
    return threads.select_related(
        "community__program__provider", "community__plan_frame", "community__talk_rules", "topic"
    )


THREAD = Question(_thread)


def place_of(person: Any, *, community_id: int, person_id: int) -> Place:
    """Return somebody who is or was in a community that the person may know of; raises Http404 otherwise."""
    community = talk_of(person, community_id=community_id)
    someone = circle_of(community).people.get(person_id)
    if someone is None or not (someone.is_in or someone.state == Membership.State.LEFT):
        raise Http404
    return Place(community, person_id, someone.name)


def post_of(person: Any, *, post_id: int) -> Post:
    """Return a post in a community that the person may know of; raises Http404 otherwise."""
    post = the_one(POST.ask_for(Post, person=person.pk, post=id_or_nobodys(post_id), now=timezone.now()))
    hand_counts(post, post.community)
    post.thread.community = post.community
    _require_out(post, person)
    return post


def _post() -> QuerySet[Any, Any]:
    number = BigAutoField()
    person = Given("person", number)
    known = Community.objects.visible_to_given(person).values("pk")
    posts = Post.objects.filter(pk=Given("post", number), community__in=known)
    posts = posts.select_related("thread", "community__program__provider", "author", "held")
    place = Subquery(Post.objects.filter(pk=Given("post", number)).values("community")[:1])
    return with_counts_for(posts, person, community=place, now=Given("now", DateTimeField()))


POST = Question(_post)


def attachment_of(person: Any, *, attachment_id: int) -> Attachment:
    """Return a file of a post in a community that the person may know of; raises Http404 otherwise."""
    files = Attachment.objects.select_related(
        "picture", "post__thread", "post__held", "post__community__program__provider"
    )
    attachment = get_object_or_404(files, pk=attachment_id)
    if not Post.objects.visible_to(person).filter(pk=attachment.post_id).exists():
        raise Http404
    _require_out(attachment.post, person)
    return attachment


def archive_of(person: Any, *, archive_id: int) -> Archive:
    """Return an archive of a community that the person may know of; raises Http404 otherwise."""
    archives = Archive.objects.visible_to(person).select_related("community__program__provider", "by")
    archive = get_object_or_404(with_counts(archives, person, community="community"), pk=archive_id)
    hand_counts(archive, archive.community)
    return archive


def upload_of(person: Any, *, key: str) -> Archive:
    """Return an archive on its way in, by its key, as `archive_of` does."""
    archives = Archive.objects.visible_to(person).select_related("community__program__provider")
    return get_object_or_404(archives, key=key)


def original_of(person: Any, *, post_id: int) -> Post:
    """Return a post that says less than it said in its archive; raises Http404 for any other.

    So too where the rest may quote what can be read no more.
    """
    post = post_of(person, post_id=post_id)
    if post.may_quote_gone or not Brought.objects.filter(post=post).exclude(original="").exists():
        raise Http404
    return post


def picture_of(person: Any, *, attachment_id: int, size: str) -> Attachment:
    """Return a file that is a picture, as `attachment_of` does."""
    attachment = attachment_of(person, attachment_id=attachment_id)
    if not hasattr(attachment, "picture"):
        raise Http404
    return attachment


def count_new(person: Any, community: Community) -> int:
    """Return in how many threads of a community something is new to a person, in one query.

    To those are added the posts about which they have to decide.
    """
    if not person.is_authenticated:
        return 0
    return sum(
        count for (count,) in WAITING.ask(person=person.pk, community=community.pk, now=timezone.now())
    )


def draft_of(person: Any, community: Community, thread: Thread | None = None) -> Draft | None:
    """Return what somebody has begun to write here, with the post that it quotes."""
    if thread is not None:
        return next(iter(REPLY.ask_for(Draft, person=person.pk, thread=thread.pk)), None)
    return next(iter(BEGUN.ask_for(Draft, person=person.pk, community=community.pk)), None)


def _drafts(**place: Given | None) -> QuerySet[Draft]:
    drafts = Draft.objects.filter(person=Given("person", BigAutoField()), **place)
    return drafts.select_related("quoted")


BEGUN = Question(lambda: _drafts(community=Given("community", BigAutoField()), thread=None))
REPLY = Question(lambda: _drafts(thread=Given("thread", BigAutoField())))


def _require_out(post: Post, person: Any) -> None:
    """Raise Http404 where a post waits for a yes, and is neither the person's nor theirs to let out."""
    if is_out(post) or post.author_id == person.pk:
        return
    if not circle_of(post.community).leads(person.pk):
        raise Http404


IS_NEW = Q(news_at__gt=F("read_at"), muted_at=None, post_count__gt=0)


def as_read_by(threads: Any, person: Any, *, community: Any = None) -> Any:
    """Threads with `read_at`, until when a person has read each, and `muted_at`.

    Where all are of one `community`, SQLite looks once for what holds for the whole of it.
    """
    community = community or OuterRef("community")
    joined = Membership.objects.taking_part().filter(community=community, person=person)
    everything = TalkReading.objects.filter(community=community, person=person)
    return threads.annotate(
        reading=FilteredRelation("readings", condition=Q(readings__person=person)),
        since=Coalesce(
            Subquery(everything.values("read_until")[:1]),
            Subquery(joined.values("joined_at")[:1]),
            Value(NEVER),
            output_field=DateTimeField(),
        ),
        read_at=Case(
            When(reading__read_until__gt=F("since"), then=F("reading__read_until")),
            # Whoever runs the program has said nothing of the whole: what they read themselves counts.
            When(Q(since=NEVER, reading__read_until__isnull=False), then=F("reading__read_until")),
            default=F("since"),
            output_field=DateTimeField(),
        ),
        muted_at=F("reading__muted_at"),
    )


def new_column(community: Any, person: Any, _now: Any) -> Combinable:
    """Return as a column in how many threads of a row's community something is new to a person."""
    whole = None if isinstance(community, OuterRef) else community
    threads = (
        as_read_by(Thread.objects.filter(community=community), person, community=whole)
        .filter(IS_NEW)
        .order_by()
        .values("community")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return Coalesce(Subquery(threads, output_field=IntegerField()), 0)


def _waiting() -> QuerySet[Any, Any]:
    number = BigAutoField()
    community = Given("community", number)
    new = (
        as_read_by(Thread.objects.filter(community=community), Given("person", number), community=community)
        .filter(IS_NEW)
        .order_by()
        .values("community")
        .annotate(number=Count("pk"))
        .values_list("number")
    )
    return new.union(*count_rows(), all=True).order_by()


WAITING = Question(_waiting)
