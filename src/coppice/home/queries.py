"""Reads that join rooms: the program board, the call list, a community's Now, counts for funders."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from coppice.communities.models import Community, Membership
from coppice.meetings.models import Attendance, Meeting, MeetingReply
from coppice.programs.models import Affiliation, Enrollment, Organization, Program
from coppice.stewardship.models import Snooze
from coppice.stewardship.queries import count_to_call, with_contact

ATTENDANCE_DAYS = 90
SMALLEST_GROUP = 5
SHOWN_PROGRAMS = 20


@dataclass(frozen=True)
class AttendanceFigure:
    """Attendance = attended / expected (mission.md, section 4), over the meetings of a span of days.

    `shares` holds the share of each meeting held in it, oldest first.
    """

    present: int
    expected: int
    shares: tuple[float, ...]

    @property
    def percent(self) -> int | None:
        """The attendance in whole percent, or None when nobody was expected."""
        return round(100 * self.present / self.expected) if self.expected else None

    @property
    def has_fallen_twice(self) -> bool:
        """Whether each of the last two meetings had a smaller share than the one before it."""
        return len(self.shares) >= 3 and self.shares[-1] < self.shares[-2] < self.shares[-3]


NO_MEETINGS = AttendanceFigure(present=0, expected=0, shares=())


def attendance(community_ids: list[int], *, now: datetime | None = None) -> dict[int, AttendanceFigure]:
    """Return the attendance of each community over the last 90 days, in one query."""
    since = (now or timezone.now()) - timedelta(days=ATTENDANCE_DAYS)
    rows = (
        Attendance.objects.filter(
            meeting__community__in=community_ids, meeting__starts_at__gte=since, meeting__cancelled_at=None
        )
        .values("meeting__community", "meeting", "meeting__starts_at")
        .annotate(present=Count("pk", filter=Q(was_present=True)), expected=Count("pk"))
        .order_by("meeting__starts_at", "meeting")
    )
    held: dict[int, list[tuple[int, int]]] = {}
    for row in rows:
        held.setdefault(row["meeting__community"], []).append((row["present"], row["expected"]))
    return {
        community: AttendanceFigure(
            present=sum(present for present, _expected in meetings),
            expected=sum(expected for _present, expected in meetings),
            shares=tuple(present / expected for present, expected in meetings),
        )
        for community, meetings in held.items()
    }


def for_board(communities: QuerySet[Community], *, now: datetime | None = None) -> QuerySet[Community]:
    """Add what a line of the board shows: contact, snooze, members, and the next meeting's start and zone."""
    coming = Meeting.objects.filter(
        community=OuterRef("pk"), cancelled_at=None, ends_at__gte=now or timezone.now()
    ).order_by("starts_at")
    members = (
        Membership.objects.filter(community=OuterRef("pk"), state=Membership.State.ACTIVE)
        .order_by()
        .values("community")
        .annotate(count=Count("pk"))
    )
    return with_contact(communities).annotate(
        next_meeting_at=Subquery(coming.values("starts_at")[:1]),
        next_meeting_id=Subquery(coming.values("pk")[:1]),
        members=Subquery(members.values("count")[:1]),
        snoozed_until=Subquery(Snooze.objects.filter(community=OuterRef("pk")).values("until")[:1]),
    )


def leaders_of(community_ids: list[int]) -> dict[int, list[Membership]]:
    """Return the active leaders of each community, in one query."""
    leaders: dict[int, list[Membership]] = {}
    for membership in (
        Membership.objects.filter(
            community__in=community_ids, role=Membership.Role.LEADER, state=Membership.State.ACTIVE
        )
        .select_related("enrollment")
        .order_by("pk")
    ):
        leaders.setdefault(membership.community_id, []).append(membership)
    return leaders


@dataclass(frozen=True)
class ProgramCounts:
    """How large a program is: living communities, active members, organizations they come from."""

    communities: int
    members: int
    organizations: int
    invited: int


