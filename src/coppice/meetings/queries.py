"""Reads of meetings that several doors and the rooms above use."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import Any

from django.db import connection
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from coppice.communities.models import Community, Membership
from coppice.communities.permissions import is_staff_for
from coppice.communities.tabs import hand_counts, with_counts
from coppice.meetings.models import (
    FEWEST_COUNTED,
    Attendance,
    Meeting,
    MeetingReply,
    MeetingSeries,
    PulseAnswer,
)
from coppice.meetings.notices import again_occasion, today_of
from coppice.notifications.models import Message

SHARES_SHOWN = 3
EVER = datetime(1, 1, 1, tzinfo=UTC)
HELD = """
SELECT community_id, present_count, expected_count FROM meetings_meeting
WHERE starts_at >= %s AND attendance_taken_at IS NOT NULL AND cancelled_at IS NULL AND expected_count > 0
    AND community_id IN ({places})
ORDER BY starts_at, id
"""


@dataclass(frozen=True)
class AttendanceFigures:
    """Attendance = attended / expected (mission.md, section 4) of one community, over its meetings held.

    `shares` are those of the last three meetings held, between 0 and 1, the oldest first.
    """

    present: int = 0
    expected: int = 0
    meetings: int = 0
    shares: tuple[float, ...] = ()

    @property
    def percent(self) -> int | None:
        """The attendance in whole percent, or None when nobody was expected."""
        return round(100 * self.present / self.expected) if self.expected else None

    @property
    def has_fallen_twice(self) -> bool:
        """Whether each of the last two meetings had a smaller share than the one before it."""
        return len(self.shares) == SHARES_SHOWN and self.shares[2] < self.shares[1] < self.shares[0]


@dataclass(frozen=True)
class Replies:
    """The active members of a community by what they said about one meeting, each by name."""

    coming: list[Membership]
    not_coming: list[Membership]
    yet_to_say: list[Membership]


@dataclass(frozen=True)
class Presence:
    """Who was at a meeting and who was not, as the attendance was taken.

    `shorter` are the names of those who came late or left early, with how many minutes they were there.
    """

    there: list[Membership]
    not_there: list[Membership]
    shorter: list[tuple[str, int]]


@dataclass(frozen=True)
class OwnPlace:
    """Where a reader stands who may open the page: a member, or program staff, who have no membership.

    `answer` is what they said about one meeting ("" is nothing yet), `was_there` whether they were there.
    """

    membership: Membership | None
    is_staff: bool
    answer: str = ""
    was_there: bool = False

    @property
    def zone(self) -> tzinfo:
        """The zone in which they read times: a member's own, else that of whoever is signed in."""
        return self.membership.zone if self.membership else timezone.get_current_timezone()

    @property
    def leads(self) -> bool:
        """Whether they lead the community's meetings, as `can_lead_meeting` says: leaders, program staff."""
        own = self.membership
        return self.is_staff or (own is not None and own.is_leader and own.state == Membership.State.ACTIVE)

    @property
    def answer_label(self) -> str:
        return str(MeetingReply.Answer(self.answer).label) if self.answer else ""


@dataclass(frozen=True)
class WorthCount:
    """How many people gave one of the five answers."""

    worth: PulseAnswer.Worth
    count: int


@dataclass(frozen=True)
class Pulse:
    """What came back the day after: `answered` of `asked`, and what people will try, by name.

    `distribution` holds the answers `counted` so far, at least five more at a time; it is empty before, for
    ever when fewer were there (`is_too_few`).
    """

    asked: int
    answered: int
    counted: int
    distribution: list[WorthCount]
    will_try: list[PulseAnswer]

    @property
    def is_too_few(self) -> bool:
        """Whether so few were there that their answers are never shown as numbers."""
        return self.asked < FEWEST_COUNTED


def meeting_of(person: Any, *, meeting_id: int) -> Meeting:
    """Return a meeting that the person may know of; raises Http404 otherwise."""
    meetings = Meeting.objects.visible_to(person).select_related("community__program__provider", "series")
    meeting = get_object_or_404(with_counts(meetings, person, community="community"), pk=meeting_id)
    hand_counts(meeting, meeting.community)
    return meeting


def meeting_of_series(person: Any, *, meeting_id: int) -> Meeting:
    """Return a meeting of a series that the person may know of; raises Http404 otherwise."""
    meeting = meeting_of(person, meeting_id=meeting_id)
    if meeting.series is None:
        raise Http404
    return meeting


def series_of(person: Any, *, series_id: int) -> MeetingSeries:
    """Return a series that the person may know of; raises Http404 otherwise."""
    return get_object_or_404(
        MeetingSeries.objects.visible_to(person).select_related("community__program__provider", "continues"),
        pk=series_id,
    )


