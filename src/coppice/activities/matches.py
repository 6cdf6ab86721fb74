"""Reads of a market: what people need and offer, who found what, and how far each two are."""

import zlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import F, Prefetch, Q

from coppice.activities.models import Match, Slip
from coppice.activities.queries import Table
from coppice.live.models import Participant, Room
from coppice.profiles.models import Expertise, Need
from coppice.programs.models import Enrollment


@dataclass(frozen=True)
class Market:
    """Everything that is on the market of a room, with who found it."""

    slips: tuple[Slip, ...]

    @property
    def needs(self) -> list[Slip]:
        return [slip for slip in self.slips if slip.is_need]

    @property
    def offers(self) -> list[Slip]:
        return [slip for slip in self.slips if not slip.is_need]

    @cached_property
    def unmatched(self) -> list[Slip]:
        """What nobody has found yet: needs first."""
        left = [slip for slip in self.slips if not found_by(slip)]
        return sorted(left, key=lambda slip: not slip.is_need)

    @property
    def met_needs(self) -> int:
        return sum(1 for slip in self.needs if found_by(slip))

    @property
    def wanted_offers(self) -> int:
        return sum(1 for slip in self.offers if found_by(slip))

    @property
    def pairs(self) -> int:
        """How many times one can help another."""
        return sum(len(found_by(slip)) for slip in self.slips)

    @property
    def introduced(self) -> int:
        return sum(1 for slip in self.slips for match in found_by(slip) if match.introduced_at)


@dataclass(frozen=True)
class Side:
    """One match as one of the two sees it."""

    match: Match
    me: Participant

    @property
    def slip(self) -> Slip:
        return self.match.slip

    @property
    def is_mine(self) -> bool:
        """Whether the reader wrote the slip, and the other one found it."""
        return self.slip.participant_id == self.me.pk

    @property
    def needs_it(self) -> bool:
        """Whether the reader is the one who needs."""
        return self.is_mine == self.slip.is_need

    @property
    def other(self) -> Participant:
        return self.match.participant if self.is_mine else self.slip.participant

    @property
    def has_agreed(self) -> bool:
        return bool(self.match.owner_agreed_at if self.is_mine else self.match.agreed_at)

    @property
    def other_agreed(self) -> bool:
        return bool(self.match.agreed_at if self.is_mine else self.match.owner_agreed_at)


def market_in(room: Room) -> Market:
    """Return what is on the market of a room: two queries, whatever there is."""
    found = Slip.objects.filter(step__room=room, is_hidden=False).select_related("participant", "topic")
    matches = Prefetch("matches", Match.objects.select_related("participant"))
    return Market(tuple(found.prefetch_related(matches)))


def found_by(slip: Slip) -> list[Match]:
    """Return who found a slip, but not its own writer, whose guest's place was made theirs since."""
    return [match for match in slip.matches.all() if match.participant_id != slip.participant_id]


def sides_of(participant: Participant) -> list[Side]:
    """Return the matches of one participant in a room: those of what they need first."""
    found = (
        Match.objects.filter(Q(participant=participant) | Q(slip__participant=participant))
        .exclude(participant=F("slip__participant"))
        .filter(slip__is_hidden=False)
        .select_related("slip__participant", "slip__topic", "participant")
    )
    return sorted((Side(match, participant) for match in found), key=lambda side: not side.needs_it)


def slips_of(participants: Iterable[Participant]) -> list[Slip]:
    """Return what these people put on the market, needs first."""
    found = Slip.objects.filter(participant__in=list(participants), is_hidden=False)
    return list(found.select_related("participant", "topic").order_by("kind", "pk"))


def marks_of_matches(market: Market) -> dict[int, str]:
    """Return for each participant what changes when their matches do."""
    said: dict[int, list[str]] = {}
    for slip in market.slips:
        for match in found_by(slip):
            agreed = (match.owner_agreed_at, match.agreed_at, match.introduced_at)
            told = f"{match.pk}{''.join('y' if each else 'n' for each in agreed)}"
            for who in (slip.participant_id, match.participant_id):
                said.setdefault(who, []).append(told)
    return {who: f"{zlib.crc32('/'.join(sorted(words)).encode()):x}" for who, words in said.items()}


def marks_at(tables: Iterable[Table], room: Room) -> dict[int, str]:
    """Return for everybody at a table what changes when it writes, or when they find something; one query."""
    wrote: dict[int, set[int]] = defaultdict(set)
    found: dict[int, set[int]] = defaultdict(set)
    slips = Slip.objects.filter(step__room=room, is_hidden=False)
    for slip, writer, match, finder in slips.values_list(
        "pk", "participant", "matches", "matches__participant"
    ):
        wrote[writer].add(slip)
        found[finder].add(match)
    marks = {}
    for table in tables:
        there = [slip for each in table.people for slip in wrote[each.pk]]
        for each in table.people:
            own = found[each.pk]
            marks[each.pk] = f"{max(there, default=0)}-{len(there)}-{max(own, default=0)}-{len(own)}"
    return marks


def are_kept(slips: Iterable[Slip], enrollment: Enrollment) -> bool:
    """Say whether all of these stand, or stood, on somebody's profile."""
    keys = {key_of(slip) for slip in slips}
    rows = {"enrollment": enrollment, "source_key__in": keys}
    return len(keys) == Need.objects.filter(**rows).count() + Expertise.objects.filter(**rows).count()


def key_of(written: Slip | Match) -> str:
    """Return the key by which a profile knows where a need or an offer came from."""
    return f"market:{written._meta.model_name}:{written.pk}"
