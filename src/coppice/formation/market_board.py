"""A marketplace as its board shows it: topics with their fill, who has chosen, and one person's own part.

Plain values, free of how they are shown: a page, a projector and a phone can all draw them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coppice.accounts.links import make_token, read_token
from coppice.formation.models import Choice, Criterion, GuestWish, Marketplace, OfferedTopic, TopicMerger
from coppice.lib.languages import first_spoken
from coppice.programs.likeness import nearest
from coppice.programs.models import Enrollment, Program
from coppice.programs.validators import time_zone_names

LINK = "marketplace"
HERE = Q(choices__enrollment__ended_at=None)


@dataclass(frozen=True)
class Card:
    """One topic as a board shows it: how many have a place, how many wait.

    `guests` of live rooms chose it and have their place when the program knows who they are: until then it is
    kept for them, so they count wherever somebody asks for room. Those to whom none can be promised do not.
    """

    topic: OfferedTopic
    people: int
    waiting: int
    guests: int = 0

    @property
    def minimum(self) -> int:
        return min(self.topic.marketplace.minimum, self.topic.maximum)

    @property
    def maximum(self) -> int:
        return self.topic.maximum

    @property
    def missing(self) -> int:
        """So many people more are needed for it to start."""
        return max(0, self.minimum - self.people)

    @property
    def promised(self) -> int:
        """How many people it has with its guests."""
        return self.people + self.guests

    @property
    def missing_yet(self) -> int:
        """So many people more are needed when its guests are counted."""
        return max(0, self.minimum - self.promised)

    @property
    def figure(self) -> str:
        """How full it is, with its guests apart: "3 + 1 guest of 12"; "" where there are none."""
        return figure_of(self.people, self.guests, self.maximum) if self.guests else ""

    @property
    def room(self) -> int:
        """So many people more may come in; none once it is closed."""
        return places_left(self.topic, people=self.people, guests=self.guests)

    @property
    def crowd(self) -> str:
        """How many they are, in words: "9 people", "9 people + 1 guest"."""
        people = ngettext("%(count)s person", "%(count)s people", self.people) % {"count": self.people}
        if not self.guests:
            return people
        words = ngettext("%(people)s + %(guests)s guest", "%(people)s + %(guests)s guests", self.guests)
        return words % {"people": people, "guests": self.guests}

    @property
    def is_full(self) -> bool:
        return self.promised >= self.maximum

    @property
    def is_thin(self) -> bool:
        return self.missing > 0

    @property
    def offerer(self) -> Enrollment | None:
        """Who offered it, as long as they are on the roster; the staff are nobody."""
        offered_by = self.topic.offered_by
        return offered_by if offered_by is not None and offered_by.ended_at is None else None

    @property
    def tone(self) -> str:
        """The colour of its meter: full, ready or thin; the words beside it say the same."""
        return "bluebell" if self.is_full else "hazel" if self.missing_yet else "leaf"


@dataclass(frozen=True)
class Tally:
    """How many people of a roster have a place, how many have none yet, and how many came in from paper."""

    chosen: int
    deciding: int
    from_paper: int


@dataclass(frozen=True)
class Chooser:
    """One person of the roster at a marketplace."""

    marketplace: Marketplace
    enrollment: Enrollment

    @property
    def program(self) -> Program:
        return self.marketplace.program

    @property
    def person(self) -> Any:
        return self.enrollment.person

    @property
    def language(self) -> str:
        """The language in which this person reads: their own, the roster's, else the program's."""
        return first_spoken(self.person.language, self.enrollment.language, self.program.language)

    @property
    def address(self) -> str:
        """Where mail reaches this person for this program; empty for people of phone links and paper."""
        if self.enrollment.contact_mode != Enrollment.ContactMode.EMAIL:
            return ""
        return self.enrollment.email or self.person.email or ""

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which this person's mornings are: their own, the roster's, else the program's."""
        wishes = (self.person.time_zone, self.enrollment.time_zone)
        return next((ZoneInfo(key) for key in wishes if key in time_zone_names()), self.program.zone)

    @property
    def token(self) -> str:
        """The token of this person's own link."""
        return make_token(LINK, person=self.person, subject_id=self.marketplace.pk)


@dataclass(frozen=True)
class Own:
    """One person's own part of a board: their place, and their number on each waitlist (by topic's id)."""

    place: Choice | None
    waits: Mapping[int, int]

    @property
    def topic_id(self) -> int:
        """The topic in which they have a place; 0 for none."""
        return self.place.topic_id if self.place else 0


@dataclass(frozen=True)
class Shown:
    """A topic with all that stands on its card; `number` is the reader's own on its waitlist, 0 for none.

    `interest` is how much the reader said that it interests them, a value of `Interest.Level`.
    """

    card: Card
    criteria: tuple[Criterion, ...]
    number: int = 0
    is_mine: bool = False
    interest: int = 0


