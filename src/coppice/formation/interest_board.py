"""Reads of interests and of the profile board: how much topics interest people, and who agreed to be shown.

What was said of a topic that became part of another counts for that one; where of both, the higher word. Said
anew of the one that stands, that counts for all of them (`actions.say_interests`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from coppice.formation.market_board import Card, Chooser, Shown
from coppice.formation.models import Appearance, GuestInterest, Interest, Marketplace
from coppice.profiles.board import reach_of_program
from coppice.programs.models import Affiliation, Enrollment
from coppice.surveys.models import FEWEST_SHOWN

SAID = ("kind", "pk", "enrollment", "topic__name", "topic_said", "text")
"""Needs and offers as plain values, so that both are read by one query."""


@dataclass(frozen=True)
class Counted:
    """How many people said what of one topic; no figures where fewer than FEWEST_SHOWN said anything."""

    card: Card
    much: int
    perhaps: int
    no: int

    @property
    def people(self) -> int:
        return self.much + self.perhaps + self.no

    @property
    def is_told(self) -> bool:
        return self.people >= FEWEST_SHOWN


@dataclass(frozen=True)
class Topics:
    """The topics of a marketplace: names of those that stand, and what each became part of."""

    names: Mapping[int, str]
    roots: Mapping[int, int]


@dataclass
class PersonCard:
    """Somebody on the profile board: what they share with the whole program, and what interests them much."""

    enrollment: Enrollment
    offers: list[str] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)


def topics_of(marketplace: Marketplace) -> Topics:
    """Return which topics stand on a board and what became of the others, in one query."""
    rows = list(marketplace.topics.order_by("pk").values_list("pk", "name", "merged_into", "hidden_at"))
    return Topics(
        names={pk: name for pk, name, into, hidden_at in rows if into is None and hidden_at is None},
        roots=roots_of({pk: into for pk, _name, into, _hidden_at in rows}),
    )


def levels_of(chooser: Chooser) -> dict[int, int]:
    """Return how much topics interest somebody, by the id of what they are part of now, in one query."""
    return levels_in(chooser.marketplace, Interest.objects.filter(enrollment=chooser.enrollment))


def levels_in(marketplace: Marketplace, said: QuerySet[Any]) -> dict[int, int]:
    """Return what one person or guest `said` of the topics of a board, by the same ids, in one query."""
    rows = list(
        marketplace.topics.annotate(level=Subquery(said.filter(topic=OuterRef("pk")).values("level")[:1]))
        .order_by("pk")
        .values_list("pk", "merged_into", "level")
    )
    roots, levels = roots_of({pk: into for pk, into, _level in rows}), dict[int, int]()
    for topic, _into, level in rows:
        if level is not None:
            levels[roots[topic]] = max(level, levels.get(roots[topic], level))
    return levels


def marked(shown: Iterable[Shown], levels: Mapping[int, int]) -> list[Shown]:
    """Return topics with how much each interests their reader."""
    return [replace(each, interest=levels.get(each.card.topic.pk, Interest.Level.NO)) for each in shown]


def counted(marketplace: Marketplace, cards: Sequence[Card]) -> list[Counted]:
    """Return what people said of each topic, guests among them, of most interest first, in two queries."""
    roots = topics_of(marketplace).roots
    said: dict[tuple[int, int], int] = {}
    known = Interest.objects.filter(topic__marketplace=marketplace, enrollment__ended_at=None)
    guests = GuestInterest.objects.filter(topic__marketplace=marketplace).annotate(who=-F("participant"))
    rows = known.order_by().values_list("topic", "enrollment", "level")
    both = rows.union(guests.order_by().values_list("topic", "who", "level"), all=True).order_by()
    for topic, who, level in both:
        key = roots[topic], who
        said[key] = max(level, said.get(key, level))
    figures: dict[int, Counter[int]] = defaultdict(Counter)
    for (root, _who), level in said.items():
        figures[root][level] += 1
    order = (Interest.Level.MUCH, Interest.Level.PERHAPS, Interest.Level.NO)
    found = [Counted(each, *(figures[each.topic.pk][one] for one in order)) for each in cards]
    return sorted(found, key=_rank)


def _rank(each: Counted) -> tuple[int, ...]:
    """Those told first, of most interest; the order of the others says nothing of what is not told."""
    return (0, -each.much, -each.perhaps) if each.is_told else (1, each.card.topic.pk)


def who_said(marketplace: Marketplace) -> tuple[int, int]:
    """Count the people of the roster who said anything of a topic, and the guests who did; in one query."""
    known = Interest.objects.filter(topic__marketplace=OuterRef("pk"), enrollment__ended_at=None)
    guests = GuestInterest.objects.filter(topic__marketplace=OuterRef("pk"))
    counts = [
        Coalesce(
            Subquery(rows.order_by().values("topic__marketplace").values_list(Count(who, distinct=True))), 0
        )
        for rows, who in ((known, "enrollment"), (guests, "participant"))
    ]
    return Marketplace.objects.filter(pk=marketplace.pk).values_list(*counts).get()


def standing_of(chooser: Chooser) -> tuple[bool, bool]:
    """Say whether somebody agreed to be shown, and whether they may read others' cards, in one query.

    Whoever leads an organization reads counts of it and never what one person needs (`can_read_board`).
    """
    shown = Appearance.objects.filter(marketplace=chooser.marketplace, enrollment=OuterRef("pk"))
    leads = Affiliation.objects.filter(enrollment=OuterRef("pk"), is_lead=True)
    rows = Enrollment.objects.filter(pk=chooser.enrollment.pk)
    is_shown, is_lead = rows.values_list(Exists(shown), Exists(leads)).get()
    return is_shown, not is_lead


def people_on(marketplace: Marketplace, topics: Topics, *, topic_id: int) -> QuerySet[Enrollment]:
    """Return who agreed to be shown, by name; those alone whom a topic interests much, where one is given."""
    rows = Enrollment.objects.current().filter(appearances__marketplace=marketplace)
    if topic_id:
        meant = [topic for topic, root in topics.roots.items() if root == topic_id]
        much = Interest.objects.filter(topic__in=meant, level=Interest.Level.MUCH)
        rows = rows.filter(pk__in=much.values("enrollment"))
    return rows.prefetch_related("organizations").order_by("name", "pk")


def person_cards(marketplace: Marketplace, topics: Topics, people: Iterable[Enrollment]) -> list[PersonCard]:
    """Return what stands on people's cards, in two queries: what they share with the whole program."""
    made = {each.pk: PersonCard(each) for each in people}
    reach = reach_of_program(marketplace.program)
    said = [
        rows.filter(enrollment__in=made).annotate(kind=Value(kind)).order_by().values_list(*SAID)
        for kind, rows in (("need", reach.needs()), ("offer", reach.offers()))
    ]
    for kind, _place, enrollment, topic, was_called, text in said[0].union(said[1]).order_by("pk"):
        mine = made[enrollment].needs if kind == "need" else made[enrollment].offers
        mine.append(text or topic or was_called)
    much = Interest.objects.filter(
        topic__marketplace=marketplace, level=Interest.Level.MUCH, enrollment__in=made
    )
    for enrollment, topic in much.values_list("enrollment", "topic"):
        name = topics.names.get(topics.roots[topic])
        if name and name not in made[enrollment].topics:
            made[enrollment].topics.append(name)
    return list(made.values())


def roots_of(into: Mapping[int, int | None]) -> dict[int, int]:
    """Follow what topics became part of, however often."""
    roots = {}
    for topic in into:
        root = topic
        while (further := into[root]) is not None:
            root = further
        roots[topic] = root
    return roots