def program_counts(program: Program, *, communities: int) -> ProgramCounts:
    """Count unduplicated active and invited people and their organizations, beside its living communities."""
    active = Q(state=Membership.State.ACTIVE)
    people = Membership.objects.filter(community__program=program, community__ended_at=None).aggregate(
        members=Count("person", distinct=True, filter=active),
        invited=Count("person", distinct=True, filter=Q(state=Membership.State.INVITED)),
        organizations=Count("enrollment__affiliations__organization", distinct=True, filter=active),
    )
    return ProgramCounts(communities=communities, **people)


@dataclass(frozen=True)
class Reach:
    """Counts that a funder or an organization's lead may read.

    `people` counts each person once, `contacts` every time somebody was there. `contact_hours` is the sum of
    hours times people; `hours` the length of the meetings that somebody counted here came to (for an
    organization that is its dosage; mission.md, section 4).
    Numbers about fewer than five people are None.
    """

    people: int
    meetings: int
    hours: float | None
    contacts: int | None
    contact_hours: float | None
    percent: int | None


def program_reach(program: Program) -> Reach:
    """Return the counts of a whole program, for its funders."""
    people = (
        Membership.objects.filter(community__program=program, state=Membership.State.ACTIVE)
        .values("person")
        .distinct()
        .count()
    )
    return _reach(Attendance.objects.filter(meeting__community__program=program), people=people)


def organization_reach(organization: Organization) -> Reach:
    """Return the counts of one organization, for its lead."""
    enrollments = Affiliation.objects.filter(organization=organization, enrollment__ended_at=None).values(
        "enrollment"
    )
    people = (
        Membership.objects.filter(enrollment__in=enrollments, state=Membership.State.ACTIVE)
        .values("person")
        .distinct()
        .count()
    )
    return _reach(Attendance.objects.filter(membership__enrollment__in=enrollments), people=people)


def communities_of_organization(organization: Organization) -> QuerySet[Community]:
    """Return the communities in which people of an organization are active, with how many."""
    enrollments = Enrollment.objects.filter(affiliations__organization=organization, ended_at=None)
    return (
        Community.objects.filter(
            memberships__enrollment__in=enrollments, memberships__state=Membership.State.ACTIVE
        )
        .annotate(our_people=Count("memberships"))
        .order_by("name", "pk")
    )


def _reach(rows: QuerySet[Attendance], *, people: int) -> Reach:
    rows = rows.filter(meeting__cancelled_at=None)
    shown = people >= SMALLEST_GROUP
    counts = rows.aggregate(
        contacts=Count("pk", filter=Q(was_present=True)),
        expected=Count("pk"),
        length=Sum(F("meeting__ends_at") - F("meeting__starts_at"), filter=Q(was_present=True)),
    )
    lengths = Meeting.objects.filter(pk__in=rows.filter(was_present=True).values("meeting")).aggregate(
        count=Count("pk"), length=Sum(F("ends_at") - F("starts_at"))
    )
    return Reach(
        people=people,
        meetings=lengths["count"],
        hours=_hours(lengths["length"]) if shown else None,
        contacts=counts["contacts"] if shown else None,
        contact_hours=_hours(counts["length"]) if shown else None,
        percent=round(100 * counts["contacts"] / counts["expected"])
        if shown and counts["expected"]
        else None,
    )


def _hours(length: timedelta | None) -> float:
    return round(length.total_seconds() / 3600, 1) if length else 0.0


def around_now(community: Community) -> tuple[Meeting | None, Meeting | None]:
    """Return the last meeting of a community and the next (or going on), in one query."""
    now = timezone.now()
    meetings = Meeting.objects.of(community)
    rows = Meeting.objects.filter(
        Q(pk__in=meetings.past(now).values("pk")[:1]) | Q(pk__in=meetings.upcoming(now).values("pk")[:1])
    )
    last, coming = None, None
    for meeting in rows:
        if meeting.ends_at < now:
            last = meeting
        else:
            coming = meeting
    return last, coming


