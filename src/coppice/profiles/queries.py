"""Reads of profiles and of needs assessments: who said what, and what everybody says together."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from coppice.profiles.models import (
    OPEN_NEEDS,
    OPEN_OFFERS,
    Expertise,
    Introduction,
    IntroductionQuerySet,
    Need,
    NeedsAssessment,
    Telling,
)
from coppice.profiles.questions import CONFIDENCE, IMPORTANCE
from coppice.programs.models import (
    Enrollment,
    EnrollmentQuerySet,
    Organization,
    Program,
    providers_of,
)
from coppice.surveys.models import FEWEST_SHOWN, Wave
from coppice.surveys.queries import Given, Rate, shown
from engines.scoring import Gap, Opinion, may_be_shown, rank_gaps


def assessment_of(person: Any, *, assessment_id: int) -> NeedsAssessment:
    """Return an assessment of a program that the person runs; raises Http404 otherwise."""
    assessments = NeedsAssessment.objects.visible_to(person)
    return get_object_or_404(
        assessments.select_related("wave__program__provider", "wave__instrument"), pk=assessment_id
    )


def said_something(enrollment: Any) -> Q:
    """Say of rows whether a person of the roster, by an expression, has a need or an offer that stands."""
    needs = Need.objects.filter(enrollment=enrollment, state__in=OPEN_NEEDS)
    offers = Expertise.objects.filter(enrollment=enrollment, state__in=OPEN_OFFERS)
    return Q(Exists(needs)) | Q(Exists(offers))


def has_said_something(enrollment: Enrollment) -> bool:
    """Say whether somebody has a need or an offer that stands, in one query."""
    needs = Need.objects.filter(enrollment=enrollment, state__in=OPEN_NEEDS).values("pk")
    offers = Expertise.objects.filter(enrollment=enrollment, state__in=OPEN_OFFERS).values("pk")
    return needs.union(offers, all=True).exists()


def introductions_of(program: Program) -> IntroductionQuerySet:
    """Return the introductions of a program, those that wait first, then the latest."""
    waits = Case(When(state=Introduction.State.PROPOSED, then=0), default=1)
    rows = program.introductions.select_related("need__topic", "need__enrollment", "offer__topic")
    return rows.select_related("offer__enrollment").order_by(waits, "-pk")


def open_tellings_of(program: Program) -> QuerySet[Telling]:
    """Return what staff have yet to tell people whom no mail about an introduction reaches."""
    people = [f"{side}__enrollment__person" for side in ("introduction__need", "introduction__offer")]
    topics = ("introduction__need__topic", "introduction__offer__topic")
    rows = Telling.objects.filter(introduction__program=program, told_at=None, enrollment__ended_at=None)
    return rows.select_related("enrollment__person", "introduction__program", *topics, *people)


def telling_of(person: Any, *, telling_id: int) -> Telling:
    """Return what staff of its program tell somebody; raises Http404 otherwise."""
    tellings = Telling.objects.filter(introduction__program__provider__in=providers_of(person))
    return get_object_or_404(
        tellings.select_related("introduction__program", "enrollment__person"), pk=telling_id
    )


def counts_by_state(program: Program) -> dict[str, int]:
    """Return how many introductions a program has in each state, in one query."""
    rows = program.introductions.order_by().values_list("state").annotate(Count("pk"))
    return dict.fromkeys(Introduction.State.values, 0) | dict(rows)


def people_with_counts(program: Program, *, sought: str = "") -> EnrollmentQuerySet:
    """Return a roster by name, each with how many needs and offers of theirs stand; in two queries.

    `sought` is a part of a name or an address.
    """
    people = program.enrollments.current().prefetch_related("organizations")
    if sought:
        people = people.filter(Q(name__icontains=sought) | Q(email__icontains=sought))
    return people.annotate(
        need_count=_count_of(Need.objects.filter(state__in=OPEN_NEEDS)),
        offer_count=_count_of(Expertise.objects.filter(state__in=OPEN_OFFERS)),
    )


def _count_of(said: QuerySet[Any]) -> Coalesce:
    """How many of these rows an enrollment has, as a column."""
    counted = said.filter(enrollment=OuterRef("pk")).order_by().values("enrollment")
    return Coalesce(Subquery(counted.annotate(number=Count("pk")).values("number")), 0)


def assessments_with_rates(program: Program) -> list[tuple[NeedsAssessment, Rate]]:
    """Return the assessments of a program, the latest first, each with how many answered; in one query."""
    assessments = (
        NeedsAssessment.objects.filter(wave__program=program)
        .select_related("wave__program")
        .annotate(
            asked=Count("wave__participants"),
            answered=Count("wave__participants", filter=Q(wave__participants__has_answered=True)),
        )
        .order_by("-wave__opened_at", "-pk")
    )
    return [(assessment, Rate(assessment.answered, assessment.asked)) for assessment in assessments]


@dataclass(frozen=True)
class OfOrganization:
    """The gaps of one organization, of which at least five people answered."""

    organization: Organization
    people: int
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class Results:
    """What an assessment says: gaps by topic, the largest first, in all and by organization.

    Empty while it may not be shown. `answered` counts those whose answers are in it.
    """

    answered: int = 0
    gaps: tuple[Gap, ...] = ()
    organizations: list[OfOrganization] = field(default_factory=list)


def results_of(assessment: NeedsAssessment, *, language: str) -> Results:
    """Return what an assessment says, as far as it may be shown; topics are called as they were asked."""
    wave = assessment.wave
    given = shown(wave)
    names = _topics_of(wave, language)
    opinions = [(each, opinion) for each in given for opinion in _opinions_of(each, names)]
    gaps = rank_gaps((opinion for _given, opinion in opinions), fewest=FEWEST_SHOWN)
    return Results(len(given), gaps, _by_organization(given, opinions))


def _topics_of(wave: Wave, language: str) -> dict[str, str]:
    document = wave.instrument.document
    asked = next(question for question in document.questions if question.key == IMPORTANCE)
    return {choice.key: document.say(choice.text, language) for choice in asked.choices}


def _opinions_of(given: Given, names: dict[str, str]) -> Iterator[Opinion]:
    """One person's opinion of each topic of which they said both."""
    importance, confidence = given.answers.get(IMPORTANCE, {}), given.answers.get(CONFIDENCE, {})
    for key, name in names.items():
        if key in importance and key in confidence:
            yield Opinion(str(given.person), name, importance[key], confidence[key])


