"""A marketplace as the screens of a live room show it, and one participant's own part of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zlib import crc32

from django.db.models import Count

from coppice.formation.market_board import (
    Card,
    Chooser,
    Shown,
    cards_of,
    companions_in,
    enrollment_in,
    figure_of,
    nearest_with_room,
    own_of,
    promised_to,
    shown_of,
)
from coppice.formation.market_hints import Hint, hints_for
from coppice.formation.mergers import mergers_in
from coppice.formation.models import (
    Choice,
    Criterion,
    GuestWish,
    Marketplace,
    MarketRoom,
    OfferedTopic,
    TopicMerger,
)
from coppice.live.models import Participant, Room, Step
from coppice.programs.likeness import nearest

CHOICE = "market_choice"
USUAL = {"minimum": 6, "maximum": 12, "waits": 2, "days": 2}
"""The sizes of topics, the waits beside a place, and the days after the evening, where no step says them."""
MOST_ON_THE_WALL = 12
COMPANIONS_SHOWN = 30
MERGERS_SHOWN = 3


@dataclass(frozen=True)
class Thin:
    """A topic with people, and too few: where they could go, and what they say when they are asked."""

    card: Card
    targets: Sequence[Card]
    stay: int

    @property
    def asked_into(self) -> OfferedTopic | None:
        return self.card.topic.asked_into

    @property
    def undecided(self) -> int:
        return self.card.people - self.stay


@dataclass(frozen=True)
class RoomBoard:
    """The board of a room, as hosts, projector and phones show it: read once for all of them."""

    link: MarketRoom
    marketplace: Marketplace
    shown: Sequence[Shown]
    chose: int
    """How many participants have a place, wait, or chose as a guest."""
    marks: Mapping[int, str]
    people: int

    @property
    def on_the_wall(self) -> Sequence[Shown]:
        return self.shown[:MOST_ON_THE_WALL]

    @property
    def more(self) -> int:
        return max(0, len(self.shown) - MOST_ON_THE_WALL)

    @property
    def cards(self) -> Sequence[Card]:
        return [each.card for each in self.shown]

    @cached_property
    def groups(self) -> Sequence[Shown]:
        """Topics that somebody chose."""
        return [each for each in self.shown if each.card.promised]

    @property
    def groups_on_the_wall(self) -> Sequence[Shown]:
        return self.groups[:MOST_ON_THE_WALL]

    @property
    def more_groups(self) -> int:
        return max(0, len(self.groups) - MOST_ON_THE_WALL)

    @cached_property
    def alike(self) -> Sequence[tuple[Card, Card]]:
        """Topics that are perhaps the same as one put up before them, each with that one."""
        cards, found = self.cards, []
        for place, card in enumerate(cards):
            near = nearest(card.topic.name, [(each.topic.name, each) for each in cards[:place]], most=1)
            found += [(card, each) for each in near]
        return found

    @cached_property
    def thin(self) -> Sequence[Thin]:
        """Topics with people, and too few of them; in one query."""
        rows = self.marketplace.choices.places().filter(stays=True)
        stay = dict(rows.values_list("topic").annotate(Count("pk")))
        cards = self.cards
        return [
            Thin(each, nearest_with_room(each, cards), stay.get(each.topic.pk, 0))
            for each in cards
            if each.people and each.missing_yet
        ]

    @cached_property
    def left_its_sizes(self) -> bool:
        """Whether the sizes of its step were not taken over: that would put somebody out of a topic."""
        step = self.link.room.steps.filter(kind=CHOICE).first()
        if step is None or not step.was_begun or not self.link.terms:
            return False
        return any(self.link.terms[name] != value for name, value in sizes_of(step).items())

    @cached_property
    def mergers(self) -> Sequence[TopicMerger]:
        """What was put together last, which can perhaps be undone."""
        return list(mergers_in(self.marketplace)[:MERGERS_SHOWN])

    @cached_property
    def hidden(self) -> Sequence[OfferedTopic]:
        rows = self.marketplace.topics.filter(merged_into=None)
        return list(rows.exclude(hidden_at=None))

    @cached_property
    def wishes(self) -> Sequence[GuestWish]:
        """What guests chose whom the program does not know yet."""
        rows = GuestWish.objects.filter(topic__marketplace=self.marketplace)
        return list(rows.select_related("topic", "participant").order_by("participant__name", "pk"))


@dataclass(frozen=True)
class OwnPart:
    """What one phone alone shows of the board; `chooser` is None for a guest."""

    chooser: Chooser | None
    place: Shown | None
    waits: Sequence[Shown]
    wish: GuestWish | None
    companions: Sequence[Choice]
    criteria: Sequence[Criterion]
    asked_into: OfferedTopic | None
    hints: Sequence[Hint] | None
    """None: nobody asked for suggestions."""

    @property
    def waiting_for(self) -> Sequence[int]:
        """The ids of the topics that they wait for."""
        return [each.card.topic.pk for each in self.waits]


@dataclass(frozen=True)
class Stood:
    """A topic with its people as a room's results and file have it."""

    topic: OfferedTopic
    name: str
    minimum: int
    maximum: int
    people: int
    waiting: int
    guests: int

    @property
    def figure(self) -> str:
        return figure_of(self.people, self.guests, self.maximum)

    @property
    def promised(self) -> int:
        """How many have a place or, as guests, will have one once the program knows them."""
        return self.people + self.guests

    @property
    def share(self) -> float:
        return min(1.0, self.promised / self.maximum)

    @property
    def has_enough(self) -> bool:
        return self.people >= self.minimum

    @property
    def missing(self) -> int:
        """So many people more are needed when its guests are counted."""
        return max(0, self.minimum - self.people - self.guests)