def marketplace_of(person: Any, *, marketplace_id: int) -> Marketplace:
    """Return a marketplace that the person may know of; raises Http404 otherwise."""
    rows = Marketplace.objects.visible_to(person).select_related("program__provider", "formation")
    return get_object_or_404(rows, pk=marketplace_id)


def topic_of(person: Any, *, offered_topic_id: int) -> OfferedTopic:
    """Return a topic of a marketplace that the person runs, also a hidden one; raises Http404 otherwise."""
    rows = OfferedTopic.objects.visible_to(person).filter(merged_into=None)
    return get_object_or_404(
        rows.select_related("marketplace__program__provider", "offered_by"), pk=offered_topic_id
    )


def merged_topic_of(person: Any, *, offered_topic_id: int) -> OfferedTopic:
    """Return a topic likewise, also one that is part of another; raises Http404 otherwise."""
    rows = OfferedTopic.objects.visible_to(person).select_related("marketplace__program__provider")
    return get_object_or_404(rows, pk=offered_topic_id)


def chooser_by_link(person: Any, *, token: str) -> Chooser:
    """Return whom a signed link was made for, whoever is signed in; raises Http404 otherwise."""
    link = read_token(LINK, token)
    marketplace = Marketplace.objects.select_related("program__provider").filter(pk=link.subject_id).first()
    enrollment = enrollment_in(marketplace, link.person) if marketplace else None
    if marketplace is None or enrollment is None:
        raise Http404
    return Chooser(marketplace, enrollment)


def chooser_by_account(person: Any, *, marketplace_id: int) -> "Chooser | Marketplace":
    """Return somebody's own part of a marketplace that they may know of; raises Http404 otherwise.

    Who runs the program and is not on its roster has no part: the marketplace alone comes back.
    """
    marketplace = marketplace_of(person, marketplace_id=marketplace_id)
    enrollment = enrollment_in(marketplace, person)
    return Chooser(marketplace, enrollment) if enrollment else marketplace


def enrollment_in(marketplace: Marketplace, person: Any) -> Enrollment | None:
    """Return somebody's current row on the program's roster."""
    rows = Enrollment.objects.current().filter(program=marketplace.program_id, person=person)
    return rows.select_related("person").first()


def standing_in(person_id: int, marketplace_id: int) -> str:
    """Return what stays as it is when this person leaves a marketplace's mail; "" for who is not in it."""
    rows = Choice.objects.filter(marketplace=marketplace_id, enrollment__person=person_id)
    return _("What you chose stays as it is either way.") if rows.exists() else ""


def open_marketplaces(person: Any) -> list[Marketplace]:
    """Return the marketplaces on which somebody of the roster chooses today, in one query."""
    enrolled = Enrollment.objects.current().filter(person=person).values("program")
    rows = Marketplace.objects.unsettled().filter(program__in=enrolled).select_related("program")
    return [each for each in rows if each.is_open]


def cards_of(marketplace: Marketplace) -> list[Card]:
    """Return the standing topics in the order in which they were put up, in one query."""
    return [counted_card(topic) for topic in counted_topics(marketplace) if topic.is_standing]


def counted_topics(marketplace: Marketplace) -> list[Any]:
    """Return all topics of a board, those that do not stand among them, with what `counted_card` needs.

    `merger` is the id of what put it together with another, as long as that stands.
    """
    wishes = GuestWish.objects.filter(topic=OuterRef("pk")).order_by().values("topic")
    mergers = TopicMerger.objects.filter(topic=OuterRef("pk"), undone_at=None).order_by("-pk")
    rows: Iterable[Any] = (
        marketplace.topics.select_related("offered_by")
        .annotate(
            people_count=Count("choices", filter=HERE & Q(choices__is_waiting=False)),
            waiting_count=Count("choices", filter=HERE & Q(choices__is_waiting=True)),
            merger=Subquery(mergers.values("pk")[:1]),
            guest_count=Coalesce(Subquery(wishes.annotate(count=Count("pk")).values("count")), 0),
        )
        .order_by("pk")
    )
    topics = list(rows)
    for topic in topics:
        topic.marketplace = marketplace
    return topics


def counted_card(topic: Any) -> Card:
    """Return a topic of `counted_topics` as a board shows it."""
    guests = promised_to(topic, people=topic.people_count, wishes=topic.guest_count)
    return Card(topic, topic.people_count, topic.waiting_count, guests)


def places_left(topic: OfferedTopic, *, people: int, guests: int) -> int:
    """Return how many more may come in when it has so many people and promised guests; none once closed."""
    return 0 if topic.is_closed else max(0, topic.maximum - people - guests)


