"""Reads of badges: what stands on them, whom somebody met, which groups grow, who waits for whose answer."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zlib import crc32

from django.db.models import BigIntegerField, Count, F, Min, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from coppice.formation.interest_board import topics_of
from coppice.formation.market_board import Card, cards_of, places_left
from coppice.formation.models import (
    Badge,
    BadgeLine,
    Encounter,
    Find,
    Handshake,
    Marketplace,
    OfferedTopic,
)
from coppice.formation.room_board import Here, states_on, there_in
from coppice.live.models import Participant, Room
from coppice.programs.rosters.headers import fold

MOST_ON_THE_WALL = 8
"""So many words that several badges share are on the wall."""
MOST_LISTED = 60
MOST_NEAR = 5
NEAR_WORD = 5
"""Words from so many letters on make two lines near each other."""
LATEST_MET = 12


@dataclass(frozen=True)
class Shared:
    """An interest or a skill, and on how many badges it stands in the same words."""

    line: BadgeLine
    badges: int

    @property
    def words(self) -> str:
        return self.line.words


@dataclass(frozen=True)
class Pinboard:
    """How many badges a room has, and the words that several of them share, the most shared first."""

    badges: int
    shared: Sequence[Shared]


@dataclass(frozen=True)
class Seen:
    """Somebody's badge as another participant reads it: which of its lines they marked."""

    badge: Badge
    lines: Sequence[tuple[BadgeLine, bool]]


@dataclass(frozen=True)
class Met:
    """Somebody whom a participant met, and what can be asked of them.

    `theirs` is the group that they are in, `asked` an open handshake between the two, `finds` what they
    marked on the participant's own badge.
    """

    seen: Seen
    theirs: OfferedTopic | None
    asked: Handshake | None
    finds: Sequence[Find]

    @property
    def who(self) -> Participant:
        return self.seen.badge.participant


@dataclass(frozen=True)
class Groups:
    """Who of a room is in which group: by places on its board, and by what guests chose."""

    marketplace: Marketplace
    topics: Mapping[int, OfferedTopic]
    """The topics that stand on the board, by id."""
    places: Mapping[int, int]
    """The id of a participant's topic, by theirs."""
    people: Mapping[int, int]
    """How many have a place in a topic, or one that is kept for them as guests, by its id."""
    names: Mapping[int, str]
    """What everybody in the room is called, by participant."""

    def of(self, participant: Participant) -> OfferedTopic | None:
        """Return the group that somebody of the room is in."""
        return self.topics.get(self.places.get(participant.pk, 0))

    def companions_of(self, participant: Participant) -> list[str]:
        """Return who else of the room is in somebody's group, by name."""
        topic = self.places.get(participant.pk)
        others = [who for who, theirs in self.places.items() if theirs == topic and who != participant.pk]
        return [name for name, _who in sorted((self.names[who], who) for who in others)]

    def room_in(self, topic: OfferedTopic) -> int:
        """Return how many people more may come in; none once it is closed."""
        return places_left(topic, people=self.people[topic.pk], guests=0)

    @property
    def with_places(self) -> list[OfferedTopic]:
        """Groups with people into which somebody more may come."""
        return [topic for topic, _people, room in self.growing if room]

    @property
    def growing(self) -> list[tuple[OfferedTopic, int, int]]:
        """Groups with people, how many they are and how many may come in; the largest first."""
        found = [
            (topic, self.people[pk], self.room_in(topic))
            for pk, topic in self.topics.items()
            if self.people[pk]
        ]
        return sorted(found, key=lambda each: (-each[1], each[0].pk))


def pinboard_of(room: Room, *, badges: int) -> Pinboard:
    """Return what the wall tells of so many badges of a room, in one query, whatever there is."""
    said = BadgeLine.objects.filter(badge__room=room, is_hidden=False).order_by().values("kind", "key")
    counted = said.annotate(times=Count("pk"), first=Min("words")).filter(times__gt=1)
    most = counted.order_by("-times", "kind", "key").values_list("kind", "first", "times")
    shared = [
        Shared(BadgeLine(kind=kind, words=words), times) for kind, words, times in most[:MOST_ON_THE_WALL]
    ]
    return Pinboard(badges, shared)


def all_on(badges: Iterable[Badge]) -> list[Shared]:
    """Return every line once with on how many badges it stands, the most shared first, and no hidden one."""
    together: dict[tuple[str, str], list[BadgeLine]] = defaultdict(list)
    for badge in badges:
        for line in badge.lines.all():
            if not line.is_hidden:
                together[line.kind, line.key].append(line)
    found = [Shared(same[0], len(same)) for same in together.values()]
    return sorted(found, key=lambda each: (-each.badges, each.line.kind, each.line.key))


