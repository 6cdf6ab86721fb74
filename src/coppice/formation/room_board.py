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
    counted_card,
    counted_topics,
    enrollment_in,
    figure_of,
    nearest_with_room,
    own_of,
    promised_to,
    shown_of,
)
from coppice.formation.market_hints import Hint, hints_for
from coppice.formation.models import (
    Choice,
    Criterion,
    GuestWish,
    Marketplace,
    MarketRoom,
    OfferedTopic,
)
from coppice.live.models import Participant, Room, Step
from coppice.programs.likeness import nearest

CHOICE = "market_choice"
USUAL = {"minimum": 6, "maximum": 12, "waits": 2, "days": 2}
"""The sizes of topics, the waits beside a place, and the days after the evening, where no step says them."""
MOST_ON_THE_WALL = 60
COMPANIONS_SHOWN = 30
MERGERS_SHOWN = 3
CROWD = 100
"""With more participants no phone asks for its own part when others come into its topic or leave it."""


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
class Here:
    """Somebody in a room: the topic that they chose as a guest, and how often they changed their badge."""

    pk: int
    person: int | None
    name: str
    wish: int | None
    changes: int | None
    guest_name: str = ""

    @property
    def was_named(self) -> bool:
        """Whether a guest's place became a person's: then their phone no longer speaks to a guest."""
        return self.person is not None and bool(self.guest_name)


@dataclass(frozen=True)
class RoomBoard:
    """The board of a room, as hosts, projector and phones show it; each part is read when it is first asked.

    `topics` are all of the board, as `counted_topics` has them, `cards` those that stand; `there` is who is
    in the room.
    """

    step: Step
    link: MarketRoom
    topics: Sequence[Any]
    cards: Sequence[Card]
    there: Sequence[Here]

    @property
    def marketplace(self) -> Marketplace:
        return self.link.marketplace

    @property
    def people(self) -> int:
        return len(self.there)

    @cached_property
    def shown(self) -> Sequence[Shown]:
        """The cards with the lines of whom they are for; in one query."""
        return shown_of(self.cards)

    @cached_property
    def states(self) -> Mapping[int, Sequence[tuple[Any, ...]]]:
        """What each person has on the board, by their id; in one query."""
        return states_on(self.marketplace)

    @cached_property
    def chose(self) -> int:
        """How many participants have a place, wait, or chose as a guest."""
        return sum(bool(self._said(each)) for each in self.there)

    @cached_property
    def marks(self) -> Mapping[int, str]:
        """What changes for each participant when their own part of choosing does; in one query more."""
        answers = self.step.answers.filter(round=self.step.round)
        undecided = set(answers.values_list("participant", flat=True))
        about = {each.card.topic.pk: _about(each, counts=self.people <= CROWD) for each in self.shown}
        marks = {}
        for each in self.there:
            said, asks = self._said(each), each.pk in undecided
            if isinstance(said, list):
                said = [(*one, about.get(one[0], "")) for one in said]
            if said or asks or each.was_named:
                marks[each.pk] = f"{crc32(repr((said, asks, each.was_named)).encode()):x}"
        return marks

    def _said(self, each: Here) -> list[tuple[Any, ...]] | int | None:
        """What somebody chose: as a person, else as a guest what still stands."""
        own = self.states.get(each.person or 0)
        standing = {card.topic.pk for card in self.cards}
        return list(own) if own else each.wish if each.wish in standing else None

    @property
    def on_the_wall(self) -> Sequence[Shown]:
        return self.shown[:MOST_ON_THE_WALL]

    @property
    def more(self) -> int:
        return max(0, len(self.shown) - MOST_ON_THE_WALL)

    @cached_property
    def groups(self) -> Sequence[Card]:
        """Topics that somebody chose."""
        return [each for each in self.cards if each.promised]

    @property
    def groups_on_the_wall(self) -> Sequence[Card]:
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
        step = next((each for each in self.step.room.steps.all() if each.kind == CHOICE), None)
        if step is None or not step.was_begun or not self.link.terms:
            return False
        return any(self.link.terms[name] != value for name, value in sizes_of(step).items())

    @cached_property
    def mergers(self) -> Sequence[tuple[OfferedTopic, OfferedTopic]]:
        """What was put together last, which can perhaps be undone: each topic with the one it is part of."""
        by_id = {each.pk: each for each in self.topics}
        merged = [each for each in self.topics if each.merger is not None and each.merged_into_id in by_id]
        latest = sorted(merged, key=lambda each: -each.merger)[:MERGERS_SHOWN]
        return [(each, by_id[each.merged_into_id]) for each in latest]

    @cached_property
    def hidden(self) -> Sequence[OfferedTopic]:
        return [each for each in self.topics if each.merged_into_id is None and each.hidden_at is not None]

    @cached_property
    def wishes(self) -> Sequence[GuestWish]:
        """What guests chose whom the program does not know yet.

        In one query where the board has some of other rooms, else of what was read.
        """
        by_id = {each.pk: each for each in self.topics}
        here = [each for each in self.there if each.wish in by_id]
        if len(here) < sum(each.guest_count for each in self.topics):
            rows = GuestWish.objects.filter(topic__marketplace=self.marketplace)
            return list(rows.select_related("topic", "participant").order_by("participant__name", "pk"))
        return [
            GuestWish(
                participant=Participant(pk=each.pk, name=each.name, person_id=each.person),
                topic=by_id[each.wish or 0],
            )
            for each in sorted(here, key=lambda each: (each.name, each.pk))
        ]


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


