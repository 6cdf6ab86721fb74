"""Reads of badges: what stands on them, whom somebody met, which groups grow, who waits for whose answer."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from django.db.models import Count, F, Min, Q

from coppice.formation.interest_board import topics_of
from coppice.formation.market_board import places_left, promised_to
from coppice.formation.models import (
    Badge,
    BadgeLine,
    Choice,
    Encounter,
    Find,
    GuestWish,
    Handshake,
    Marketplace,
    OfferedTopic,
)
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
    people: Counter[int]
    """How many have a place in a topic, or one that is kept for them as guests, by its id."""

    def of(self, participant: Participant) -> OfferedTopic | None:
        """Return the group that somebody of the room is in."""
        return self.topics.get(self.places.get(participant.pk, 0))

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


def pinboard_of(room: Room) -> Pinboard:
    """Return what the wall tells of the badges of a room, in three queries, whatever there is."""
    said = BadgeLine.objects.filter(badge__room=room, is_hidden=False).order_by().values("kind", "key")
    counted = said.annotate(times=Count("pk"), first=Min("pk")).filter(times__gt=1)
    most = list(counted.order_by("-times", "kind", "key").values_list("first", "times")[:MOST_ON_THE_WALL])
    lines = BadgeLine.objects.in_bulk([first for first, _times in most])
    return Pinboard(room.badges.count(), [Shared(lines[first], times) for first, times in most])


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
    topics = {each.pk: each for each in marketplace.topics.standing().order_by("pk")}
    for topic in topics.values():
        topic.marketplace = marketplace
    chosen = Choice.objects.filter(marketplace=marketplace).places()
    people = Counter(chosen.values_list("topic", flat=True))
    there = chosen.filter(enrollment__person__live_participations__room=room)
    places = dict(there.values_list("enrollment__person__live_participations", "topic"))
    wished = GuestWish.objects.filter(topic__in=list(topics)).values_list("participant", "topic")
    for participant, topic_id in wished:
        places.setdefault(participant, topic_id)
    for topic_id, wishes in Counter(topic_id for _participant, topic_id in wished).items():
        people[topic_id] += promised_to(topics[topic_id], people=people[topic_id], wishes=wishes)
    return Groups(marketplace, topics, places, people)


def badge_of(participant: Participant) -> Badge | None:
    """Return somebody's badge with its lines; None before they wrote one."""
    found = Badge.objects.filter(participant=participant).select_related("participant")
    return found.prefetch_related("lines").first()


def met_by(participant: Participant) -> list[int]:
    """Return the ids of those whom somebody met, whoever of the two noted it, the latest first."""
    noted = Encounter.objects.filter(Q(participant=participant) | Q(badge__participant=participant))
    pairs = noted.exclude(participant=F("badge__participant")).order_by("-at", "-pk")
    others = [
        other if one == participant.pk else one
        for one, other in pairs.values_list("participant", "badge__participant")
    ]
    return list(dict.fromkeys(others))


def badges_of(participants: Sequence[int]) -> list[Badge]:
    """Return the badges of these participants, in their order, with their lines; in two queries."""
    order = {who: place for place, who in enumerate(participants)}
    found = Badge.objects.filter(participant__in=order).select_related("participant")
    return sorted(found.prefetch_related("lines"), key=lambda badge: order[badge.participant_id])


def seen_by(participant: Participant, badges: Iterable[Badge]) -> list[Seen]:
    """Return badges as somebody reads them, in one query for their marks."""
    marked = set(Find.objects.filter(participant=participant).values_list("line", flat=True))
    return [
        Seen(badge, [(line, line.pk in marked) for line in badge.lines.all() if not line.is_hidden])
        for badge in badges
    ]


def near(badge: Badge, *, apart_from: Iterable[int]) -> list[int]:
    """Return the ids of those whose badges share words with this one, those with the most lines first."""
    words = {word for line in badge.lines.all() for word in line.key.split() if len(word) >= NEAR_WORD}
    if not words:
        return []
    wanted = Q()
    for word in sorted(words):
        wanted |= Q(key__contains=word)
    lines = BadgeLine.objects.filter(wanted, badge__room=badge.room_id, is_hidden=False)
    known = {badge.participant_id, *apart_from}
    owners = lines.order_by("badge__number").values_list("badge__participant", flat=True)
    counted = Counter(owner for owner in owners if owner not in known)
    return [owner for owner, _lines in counted.most_common(MOST_NEAR)]


def finds_on(badge: Badge) -> list[Find]:
    """Return who shares what stands on a badge, or could use it."""
    found = Find.objects.filter(line__badge=badge, line__is_hidden=False)
    return list(found.exclude(participant=badge.participant_id).select_related("line", "participant"))


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


def companions_of(participant: Participant, groups: Groups) -> list[Participant]:
    """Return who else of the room is in somebody's group, by name."""
    topic = groups.places.get(participant.pk)
    others = [who for who, theirs in groups.places.items() if theirs == topic and who != participant.pk]
    return list(Participant.objects.filter(room=participant.room_id, pk__in=others).order_by("name", "pk"))


def marks_in(room: Room, groups: Groups) -> dict[int, str]:
    """Return for each participant what changes when their own part of a trading round does; three queries."""
    said: dict[int, list[Any]] = defaultdict(list)
    for one, other, at in Encounter.objects.filter(badge__room=room).values_list(
        "participant", "badge__participant", "at"
    ):
        said[one].append((at, groups.places.get(other)))
        said[other].append((at, groups.places.get(one)))
    for finder, owner, pk in Find.objects.filter(line__badge__room=room).values_list(
        "participant", "line__badge__participant", "pk"
    ):
        said[finder].append(("find", pk))
        said[owner].append(("find", pk))
    inside: dict[int, list[int]] = defaultdict(list)
    for participant, topic in groups.places.items():
        inside[topic].append(participant)
        said[participant].append(("in", topic, groups.people[topic]))
    for by, to, asked, state, pk in Handshake.objects.filter(room=room).values_list(
        "by", "to", "topic", "state", "pk"
    ):
        for who in (by, *([to] if to else inside[asked])):
            said[who].append((pk, state))
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