def groups_in(room: Room, marketplace: Marketplace) -> Groups:
    """Return who of a room is in which group, in three queries."""
    return groups_of(marketplace, cards_of(marketplace), there_in(room), states_on(marketplace))


def groups_of(
    marketplace: Marketplace,
    cards: Iterable[Card],
    there: Iterable[Here],
    states: Mapping[int, Iterable[tuple[Any, ...]]],
) -> Groups:
    """Return who of a room is in which group, from what a board has: see `RoomBoard`."""
    by_id = {card.topic.pk: card for card in cards}
    places, names = {}, {}
    for each in there:
        own = (topic for topic, is_waiting, *_more in states.get(each.person or 0, ()) if not is_waiting)
        place = next(own, each.wish)
        names[each.pk] = each.name
        if place in by_id:
            places[each.pk] = place
    topics = {pk: card.topic for pk, card in by_id.items()}
    people = Counter({pk: card.promised for pk, card in by_id.items()})
    return Groups(marketplace, topics, places, people, names)


def badge_of(participant: Participant) -> Badge | None:
    """Return somebody's badge with its lines; None before they wrote one."""
    return badges_of([participant.pk]).get(participant.pk)


def met_by(participant: Participant) -> list[int]:
    """Return the ids of those whom somebody met, whoever of the two noted it, the latest first."""
    noted = Encounter.objects.filter(Q(participant=participant) | Q(badge__participant=participant))
    pairs = noted.exclude(participant=F("badge__participant")).order_by("-at", "-pk")
    others = [
        other if one == participant.pk else one
        for one, other in pairs.values_list("participant", "badge__participant")
    ]
    return list(dict.fromkeys(others))


def badges_of(participants: Iterable[int]) -> dict[int, Badge]:
    """Return the badges of these participants by theirs, with their lines; in one query.

    A badge on which nothing stands is none.
    """
    return _worn(BadgeLine.objects.filter(badge__participant__in=list(participants)))


def finds_about(participant: Participant) -> list[Find]:
    """Return what somebody marked on badges, and what others marked on theirs; in one query."""
    about = Q(participant=participant) | Q(line__badge__participant=participant)
    return list(Find.objects.filter(about).select_related("line__badge", "participant"))


def seen_by(participant: Participant, badges: Iterable[Badge], finds: Iterable[Find]) -> list[Seen]:
    """Return badges as somebody reads them, with what they marked."""
    marked = {find.line_id for find in finds if find.participant_id == participant.pk}
    return [
        Seen(badge, [(line, line.pk in marked) for line in badge.lines_on if not line.is_hidden])
        for badge in badges
    ]


def near(badge: Badge, *, apart_from: Iterable[int]) -> list[Badge]:
    """Return the badges that share words with this one, those with the most lines first, in one query."""
    words = {word for line in badge.lines_on for word in line.key.split() if len(word) >= NEAR_WORD}
    if not words:
        return []
    wanted = Q()
    for word in sorted(words):
        wanted |= Q(key__contains=word)
    lines = BadgeLine.objects.filter(wanted, badge__room=badge.room_id, is_hidden=False)
    others = lines.exclude(badge__participant__in={badge.participant_id, *apart_from}).order_by()
    most = others.values("badge").annotate(times=Count("pk")).order_by("-times", "badge__number")
    found = _worn(BadgeLine.objects.filter(badge__in=most.values("badge")[:MOST_NEAR]))

    def alike(each: Badge) -> int:
        said = [line.key for line in each.lines_on if not line.is_hidden]
        return sum(any(word in key for word in words) for key in said)

    return sorted(found.values(), key=lambda each: (-alike(each), each.number))


def finds_on(badge: Badge, finds: Iterable[Find]) -> list[Find]:
    """Return who shares what stands on a badge, or could use it."""
    return [
        each
        for each in finds
        if each.line.badge_id == badge.pk
        and not each.line.is_hidden
        and each.participant_id != badge.participant_id
    ]


def open_with(
    participant: Participant, group: OfferedTopic | None
) -> tuple[list[Handshake], list[Handshake]]:
    """Return what waits for somebody's answer, asked of them or of their group, and what they asked."""
    theirs = Q(by=participant) | Q(to=participant) | (Q(to=None, topic=group) if group else Q(pk=None))
    rows = Handshake.objects.filter(theirs, state=Handshake.State.OPEN).exclude(by=F("to"))
    found = list(rows.select_related("by", "to", "topic"))
    mine = [each for each in found if each.by_id == participant.pk]
    return [each for each in found if each not in mine], mine


def questions_of(participant: Participant) -> int:
    """Count what somebody asked and was asked, answered or not."""
    return Handshake.objects.filter(Q(by=participant) | Q(to=participant)).count()