def promised_to(topic: OfferedTopic, *, people: int, wishes: int) -> int:
    """Return to how many of the guests who chose a topic a place is promised: while people come into it."""
    if topic.is_closed or not topic.marketplace.is_open:
        return 0
    return min(wishes, max(0, topic.maximum - people))


def figure_of(people: int, guests: int, whole: int) -> str:
    """Return how full a topic is, in words: those who can only be promised a place are said apart."""
    if not guests:
        return _("%(value)s of %(whole)s") % {"value": people, "whole": whole}
    words = ngettext(
        "%(people)s + %(guests)s guest of %(whole)s", "%(people)s + %(guests)s guests of %(whole)s", guests
    )
    return words % {"people": people, "guests": guests, "whole": whole}


def card_of(topic: OfferedTopic) -> Card:
    """Return one topic as a board shows it."""
    people = topic.choices.places().count()
    guests = promised_to(topic, people=people, wishes=topic.guest_wishes.count())
    return Card(topic, people, topic.choices.waiting().count(), guests)


def tally_of(marketplace: Marketplace) -> Tally:
    """Count who has chosen, in two queries."""
    places = marketplace.choices.places().aggregate(
        all=Count("pk"), paper=Count("pk", filter=Q(from_paper=True))
    )
    people = Enrollment.objects.current().filter(program=marketplace.program_id).count()
    return Tally(places["all"], people - places["all"], places["paper"])


def own_of(chooser: Chooser) -> Own:
    """Return somebody's place and their numbers on waitlists, in one query."""
    not_later = Q(since__lt=OuterRef("since")) | Q(since=OuterRef("since"), pk__lte=OuterRef("pk"))
    queue = Choice.objects.filter(not_later, topic=OuterRef("topic")).waiting().order_by().values("topic")
    number = Coalesce(Subquery(queue.annotate(count=Count("pk")).values("count")), 0)
    rows = Choice.objects.filter(marketplace=chooser.marketplace, enrollment=chooser.enrollment)
    mine: list[Any] = list(rows.filter(topic__hidden_at=None).select_related("topic").annotate(number=number))
    return Own(
        place=next((each for each in mine if not each.is_waiting), None),
        waits={each.topic_id: each.number for each in mine if each.is_waiting},
    )


def criteria_of(cards: Iterable[Card]) -> dict[int, list[Criterion]]:
    """Return whom topics are for, by topic's id, in one query."""
    found: dict[int, list[Criterion]] = {}
    for each in Criterion.objects.filter(topic__in=[card.topic.pk for card in cards]):
        found.setdefault(each.topic_id, []).append(each)
    return found


def shown_of(cards: Iterable[Card], own: Own | None = None) -> list[Shown]:
    """Return topics with all that stands on their cards, for everybody or for one person; in one query."""
    cards = list(cards)
    criteria = criteria_of(cards)
    waits, mine = (own.waits, own.topic_id) if own else ({}, 0)
    return [
        Shown(
            card,
            tuple(criteria.get(card.topic.pk, ())),
            number=waits.get(card.topic.pk, 0),
            is_mine=card.topic.pk == mine,
        )
        for card in cards
    ]


def companions_in(topic_id: int, *, apart_from: Enrollment) -> QuerySet[Choice]:
    """Return who else has a place in a topic, by name: whoever is in it reads who is."""
    others = Choice.objects.filter(topic=topic_id).places().exclude(enrollment=apart_from)
    return (
        others.select_related("enrollment")
        .prefetch_related("enrollment__organizations")
        .order_by("enrollment__name", "pk")
    )


def undecided(marketplace: Marketplace) -> QuerySet[Enrollment]:
    """Return who is on the roster and has no place, by name."""
    places = marketplace.choices.places().values("enrollment")
    people = Enrollment.objects.current().filter(program=marketplace.program_id)
    return people.exclude(pk__in=places).order_by("name", "pk")


def alike(name: str, cards: Iterable[Card]) -> list[Card]:
    """Return the topics that may be the same as one about to be put up, the nearest first."""
    return nearest(name, [(card.topic.name, card) for card in cards])


def nearest_with_room(card: Card, cards: Iterable[Card], *, most: int = 3) -> list[Card]:
    """Return the topics to which the people of a thin one could go: nearest by words, then nearly enough."""
    others = [each for each in cards if each.topic.pk != card.topic.pk and each.room]
    near = nearest(card.topic.name, [(each.topic.name, each) for each in others], at_least=0.2, most=most)
    rest = sorted(
        (each for each in others if each not in near), key=lambda each: (each.missing, -each.people)
    )
    return [*near, *rest][:most]
