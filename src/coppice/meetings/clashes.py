"""Which meetings are at the same time for the same people."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from coppice.communities.models import Membership
from coppice.meetings.models import Meeting, MeetingReply
from coppice.programs.models import Program


@dataclass(frozen=True)
class Clash:
    """Another meeting at the same time, and how many people are expected at both; 0 says the reader is."""

    meeting: Meeting
    people: int = 0


type Clashes = Mapping[int, list[Clash]]


def own_clashes(meetings: Iterable[Meeting]) -> Clashes:
    """Return by the id of each meeting which others one person would have to be at as well."""
    found: dict[int, list[Clash]] = defaultdict(list)
    for one, other in overlaps(meetings):
        found[one.pk].append(Clash(other))
        found[other.pk].append(Clash(one))
    return found


def clashes_in(program: Program, meetings: Iterable[Meeting]) -> Clashes:
    """Return by the id of each meeting which others people of a program are expected at, in two queries.

    Who said that they cannot come to one of two is expected at one alone.
    """
    by_community: dict[int, list[Meeting]] = defaultdict(list)
    for meeting in meetings:
        by_community[meeting.community_id].append(meeting)
    people: dict[int, list[Meeting]] = defaultdict(list)
    members = Membership.objects.active().filter(community__in=by_community, community__program=program)
    for person, community in members.values_list("person", "community"):
        people[person] += by_community[community]
    away = _away(meeting.pk for each in by_community.values() for meeting in each)
    counts: dict[tuple[Meeting, Meeting], int] = defaultdict(int)
    for person, expected in people.items():
        for pair in overlaps(each for each in expected if (person, each.pk) not in away):
            counts[pair] += 1
    found: dict[int, list[Clash]] = defaultdict(list)
    for (one, other), number in counts.items():
        found[one.pk].append(Clash(other, number))
        found[other.pk].append(Clash(one, number))
    return found


def overlaps(meetings: Iterable[Meeting]) -> Iterator[tuple[Meeting, Meeting]]:
    """Yield each two meetings that share a moment, the earlier first; ending as one begins shares none."""
    going_on: list[Meeting] = []
    for meeting in sorted(meetings, key=lambda each: (each.starts_at, each.pk)):
        going_on = [each for each in going_on if each.ends_at > meeting.starts_at]
        yield from ((each, meeting) for each in going_on)
        going_on.append(meeting)


def _away(meeting_ids: Iterable[int]) -> set[tuple[Any, ...]]:
    replies = MeetingReply.objects.filter(
        meeting__in=list(meeting_ids), answer=MeetingReply.Answer.NOT_COMING
    )
    return set(replies.values_list("membership__person", "meeting"))