@dataclass(frozen=True)
class Traded:
    """Something between two people of a room: a meeting, a find or a question; `other` is 0 for a group's.

    `what` is the step of a meeting, MARKED or ASKED; `at` is when it changed last.
    """

    what: int
    one: int
    other: int
    topic: int
    pk: int
    at: datetime


MARKED, ASKED = -1, -2


def traded_in(room: Room) -> list[Traded]:
    """Return all that people of a room noted, marked and asked of one another, in one query."""
    nobody = Value(0, output_field=BigIntegerField())
    fields = ("what", "one", "other_one", "about", "pk", "when")
    met = Encounter.objects.filter(badge__room=room).annotate(
        what=F("step"), one=F("participant"), other_one=F("badge__participant"), about=nobody, when=F("at")
    )
    marked = Find.objects.filter(line__badge__room=room).annotate(
        what=Value(MARKED, output_field=BigIntegerField()),
        one=F("participant"),
        other_one=F("line__badge__participant"),
        about=nobody,
        when=F("at"),
    )
    asked = Handshake.objects.filter(room=room).annotate(
        what=Value(ASKED, output_field=BigIntegerField()),
        one=F("by"),
        other_one=Coalesce("to", nobody),
        about=Coalesce("topic", nobody),
        when=Coalesce("answered_at", "at"),
    )
    rows = [each.order_by().values_list(*fields) for each in (met, marked, asked)]
    return [Traded(*each) for each in rows[0].union(*rows[1:], all=True)]


def met_in(traded: Iterable[Traded], participant: Participant) -> list[int]:
    """Return the ids of those whom somebody met, as `met_by` does, of what a board has anyway."""
    own = sorted(
        (each for each in traded if each.what > 0 and participant.pk in (each.one, each.other)),
        key=lambda each: (each.at, each.pk),
        reverse=True,
    )
    others = [each.other if each.one == participant.pk else each.one for each in own]
    return list(dict.fromkeys(other for other in others if other != participant.pk))


def marks_in(traded: Iterable[Traded], groups: Groups) -> dict[int, str]:
    """Return for each participant what changes when their own part of a trading round does."""
    said: dict[int, list[Any]] = defaultdict(list)
    inside: dict[int, list[int]] = defaultdict(list)
    for participant, topic in groups.places.items():
        inside[topic].append(participant)
        said[participant].append(("in", topic, groups.people[topic]))
    for each in traded:
        if each.what > 0:
            said[each.one].append((each.at, groups.places.get(each.other)))
            said[each.other].append((each.at, groups.places.get(each.one)))
        else:
            for who in (each.one, *([each.other] if each.other else inside[each.topic])):
                said[who].append((each.what, each.pk, each.at))
    return {who: f"{crc32(repr(sorted(map(str, each))).encode()):x}" for who, each in said.items()}


def may_name(participant: Participant, group: OfferedTopic) -> bool:
    """Say whether somebody is of a group by a yes on both sides: then they say what it is called.

    So are those of a topic that became part of it.
    """
    theirs = Q(by=participant) | Q(to=participant)
    agreed = Handshake.objects.filter(theirs, room=participant.room_id, state=Handshake.State.AGREED)
    by_yes = set(agreed.values_list("topic", flat=True))
    if group.pk in by_yes or not by_yes:
        return group.pk in by_yes
    roots = topics_of(group.marketplace).roots
    return any(roots.get(topic) == group.pk for topic in by_yes)


def version_of(topic: OfferedTopic) -> str:
    """Return what changes when a group is called otherwise, or says otherwise why it is worth its time."""
    return f"{crc32(repr((topic.name, topic.why)).encode()):x}"


def names_in(groups: Groups) -> dict[int, str]:
    """Return by participant what changes when their group gets another name."""
    versions = {pk: version_of(topic) for pk, topic in groups.topics.items()}
    return {who: versions[topic] for who, topic in groups.places.items() if topic in versions}


def free_name(marketplace: Marketplace, words: str) -> str:
    """Return these words, or with a number after them when a topic of the board is called so already."""
    taken = {
        fold(name) for name in marketplace.topics.filter(merged_into=None).values_list("name", flat=True)
    }
    number, name = 1, words
    while fold(name) in taken:
        number += 1
        name = f"{words} {number}"
    return name


def _worn(lines: QuerySet[BadgeLine]) -> dict[int, Badge]:
    """Return the badges on which these lines stand, by their owner, each knowing its lines."""
    together: dict[int, list[BadgeLine]] = defaultdict(list)
    for line in lines.select_related("badge__participant").order_by("kind", "pk"):
        together[line.badge.participant_id].append(line)
    worn = {who: theirs[0].badge for who, theirs in together.items()}
    for who, badge in worn.items():
        badge.known_lines = together[who]
    return worn