def market_in(room: Room, **counted: Any) -> MarketRoom | None:
    """Return which board a room has, with the marketplace and its program; None without one."""
    rows = MarketRoom.objects.filter(room=room).annotate(**counted)
    return rows.select_related("marketplace__program__provider", "marketplace__formation").first()


def chosen_in(room: Room, participant: Participant) -> int | None:
    """Return the id of what a participant has on a room's board: place, else wait, else a guest's choice.

    In one query of somebody on the roster who has chosen, in two at most.
    """
    on_board = {"topic__marketplace__rooms__room": room, "topic__hidden_at": None}
    if participant.person_id is not None:
        theirs = Choice.objects.filter(
            enrollment__person=participant.person_id, enrollment__ended_at=None, **on_board
        )
        topic = theirs.order_by("is_waiting", "pk").values_list("topic", flat=True).first()
        if topic is not None:
            return topic
    wishes = GuestWish.objects.filter(participant=participant, **on_board)
    return wishes.values_list("topic", flat=True).first()


def stood_of(card: Card) -> Stood:
    """Return a topic with its people as they are now, for the result of a step of a room that goes on."""
    return Stood(
        topic=card.topic,
        name=card.topic.name,
        minimum=card.minimum,
        maximum=card.maximum,
        people=card.people,
        waiting=card.waiting,
        guests=card.guests,
    )


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


def board_in(step: Step, **counted: Any) -> RoomBoard | None:
    """Return the board of a step's room, in three queries and those of its parts; None when it has none.

    `counted` are annotations that the link gets, for a kind that tells more figures of its room.
    """
    link = market_in(step.room, **counted)
    if link is None:
        return None
    topics = counted_topics(link.marketplace)
    cards = [counted_card(topic) for topic in topics if topic.is_standing]
    return RoomBoard(step=step, link=link, topics=topics, cards=cards, there=there_in(step.room))


def there_in(room: Room) -> list[Here]:
    """Return who is in a room, in one query."""
    rows = room.participants.values_list(
        "pk", "person", "name", "topic_wish__topic", "badge__changes", "guest_name"
    )
    return [Here(*each) for each in rows]


def states_on(marketplace: Marketplace) -> dict[int, list[tuple[Any, ...]]]:
    """Return what each person has on a board by their id, in one query."""
    states: dict[int, list[tuple[Any, ...]]] = {}
    rows = Choice.objects.filter(marketplace=marketplace, topic__hidden_at=None, enrollment__ended_at=None)
    for person, *said in rows.order_by("pk").values_list(
        "enrollment__person", "topic", "is_waiting", "stays", "topic__asked_into"
    ):
        states.setdefault(person, []).append(tuple(said))
    return states


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


def _about(shown: Shown, *, counts: bool) -> tuple[Any, ...]:
    """What the phones of those in a topic show of it; how many come and go would have all of a crowd ask."""
    card = shown.card
    numbers = (card.people, card.waiting) if counts else ()
    return (card.topic.name, *numbers, [each.pk for each in shown.criteria])
