"""Reads of practices that several doors use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import get_object_or_404

from coppice.communities.models import Community, Membership
from coppice.lib.lines import one_line
from coppice.library.practice_models import (
    Practice,
    PracticeQuerySet,
    PracticeReview,
    PracticeTopic,
    PracticeTrial,
    PracticeVersion,
    PracticeVoice,
)
from coppice.library.queries import A_PAGE, TOPICS_SHOWN
from coppice.library.topics import key_of

ENDINGS = ("pdf", "docx", "md")
"""How a practice can be taken away, by the end of its file's name."""
UNFINISHED_SHOWN = 60


@dataclass(frozen=True)
class PracticeFile:
    """A practice as it is taken away; `ending` is one of ENDINGS."""

    practice: Practice
    ending: str

    @property
    def community(self) -> Community:
        return self.practice.community


def practice_of(person: Any, *, practice_id: int) -> Practice:
    """Return a practice that the person may know of; raises Http404 otherwise.

    It knows by `newest_number` its newest version (None before it is published), and by `reviewed_by` the
    name of who found it ready last.
    """
    ready = PracticeReview.objects.filter(practice=OuterRef("pk"), is_ready=True, membership__isnull=False)
    rows = (
        practices()
        .visible_to(person)
        .annotate(
            newest_number=Max("versions__number"),
            reviewed_by=Subquery(ready.values("membership__enrollment__name")[:1]),
        )
    )
    return get_object_or_404(rows, pk=practice_id)


def file_of(person: Any, *, practice_id: int, ending: str) -> PracticeFile:
    """Return a practice to take away; raises Http404 for one that is not the person's to know of."""
    if ending not in ENDINGS:
        raise Http404
    return PracticeFile(practice_of(person, practice_id=practice_id), ending)


def practice_version_of(person: Any, *, practice_id: int, number: int) -> PracticeVersion:
    """Return what a practice said once, to whoever may know of it; raises Http404 otherwise."""
    practice = practice_of(person, practice_id=practice_id)
    version = get_object_or_404(practice.versions.select_related("added_by__enrollment"), number=number)
    version.practice = practice
    return version


def practices() -> PracticeQuerySet:
    """Return practices with all that a page says of one."""
    return Practice.objects.select_related(
        "community__program__provider", "community__plan_frame", "added_by__enrollment"
    )


@dataclass(frozen=True)
class PracticesWanted:
    """What of a community's practices somebody looks for, as it stands in the address."""

    words: str = ""
    kind: str = ""
    topic: str = ""

    @classmethod
    def from_address(cls, query: Mapping[str, str]) -> "PracticesWanted":
        """Read it from a query string; what makes no sense there is left out."""
        kind = query.get("kind", "")
        return cls(
            words=one_line(query.get("q", ""))[:200],
            kind=kind if kind in Practice.Kind.values else "",
            topic=key_of(query.get("topic", "")[:200]),
        )

    @property
    def condition(self) -> Q:
        """What a practice that is looked for fulfils; every one where nothing is."""
        wanted = Q(pk__isnull=False)
        if self.kind:
            wanted &= Q(kind=self.kind)
        if self.topic:
            wanted &= Q(pk__in=PracticeTopic.objects.filter(key=self.topic).values("practice"))
        for word in self.words.split()[:8]:
            topics = PracticeTopic.objects.filter(key__contains=key_of(word)).values("practice")
            answers = (Q(**{f"{name}__icontains": word}) for name in ("title", "context", "done", "came"))
            found = Q(pk__in=topics)
            for answer in answers:
                found |= answer
            wanted &= found
        return wanted

    @property
    def is_narrow(self) -> bool:
        return bool(self.words or self.kind or self.topic)


@dataclass(frozen=True)
class PracticeLine:
    """One practice of a list, its topics, and how many tried it."""

    practice: Practice
    topics: Sequence[str]
    tried: int


