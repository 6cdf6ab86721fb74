"""A proposal as columns of people: read in few queries, and no more of it than a page shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from coppice.formation.facts import common_to, facts_of, missing_of, telling_fact, unsaid_of
from coppice.formation.models import Formation, Place, ProposedCommunity
from coppice.formation.queries import rows_of
from coppice.formation.rules import Answers, RosterRow, Rule, answers_of, rules_of
from coppice.formation.wording import rule_sentence
from coppice.programs.models import Enrollment

PEOPLE_ON_A_PAGE = 720
LEAST_COLUMNS = 6
PEOPLE_IN_A_COLUMN = 200
GOOD, FAIR = 80, 60


class Mark(StrEnum):
    """How well a community fares: the word beside its score, and the colour."""

    GOOD = "leaf"
    FAIR = "hazel"
    WEAK = "foxglove"


@dataclass(frozen=True, slots=True)
class Row:
    """One person in a column; `url` opens their place, `is_sought` marks whom a search found.

    `facts` is what the rules are about, in words; `missing` what they ask for that has no answer.
    """

    pk: int
    url: str
    name: str
    facts: str
    missing: str
    is_leader: bool
    is_locked: bool
    is_sought: bool


@dataclass(frozen=True)
class Column:
    """A proposed community with its people; `hidden` counts those that are too many to show.

    `fact` is what tells most of the people, `weakest` what it is worst at, in words ("" where all is well),
    `weakest_field` the same in as few words as there are: what the rule is about.
    """

    community: ProposedCommunity
    rows: list[Row]
    people_count: int
    locked_count: int
    fact: str
    weakest: str
    weakest_field: str
    weakest_percent: int | None

    @property
    def hidden(self) -> int:
        return self.people_count - len(self.rows)

    @property
    def percent(self) -> int | None:
        score = self.community.score
        return None if score is None else round(100 * score)

    @property
    def mark(self) -> Mark:
        return mark_of(self.percent)

    @property
    def is_weak_somewhere(self) -> bool:
        """Whether something aimed for is not well kept here."""
        return bool(self.weakest) and mark_of(self.weakest_percent) != Mark.GOOD

    @property
    def is_full(self) -> bool:
        return self.people_count >= self.community.maximum

    @property
    def is_kept(self) -> bool:
        """Whether everybody stays when the rest is worked out again."""
        return 0 < self.people_count == self.locked_count


def mark_of(percent: int | None) -> Mark:
    """Return how a score of 0 to 100 is marked; nothing to score is good."""
    if percent is None or percent >= GOOD:
        return Mark.GOOD
    return Mark.FAIR if percent >= FAIR else Mark.WEAK


def page_of(
    formation: Formation,
    communities: Sequence[ProposedCommunity],
    *,
    sought: str = "",
    number: str | None = None,
    showing: Place | None = None,
) -> Page:
    """Return a page of a formation's communities: as many as hold some hundred people.

    `sought` leaves those whose name, or one of whose people, has these letters. Without a `number` it is
    the page that holds the place `showing`.
    """
    if sought:
        holding = set(_sought(formation, sought).values_list("proposed_community", flat=True))
        letters = sought.casefold()
        communities = [each for each in communities if each.pk in holding or letters in each.name.casefold()]
    paginator = Paginator(communities, _columns_on_a_page(formation))
    if number is None and showing is not None:
        return paginator.get_page(number_of_page(formation, communities, showing.proposed_community_id))
    return paginator.get_page(number)


def number_of_page(formation: Formation, communities: Sequence[ProposedCommunity], pk: int) -> int:
    """Return on which page of all communities one (its id) stands; the first if it is none of them."""
    order = [each.pk for each in communities]
    return order.index(pk) // _columns_on_a_page(formation) + 1 if pk in order else 1


def needing_a_look(formation: Formation, communities: Sequence[ProposedCommunity]) -> list[ProposedCommunity]:
    """Return the communities in which a rule is broken, then those that score weakly, and the weakest anyway.

    The weakest first.
    """
    broken = {pk for each in formation.outcome["broken"] for pk in each["groups"]}
    scored = [(each, each.score) for each in communities if each.score is not None]
    lowest = min((score for _each, score in scored), default=0.0)
    weak = {each.pk for each, score in scored if score <= lowest or mark_of(round(100 * score)) == Mark.WEAK}
    found = [each for each in communities if each.pk in weak or str(each.pk) in broken]
    return sorted(found, key=lambda each: (str(each.pk) not in broken, each.score or 0))


def _columns_on_a_page(formation: Formation) -> int:
    return max(LEAST_COLUMNS, PEOPLE_ON_A_PAGE // formation.maximum)


def columns_of(
    formation: Formation,
    communities: Iterable[ProposedCommunity],
    *,
    sought: str = "",
    roster: Mapping[str, RosterRow] | None = None,
) -> list[Column]:
    """Return these communities with their people, leaders first, in three queries (four for a search).

    `roster` gives whoever has a place by enrollment id (text), where it was read already: two queries fewer.
    """
    communities = list(communities)
    places = formation.places.current().filter(proposed_community__in=communities)
    found = set(_sought(formation, sought).values_list("pk", flat=True)) if sought else set()
    if roster is None:
        people_here = Enrollment.objects.filter(places__in=places.values("pk"))
        roster = {str(row.pk): row for row in rows_of(people_here)}
    rules = rules_of(formation)
    unsaid = unsaid_of(formation, rules, roster.values())
    prefix = reverse("formation:place", args=[0]).removesuffix("0/")
    read: dict[int, list[tuple[Any, Answers]]] = {each.pk: [] for each in communities}
    nobody = str(Enrollment())
    values = places.order_by("-is_leader", "enrollment__name", "pk").values_list(
        "pk", "proposed_community_id", "enrollment_id", "is_leader", "is_locked", named=True
    )
    for each in values:
        read[each.proposed_community_id].append((each, answers_of(roster[str(each.enrollment_id)])))
    people = {pk: [answers for _place, answers in here] for pk, here in read.items()}
    common = {pk: common_to(here) for pk, here in people.items()}
    rows = {
        community: [
            Row(
                pk=each.pk,
                url=f"{prefix}{each.pk}/",
                name=roster[str(each.enrollment_id)].name or nobody,
                facts=" · ".join(facts_of(answers, rules, common=common[community])),
                missing=", ".join([*missing_of(answers, rules), *unsaid(roster[str(each.enrollment_id)])]),
                is_leader=each.is_leader,
                is_locked=each.is_locked,
                is_sought=each.pk in found,
            )
            for each, answers in here
        ]
        for community, here in read.items()
    }
    scores = formation.outcome.get("communities", {})
    return [
        Column(
            community=each,
            rows=sorted(rows[each.pk], key=lambda row: not row.is_sought)[:PEOPLE_IN_A_COLUMN],
            people_count=len(rows[each.pk]),
            locked_count=sum(row.is_locked for row in rows[each.pk]),
            fact=telling_fact(people[each.pk], rules),
            weakest=weakest_of(scores.get(str(each.pk), {}), rules),
            weakest_field=_weakest_field(scores.get(str(each.pk), {}), rules),
            weakest_percent=_lowest(scores.get(str(each.pk), {})),
        )
        for each in communities
    ]


def weakest_of(scores: Mapping[str, float], rules: Sequence[Rule]) -> str:
    """Return what a community is worst at, from scores (0 to 1) by the rule's place; "" where all is well."""
    worst = min(scores, key=lambda place: (scores[place], int(place)), default=None)
    if worst is None or round(100 * scores[worst]) >= 100 or int(worst) >= len(rules):
        return ""
    return _("%(rule)s: %(score)d") % {
        "rule": rule_sentence(rules[int(worst)]),
        "score": round(100 * scores[worst]),
    }


def _weakest_field(scores: Mapping[str, float], rules: Sequence[Rule]) -> str:
    """What the rule that `weakest_of` tells is about, in a word; the rule itself where that is no field."""
    worst = min(scores, key=lambda place: (scores[place], int(place)), default=None)
    if worst is None or int(worst) >= len(rules):
        return ""
    rule = rules[int(worst)]
    return rule.field_label if rule.field else rule_sentence(rule)


def _lowest(scores: Mapping[str, float]) -> int | None:
    return round(100 * min(scores.values())) if scores else None


def sought_count(formation: Formation, sought: str) -> int:
    """Return how many people have these letters in their name or their organization's."""
    return _sought(formation, sought).count()


def _sought(formation: Formation, sought: str) -> QuerySet[Place]:
    people = Enrollment.objects.filter(program=formation.program_id).filter(
        Q(name__icontains=sought) | Q(organizations__name__icontains=sought)
    )
    return formation.places.current().filter(enrollment__in=people.values("pk"))