def attendance_by_community(
    community_ids: Collection[int], since: datetime = EVER
) -> dict[int, AttendanceFigures]:
    """Return the attendance of communities by their id, in one query; who held no meeting is missing.

    Only meetings count that began at `since` or later. Written by hand, as every board and every Now asks it
    and Django would take longer to write it than SQL to look.
    """
    if not community_ids:
        return {}
    places = ", ".join(["%s"] * len(community_ids))
    with connection.cursor() as cursor:
        cursor.execute(
            HELD.format(places=places),
            [connection.ops.adapt_datetimefield_value(since), *community_ids],
        )
        held = cursor.fetchall()
    counts: dict[int, list[tuple[int, int]]] = {}
    for community_id, present, expected in held:
        counts.setdefault(community_id, []).append((present or 0, expected or 0))
    return {
        community_id: AttendanceFigures(
            present=sum(present for present, _expected in meetings),
            expected=sum(expected for _present, expected in meetings),
            meetings=len(meetings),
            shares=tuple(present / expected for present, expected in meetings[-SHARES_SHOWN:]),
        )
        for community_id, meetings in counts.items()
    }


def active_members(community: Community) -> QuerySet[Membership]:
    """Return who is expected at a community's meetings, by name, ready to be written to."""
    return (
        Membership.objects.active()
        .filter(community=community)
        .select_related("community__program__provider", "enrollment", "person")
        .order_by("enrollment__name", "pk")
    )


def own_place(person: Any, community: Community) -> OwnPlace:
    """Return where a reader of a community's pages stands, in one query."""
    return _place(_own_membership(person, community).first(), is_staff=is_staff_for(person, community))


def own_part(person: Any, meeting: Meeting) -> OwnPlace:
    """Return where a reader of a meeting's page stands and what the meeting is to them, in one query."""
    reply = MeetingReply.objects.filter(meeting=meeting, membership=OuterRef("pk")).values("answer")
    presence = Attendance.objects.filter(meeting=meeting, membership=OuterRef("pk"), was_present=True)
    membership = (
        _own_membership(person, meeting.community)
        .annotate(own_answer=Subquery(reply), was_there=Exists(presence))
        .first()
    )
    place = _place(membership, is_staff=is_staff_for(person, meeting.community))
    if membership is None:
        return place
    return replace(place, answer=membership.own_answer or "", was_there=membership.was_there)


def _own_membership(person: Any, community: Community) -> Any:
    return (
        Membership.objects.taking_part()
        .select_related("community", "enrollment", "person")
        .filter(community=community, person=person)
    )


def _place(membership: Any, *, is_staff: bool) -> OwnPlace:
    return OwnPlace(membership=membership, is_staff=is_staff)


def replies_to(meeting: Meeting) -> Replies:
    """Return who comes, who cannot, and who has yet to say, in two queries."""
    answers = dict(meeting.replies.values_list("membership", "answer"))
    by_answer: dict[str, list[Membership]] = {}
    for membership in active_members(meeting.community):
        by_answer.setdefault(answers.get(membership.pk, ""), []).append(membership)
    return Replies(
        coming=by_answer.get(MeetingReply.Answer.COMING, []),
        not_coming=by_answer.get(MeetingReply.Answer.NOT_COMING, []),
        yet_to_say=by_answer.get("", []),
    )


def last_asked_at(meeting: Meeting) -> datetime | None:
    """Return when those who had yet to say were last asked again, or None."""
    mails = Message.objects.filter(occasion=again_occasion(meeting))
    return mails.aggregate(last=Max("created_at"))["last"]


def was_asked_today(meeting: Meeting) -> bool:
    """Say whether they were asked again today, by the community's clock."""
    return Message.objects.filter(occasion=again_occasion(meeting), period=today_of(meeting)).exists()


def presence_at(meeting: Meeting) -> Presence:
    """Return who was there and who was not, each by name, in one query."""
    rows = meeting.attendances.select_related("membership__enrollment")
    by_presence: dict[bool, list[Membership]] = {True: [], False: []}
    shorter = []
    for row in rows.order_by("membership__enrollment__name", "membership"):
        by_presence[row.was_present].append(row.membership)
        if row.was_present and row.minutes is not None:
            shorter.append((str(row.membership.enrollment), row.minutes))
    return Presence(there=by_presence[True], not_there=by_presence[False], shorter=shorter)


def pulse_of_meeting(meeting: Meeting) -> Pulse:
    """Return what came back the day after, of those who were there; whoever answered counts among them."""
    answers = list(
        meeting.pulse_answers.select_related("membership__enrollment").order_by(
            "membership__enrollment__name", "pk"
        )
    )
    there = Attendance.objects.filter(meeting=meeting, was_present=True)
    asked = set(there.values_list("membership", flat=True))
    counts = Counter(answer.counted for answer in answers if answer.counted is not None)
    return Pulse(
        asked=len(asked | {answer.membership_id for answer in answers}),
        answered=len(answers),
        counted=counts.total(),
        distribution=[WorthCount(worth, counts[worth]) for worth in PulseAnswer.Worth] if counts else [],
        will_try=[answer for answer in answers if answer.will_try],
    )


def expected_at(meeting: Meeting) -> list[Membership]:
    """Return whose attendance is taken: active members, and whoever stands there from before; by name."""
    counted = Membership.objects.filter(attendances__meeting=meeting).values("pk")
    return list(
        Membership.objects.filter(community=meeting.community_id)
        .filter(Q(state=Membership.State.ACTIVE) | Q(pk__in=counted))
        .select_related("enrollment")
        .order_by("enrollment__name", "pk")
    )