@dataclass(frozen=True)
class PracticeShelf:
    """A community's practices as their page shows them; `in_all` counts those that are published."""

    topics: Sequence[tuple[str, str, int]]
    page: Page
    lines: Sequence[PracticeLine]
    in_all: int
    waiting: Sequence[Practice]
    drafts: Sequence[Practice]
    aside: Sequence[Practice]


def shelf_of(community: Community, person: Any, wanted: PracticesWanted, *, page: str) -> PracticeShelf:
    """Return what of a community's practices is looked for, and what is not out yet, in five queries."""
    out = Practice.objects.filter(community=community).out()
    counted: dict[str, list[Any]] = {}
    of_each: dict[int, list[str]] = {}
    words = PracticeTopic.objects.filter(practice__in=out).order_by("pk")
    for practice_id, key, name in words.values_list("practice", "key", "name"):
        counted.setdefault(key, [name, 0])[1] += 1
        of_each.setdefault(practice_id, []).append(name)
    most = sorted(counted.items(), key=lambda pair: (-pair[1][1], pair[0]))[:TOPICS_SHOWN]
    shown = Paginator(found_in(community, wanted), A_PAGE).get_page(page)
    others = practices().filter(community=community).visible_to(person).exclude(state__in=Practice.OUT)
    unfinished = list(others.newest_first()[:UNFINISHED_SHOWN])
    return PracticeShelf(
        topics=[(key, name, count) for key, (name, count) in most],
        page=shown,
        lines=[PracticeLine(each, of_each.get(each.pk, []), each.tried) for each in shown],
        in_all=out.count() if wanted.is_narrow else shown.paginator.count,
        waiting=[
            each for each in unfinished if each.state in {Practice.State.ASKED, Practice.State.REVIEWED}
        ],
        drafts=[each for each in unfinished if each.state == Practice.State.DRAFT],
        aside=[each for each in unfinished if each.state == Practice.State.ASIDE],
    )


def found_in(community: Community, wanted: PracticesWanted) -> Any:
    """Return the published practices that are looked for, newest first; `tried` is how many tried it."""
    rows = practices().filter(community=community).out().filter(wanted.condition)
    tried = PracticeTrial.objects.filter(practice=OuterRef("pk")).order_by().values("practice")
    counts = Coalesce(Subquery(tried.annotate(count=Count("pk")).values("count")), 0)
    return rows.annotate(tried=counts).order_by("-published_at", "-pk")


@dataclass(frozen=True)
class People:
    """Who has to do with a practice: whose story it is and who tried it; names only of who said yes."""

    named: Sequence[str]
    voices: Sequence[PracticeVoice]
    trials: Sequence[PracticeTrial]
    own_voice: PracticeVoice | None
    own_trial: PracticeTrial | None

    @property
    def waits(self) -> bool:
        """Whether publishing waits for somebody's answer."""
        return any(each.is_waiting() for each in self.voices)

    @property
    def is_refused(self) -> bool:
        """Whether somebody does not want it told."""
        return any(each.answer == PracticeVoice.Answer.NO for each in self.voices)


def people_of(practice: Practice, member: Membership | None) -> People:
    """Return who has to do with a practice, and what is the member's own, in two queries."""
    voices = list(practice.voices.select_related("membership__enrollment", "membership__person"))
    trials = list(practice.trials.select_related("membership__enrollment")) if practice.is_out else []
    pk = member.pk if member else None
    return People(
        named=[str(each.membership.enrollment) for each in voices if each.answer == each.Answer.NAMED],
        voices=voices,
        trials=trials,
        own_voice=next((each for each in voices if each.membership_id == pk), None),
        own_trial=next((each for each in trials if each.membership_id == pk), None),
    )


def members_to_name(community: Community) -> list[Membership]:
    """Return whose story a practice of this community can be: its members, by name; in one query."""
    rows = Membership.objects.taking_part().filter(community=community)
    return list(rows.select_related("person", "enrollment").order_by("enrollment__name", "pk"))