def market_in(room: Room) -> MarketRoom | None:
    """Return which board a room has, with the marketplace and its program; None without one."""
    rows = MarketRoom.objects.filter(room=room)
    return rows.select_related("marketplace__program__provider", "marketplace__formation").first()


def stood_in(step: Step) -> list[Stood]:
    """Return the topics of a step's room: as they stood when it ended, else as the board has them now.

    It reads what `MarketStep.kept_in` fetched.
    """
    link = getattr(step.room, "market", None)
    if link is None:
        return []
    if step.room.is_ended and link.was_kept:
        return [
            Stood(each.topic, each.name, each.minimum, each.maximum, each.people, each.waiting, each.guests)
            for each in link.evening_topics.all()
        ]
    return [_stood(topic, link.marketplace) for topic in link.marketplace.topics.all() if topic.is_standing]


def terms_of(room: Room) -> dict[str, int]:
    """Return the sizes, waits and days that a room's first step of choosing says, else the usual ones."""
    step = room.steps.filter(kind=CHOICE).first()
    days = step.settings.get("days", USUAL["days"]) if step else USUAL["days"]
    return {**sizes_of(step), "days": int(days)}


def sizes_of(step: Step | None) -> dict[str, int]:
    """Return the sizes of topics and the waits that a step says, else the usual ones."""
    said = {**USUAL, **(step.settings if step else {})}
    sizes = {name: int(said[name]) for name in ("minimum", "maximum", "waits")}
    return {**sizes, "maximum": max(sizes["minimum"], sizes["maximum"])}


def chooser_in(marketplace: Marketplace, participant: Participant) -> Chooser | None:
    """Return a participant as the roster has them; None for a guest."""
    if participant.person_id is None:
        return None
    enrollment = enrollment_in(marketplace, participant.person)
    return Chooser(marketplace, enrollment) if enrollment else None