def _by_organization(
    given: Sequence[Given], opinions: Sequence[tuple[Given, Opinion]]
) -> list[OfOrganization]:
    """Return the gaps of each organization that may be shown beside those of all.

    Somebody is counted in one organization alone. A topic shows where at least five of the organization, and
    none or at least five of the rest, spoke of it.
    """
    answered = Counter(each.organization for each in given if each.organization is not None)
    by_topic: dict[str, Counter[str]] = defaultdict(Counter)
    totals: Counter[str] = Counter()
    for each, opinion in opinions:
        totals[opinion.topic] += 1
        if each.organization is not None:
            by_topic[opinion.topic][str(each.organization)] += 1
    seen = {
        topic: may_be_shown(counts, total=totals[topic], fewest=FEWEST_SHOWN)
        for topic, counts in by_topic.items()
    }
    said: dict[int, list[Opinion]] = defaultdict(list)
    for each, opinion in opinions:
        if str(each.organization) in seen.get(opinion.topic, ()):
            said[each.organization or 0].append(opinion)
    organizations = Organization.objects.in_bulk(said)
    return sorted(
        (
            OfOrganization(organizations[pk], answered[pk], rank_gaps(opinions_here, fewest=FEWEST_SHOWN))
            for pk, opinions_here in said.items()
        ),
        key=lambda each: each.organization.name.casefold(),
    )