@dataclass(frozen=True)
class Standing:
    """Where a reader stands in a community: their own membership, if any, and who leads it."""

    mine: Membership | None
    leaders: list[Membership]
    is_staff: bool

    @property
    def leads(self) -> bool:
        """Whether the reader may plan meetings and take attendance."""
        return self.is_staff or self.mine in self.leaders


def standing(community: Community, person: Any) -> Standing:
    """Return where somebody stands who may read the community: one of its members, or program staff."""
    leading = Q(role=Membership.Role.LEADER, state=Membership.State.ACTIVE)
    rows: list[Any] = list(
        community.memberships.filter(leading | Q(person=person))
        .annotate(
            is_staff=Exists(Program.objects.staffed_by(person).filter(pk=OuterRef("community__program")))
        )
        .select_related("enrollment")
        .prefetch_related("enrollment__organizations")
        .order_by("pk")
    )
    mine = next((row for row in rows if row.person_id == person.pk), None)
    leaders = [row for row in rows if row.is_leader and row.state == Membership.State.ACTIVE]
    return Standing(mine=mine, leaders=leaders, is_staff=mine is None or mine.is_staff)


@dataclass(frozen=True)
class Replies:
    """Who comes to a meeting, who cannot and who has yet to say; `mine` is the reader's own answer."""

    coming: int
    not_coming: int
    unsaid: int
    mine: str


def replies(meeting: Meeting, person: Any, *, active: int) -> Replies:
    """Count the answers of the `active` members, in one query with the reader's own."""
    said = Q(membership__state=Membership.State.ACTIVE)
    counts = meeting.replies.aggregate(
        coming=Count("pk", filter=said & Q(answer=MeetingReply.Answer.COMING)),
        not_coming=Count("pk", filter=said & Q(answer=MeetingReply.Answer.NOT_COMING)),
        mine=Max("answer", filter=Q(membership__person=person)),
    )
    return Replies(
        coming=counts["coming"],
        not_coming=counts["not_coming"],
        unsaid=active - counts["coming"] - counts["not_coming"],
        mine=counts["mine"] or "",
    )


def my_memberships(person: Any) -> QuerySet[Membership]:
    """Return a person's memberships with their communities: invited, active, pausing, and left."""
    return (
        Membership.objects.filter(person=person, community__ended_at=None)
        .exclude(state__in=[Membership.State.DECLINED, Membership.State.WITHDRAWN])
        .select_related("community__program")
        .order_by("state", "community__name", "pk")
    )


@dataclass(frozen=True)
class ProgramCard:
    """A program on its staff's home page, with what waits there."""

    program: Program
    communities: int
    invited: int
    calls: int


def my_programs(person: Any) -> list[ProgramCard]:
    """Return the twenty programs of somebody's work that end last, with what waits there: two queries."""
    living = Community.objects.living().filter(program=OuterRef("pk"))
    unanswered = Membership.objects.filter(
        community__program=OuterRef("pk"), community__ended_at=None, state=Membership.State.INVITED
    )
    programs: list[Any] = list(
        Program.objects.staffed_by(person)
        .annotate(
            living=Subquery(_count(living, per="program")),
            unanswered=Subquery(_count(unanswered, per="community__program")),
        )
        .order_by("-award_ends", "pk")[:SHOWN_PROGRAMS]
    )
    calls = count_to_call(programs)
    return [
        ProgramCard(
            program=program,
            communities=program.living or 0,
            invited=program.unanswered or 0,
            calls=calls.get(program.pk, 0),
        )
        for program in programs
    ]


def _count(rows: QuerySet[Any], *, per: str) -> QuerySet[Any]:
    """Turn rows into a subquery that counts them per value of a field."""
    return rows.order_by().values(per).annotate(count=Count("pk")).values("count")


def my_next_meetings(person: Any, *, at: datetime | None = None) -> QuerySet[Meeting]:
    """Return the next five meetings of the communities in which a person is active."""
    return (
        Meeting.objects.upcoming(at)
        .filter(
            community__in=Membership.objects.filter(person=person, state=Membership.State.ACTIVE).values(
                "community"
            )
        )
        .select_related("community")[:5]
    )