def board_in(step: Step) -> RoomBoard | None:
    """Return the board of a step's room in seven queries; None when it has none."""
    room = step.room
    link = market_in(room)
    if link is None:
        return None
    link.room = room
    marketplace = link.marketplace
    shown = shown_of(cards_of(marketplace))
    wishes = GuestWish.objects.filter(topic__marketplace=marketplace, topic__hidden_at=None)
    wished = dict(wishes.filter(participant__room=room).values_list("participant", "topic"))
    states = _states(marketplace)
    participants = list(room.participants.values_list("pk", "person"))
    undecided = set(step.answers.filter(round=step.round).values_list("participant", flat=True))
    about = {each.card.topic.pk: _about(each) for each in shown}
    marks, chose = {}, 0
    for participant, person in participants:
        own = states.get(person, [])
        said = [(*each, about.get(each[0], "")) for each in own] or wished.get(participant)
        chose += bool(said)
        if said or participant in undecided:
            marks[participant] = f"{crc32(repr((said, participant in undecided)).encode()):x}"
    return RoomBoard(
        link=link,
        marketplace=marketplace,
        shown=shown,
        chose=chose,
        marks=marks,
        people=len(participants),
    )


def own_in(
    marketplace: Marketplace, participant: Participant, *, cards: Sequence[Card] | None, suggests: bool
) -> OwnPart:
    """Return one participant's own part; `cards` is given where the page has them anyway.

    With `suggests`, somebody without a place gets topics from what they told the program.
    """
    chooser = chooser_in(marketplace, participant)
    cards = cards_of(marketplace) if cards is None else cards
    if chooser is None:
        rows = GuestWish.objects.filter(participant=participant, topic__marketplace=marketplace)
        standing_in = "topic__marketplace__program__provider"
        wish = rows.filter(topic__hidden_at=None).select_related(standing_in).first()
        return OwnPart(None, None, (), wish, (), (), None, None)
    own = own_of(chooser)
    shown = shown_of([each for each in cards if each.topic.pk in {own.topic_id, *own.waits}], own)
    place = next((each for each in shown if each.is_mine), None)
    standing = {each.topic.pk: each.topic for each in cards}
    asked = place.card.topic.asked_into_id if place and own.place and not own.place.stays else None
    return OwnPart(
        chooser=chooser,
        place=place,
        waits=[each for each in shown if each.number],
        wish=None,
        companions=(
            list(companions_in(place.card.topic.pk, apart_from=chooser.enrollment)[:COMPANIONS_SHOWN])
            if place
            else ()
        ),
        criteria=[
            each for each in (place.criteria if place else ()) if each.written_by_id == chooser.enrollment.pk
        ],
        asked_into=standing.get(asked or 0),
        hints=hints_for(chooser, cards) if suggests and place is None else None,
    )


def _stood(topic: OfferedTopic, marketplace: Marketplace) -> Stood:
    topic.marketplace = marketplace
    here = [each for each in topic.choices.all() if each.enrollment.ended_at is None]
    people = sum(not each.is_waiting for each in here)
    return Stood(
        topic=topic,
        name=topic.name,
        minimum=min(marketplace.minimum, topic.maximum),
        maximum=topic.maximum,
        people=people,
        waiting=len(here) - people,
        guests=promised_to(topic, people=people, wishes=len(topic.guest_wishes.all())),
    )


def _states(marketplace: Marketplace) -> dict[int, list[tuple[Any, ...]]]:
    """Return what each person has on the board, by their id."""
    states: dict[int, list[tuple[Any, ...]]] = {}
    rows = Choice.objects.filter(marketplace=marketplace, topic__hidden_at=None, enrollment__ended_at=None)
    for person, *said in rows.order_by("pk").values_list(
        "enrollment__person", "topic", "is_waiting", "stays", "topic__asked_into"
    ):
        states.setdefault(person, []).append(tuple(said))
    return states


def _about(shown: Shown) -> tuple[Any, ...]:
    card = shown.card
    return (card.topic.name, card.people, card.waiting, [each.pk for each in shown.criteria])
