"""Reads that join rooms: the program board, the call list, a community's Now, counts for funders."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import BigAutoField, Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from coppice.communities.models import Community, Membership
from coppice.communities.next_steps import with_choices
from coppice.communities.permissions import is_staff_for
from coppice.communities.tabs import hand_counts, with_counts
from coppice.conversations.decision_steps import unanswered_column
from coppice.conversations.peace_models import TalkStop
from coppice.lib.natural import natural
from coppice.lib.questions import Given, Question
from coppice.meetings.dosage import Figures, organization_dosage, program_dosage
from coppice.meetings.models import Meeting, MeetingReply
from coppice.meetings.queries import AttendanceFigures, attendance_by_community
from coppice.meetings.spans import Span
from coppice.meetings.starter import circles
from coppice.programs.models import Affiliation, Enrollment, Organization, Program, Staff
from coppice.programs.wording import Words, words_for
from coppice.stewardship.queries import count_to_call

ATTENDANCE_SPAN = timedelta(days=90)
NO_MEETINGS = AttendanceFigures()
LEADING = Q(role=Membership.Role.LEADER, state=Membership.State.ACTIVE)
SMALLEST_GROUP = 5
SHOWN_PROGRAMS = 20
SHOWN_OF_A_MEETING = ("title", "starts_at", "ends_at", "link", "attendance_taken_at")
COUNTS = """
WITH circle AS (
    SELECT COALESCE(MAX(circle_id), 0) AS id FROM meetings_starterpack WHERE program_id = %(program)s)
SELECT
    (SELECT COUNT(*) FROM communities_community AS community
        WHERE community.program_id = %(program)s AND community.ended_at IS NULL
            AND community.id <> (SELECT id FROM circle)),
    (SELECT COUNT(*) FROM (
        SELECT membership.person_id FROM communities_membership AS membership
        JOIN communities_community AS community ON community.id = membership.community_id
        WHERE community.program_id = %(program)s AND community.ended_at IS NULL
            AND membership.state = 'active' AND community.id <> (SELECT id FROM circle)
        GROUP BY membership.person_id) AS member),
    (SELECT COUNT(*) FROM programs_organization AS organization
        WHERE organization.program_id = %(program)s AND EXISTS (
            SELECT 1 FROM programs_affiliation AS affiliation
            JOIN communities_membership AS membership
                ON membership.enrollment_id = affiliation.enrollment_id
            JOIN communities_community AS community ON community.id = membership.community_id
            WHERE affiliation.organization_id = organization.id AND membership.state = 'active'
                AND community.ended_at IS NULL AND community.id <> (SELECT id FROM circle))),
    (SELECT COUNT(*) FROM (
        SELECT membership.person_id FROM communities_membership AS membership
        JOIN communities_community AS community ON community.id = membership.community_id
        WHERE community.program_id = %(program)s AND community.ended_at IS NULL
            AND membership.state = 'invited'
        GROUP BY membership.person_id) AS invited),
    (SELECT COUNT(*) FROM communities_invitationword AS word
        WHERE word.answered_at IS NULL AND NOT (word.kind = 'declining') AND EXISTS (
            SELECT 1 FROM communities_membership AS membership
            JOIN communities_community AS community ON community.id = membership.community_id
            WHERE membership.id = word.membership_id AND community.program_id = %(program)s)),
    (SELECT COUNT(*) FROM communities_membership AS membership
        JOIN communities_community AS community ON community.id = membership.community_id
        JOIN programs_enrollment AS enrollment ON enrollment.id = membership.enrollment_id
        JOIN accounts_person AS person ON person.id = membership.person_id
        WHERE community.program_id = %(program)s AND community.ended_at IS NULL
            AND membership.state = 'invited' AND enrollment.ended_at IS NULL
            AND (enrollment.contact_mode <> 'email' OR (enrollment.email = '' AND person.email IS NULL)))
"""


FACTS = """
SELECT
    community.id, community.name, community.stage, community.starts_on, snooze.until,
    latest.spoken_on, latest.next_on, coming.id, coming.starts_at, enrollment.name, enrollment.phone,
    EXISTS (SELECT 1 FROM communities_membership AS asked
        WHERE asked.community_id = community.id AND asked.state = 'invited' AND asked.role = 'leader'),
    EXISTS (SELECT 1 FROM meetings_starterpack AS pack WHERE pack.circle_id = community.id)
FROM communities_community AS community
LEFT JOIN stewardship_snooze AS snooze ON snooze.community_id = community.id
LEFT JOIN stewardship_leadercheckin AS latest ON latest.id = (
    SELECT id FROM stewardship_leadercheckin WHERE community_id = community.id
    ORDER BY spoken_on DESC, id DESC LIMIT 1)
LEFT JOIN meetings_meeting AS coming ON coming.id = (
    SELECT id FROM meetings_meeting
    WHERE community_id = community.id AND ends_at >= %s AND cancelled_at IS NULL
    ORDER BY starts_at LIMIT 1)
LEFT JOIN communities_membership AS led ON led.id = (
    SELECT MIN(id) FROM communities_membership
    WHERE community_id = community.id AND state = 'active' AND role = 'leader')
LEFT JOIN programs_enrollment AS enrollment ON enrollment.id = led.enrollment_id
WHERE community.id IN ({places})
"""


@dataclass(frozen=True)
class Facts:
    """What the board has to know of one community.

    `leader` is the name of who leads it longest: None when nobody does, "" when they had themselves erased.
    `is_leader_asked` says that somebody is invited to lead and has yet to answer; `is_circle` that it is the
    group of all who lead, which needs no leader of its own.
    """

    community: int
    name: str
    stage: str
    starts_on: date
    snoozed_until: date | None
    last_spoken_on: date | None
    next_call_on: date | None
    next_meeting: int | None
    next_meeting_at: datetime | None
    leader: str | None
    leader_phone: str | None
    is_leader_asked: bool
    is_circle: bool
    attendance: AttendanceFigures


def living(program: Program) -> list[int]:
    """Return the ids of a program's living communities by their names, as people count."""
    named = sorted(LIVING.ask(program=program.pk), key=lambda row: natural(row[1]))
    return [community_id for community_id, _name in named]


LIVING = Question(
    lambda: (
        Community.objects.living().filter(program=Given("program", BigAutoField())).values_list("pk", "name")
    )
)


def facts_of(community_ids: Collection[int]) -> dict[int, Facts]:
    """Return what the board has to know of communities by their id, in two queries.

    Written by hand for the reason that `program_counts` gives.
    """
    if not community_ids:
        return {}
    now = timezone.now()
    attendance = attendance_by_community(community_ids, since=now - ATTENDANCE_SPAN)
    places = ", ".join(["%s"] * len(community_ids))
    with connection.cursor() as cursor:
        cursor.execute(
            FACTS.format(places=places),
            [connection.ops.adapt_datetimefield_value(now), *community_ids],
        )
        rows = cursor.fetchall()
    return {row[0]: _facts(row, attendance.get(row[0], NO_MEETINGS)) for row in rows}


def _facts(row: tuple[Any, ...], attendance: AttendanceFigures) -> Facts:
    *others, meeting_at, leader, phone, is_leader_asked, is_circle = row
    if meeting_at and meeting_at.tzinfo is None:  # SQLite keeps moments in UTC and does not say so
        meeting_at = meeting_at.replace(tzinfo=UTC)
    return Facts(*[*others, meeting_at, leader, phone, bool(is_leader_asked), bool(is_circle), attendance])


@dataclass(frozen=True)
class ProgramCounts:
    """How large a program is: living communities, active members, organizations they come from.

    `waiting_words` is how much of what invited people wrote waits for an answer, `without_mail` how many
    invitations of people whom mail does not reach do (`communities.queries.invited_without_mail`).
    """

    communities: int
    members: int
    organizations: int
    invited: int
    waiting_words: int
    without_mail: int


def program_counts(program: Program) -> ProgramCounts:
    """Count living communities, unduplicated active and invited people, organizations and words: one query.

    The circle of all who lead is no community of the program's: it does not count, nor who is in it alone.

    Written by hand, as every board begins with it and Django would take longer to write it than SQL to count.
    Grouping finds each person once in half the time that SQLite's COUNT(DISTINCT) takes.
    """
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, {"program": program.pk})
        return ProgramCounts(*cursor.fetchone())


@dataclass(frozen=True)
class Reach:
    """Counts that a funder or an organization's lead may read.

    `people` counts each person once, `contacts` every time somebody was there, `expected` every time somebody
    should have been. `contact_hours` is the sum of hours times people; `hours` the length of the meetings
    that somebody counted here came to (for an organization that is its dosage; mission.md, section 4).
    Numbers about fewer than five people are None: `people` goes by who takes part now, all others by whose
    attendance they count, whoever has left since included.
    """

    people: int | None
    meetings: int | None
    hours: float | None
    contacts: int | None
    contact_hours: float | None
    expected: int | None
    percent: int | None


def program_reach(program: Program) -> Reach:
    """Return the counts of a whole program, for its funders."""
    people = (
        Membership.objects.filter(community__program=program, state=Membership.State.ACTIVE)
        .exclude(community__in=circles(program.pk))
        .values("person")
        .distinct()
        .count()
    )
    dosage = program_dosage(program, Span(program.zone), without=circles(program.pk))
    return _reach(dosage.total, people=people, counted=dosage.counted)


def organization_reach(organization: Organization) -> Reach:
    """Return the counts of one organization, for its lead."""
    enrollments = Affiliation.objects.filter(organization=organization, enrollment__ended_at=None).values(
        "enrollment"
    )
    leaders_circle = circles(organization.program_id)
    people = (
        Membership.objects.filter(enrollment__in=enrollments, state=Membership.State.ACTIVE)
        .exclude(community__in=leaders_circle)
        .values("person")
        .distinct()
        .count()
    )
    figures, counted = organization_dosage(organization, without=leaders_circle)
    return _reach(figures, people=people, counted=counted)


def communities_of_organization(organization: Organization) -> QuerySet[Community]:
    """Return the communities in which people of an organization are active, with how many."""
    enrollments = Enrollment.objects.filter(affiliations__organization=organization, ended_at=None)
    return (
        Community.objects.filter(
            memberships__enrollment__in=enrollments, memberships__state=Membership.State.ACTIVE
        )
        .exclude(pk__in=circles(organization.program_id))
        .annotate(our_people=Count("memberships"))
        .order_by("name", "pk")
    )


def _reach(figures: Figures, *, people: int, counted: int) -> Reach:
    """Return figures as far as they may be read: five people or more were there.

    `counted` people were expected at all; where there are none, nothing was held, and nought tells of all.
    """
    if (figures.people if counted else people) < SMALLEST_GROUP:
        hidden = dict.fromkeys(("meetings", "hours", "contacts", "contact_hours", "expected", "percent"))
        return Reach(people=people if people >= SMALLEST_GROUP else None, **hidden)
    return Reach(
        people=people if people >= SMALLEST_GROUP else None,
        meetings=figures.meetings,
        hours=round(figures.hours, 1),
        contacts=figures.contacts,
        contact_hours=round(figures.contact_hours, 1),
        expected=figures.expected,
        percent=figures.percent,
    )


def around_now(community: Community) -> tuple[Meeting | None, Meeting | None]:
    """Return the last meeting of a community and the next (or going on), in one query."""
    now = timezone.now()
    meetings = Meeting.objects.of(community)
    last, coming = (meetings.past(now).values("pk")[:1], meetings.upcoming(now).values("pk")[:1])
    found = list(Meeting.objects.filter(Q(pk__in=last) | Q(pk__in=coming)).only(*SHOWN_OF_A_MEETING))
    return (
        next((each for each in found if each.ends_at < now), None),
        next((each for each in found if each.ends_at >= now), None),
    )


def to_record(last: Meeting | None, coming: Meeting | None) -> Meeting | None:
    """Return the meeting whose attendance is to be taken: the one going on, else the last that is over."""
    latest = coming if coming and coming.has_begun else last
    return latest if latest and latest.attendance_taken_at is None else None


def attendance(community: Community) -> AttendanceFigures | None:
    """Return the attendance of a community over the last 90 days, or None when it held no meeting."""
    since = timezone.now() - ATTENDANCE_SPAN
    return attendance_by_community([community.pk], since=since).get(community.pk)


@dataclass(frozen=True)
class Leader:
    """Who leads a community, as its program knows them."""

    name: str
    organizations: list[str]


@dataclass(frozen=True)
class Standing:
    """Where a reader stands in a community: their own membership, if any, and who leads it."""

    mine: Membership | None
    leaders: list[Leader]
    is_staff: bool
    unanswered: int = 0
    """How many decisions of its conversations wait for the reader's answer."""
    is_stopped: bool = False
    """Whether the reader only reads there for a while."""

    @property
    def leads(self) -> bool:
        """Whether the reader may plan meetings and take attendance."""
        return self.is_staff or (self.mine is not None and _is_leading(self.mine))


OF_ENROLLMENT = ("name", "time_zone", "ended_at", "person")


def standing(community: Community, person: Any) -> Standing:
    """Return where somebody stands who may read the community, and who leads it, in one query."""
    stops = TalkStop.objects.current()
    rows: list[Any] = list(
        with_choices(community.memberships.filter(LEADING | Q(person=person)))
        .select_related("enrollment")
        .only("community", "person", "role", "state", *(f"enrollment__{name}" for name in OF_ENROLLMENT))
        .annotate(
            organization=F("enrollment__affiliations__organization__name"),
            unanswered=unanswered_column(),
            is_stopped=Exists(stops.filter(community=OuterRef("community"), person=OuterRef("person"))),
        )
        .order_by("pk", "organization")
    )
    leading: dict[int, list[Any]] = {}
    for row in rows:
        if _is_leading(row):
            leading.setdefault(row.pk, []).append(row)
    mine = next((row for row in rows if row.person_id == person.pk), None)
    if mine:
        mine.community, mine.person, mine.enrollment.person = community, person, person  # known already
    return Standing(
        mine=mine,
        leaders=[
            Leader(str(same[0].enrollment), [row.organization for row in same if row.organization])
            for same in leading.values()
        ],
        is_staff=is_staff_for(person, community),
        unanswered=mine.unanswered if mine else 0,
        is_stopped=mine.is_stopped if mine else False,
    )


def _is_leading(membership: Membership) -> bool:
    return membership.is_leader and membership.state == Membership.State.ACTIVE


@dataclass(frozen=True)
class Replies:
    """Who comes to a meeting, who cannot and who has yet to say; `mine` is the reader's own answer."""

    coming: int
    not_coming: int
    unsaid: int
    mine: str


@dataclass(frozen=True)
class Headcount:
    """How many are in a community and how many have yet to answer, with the replies to one meeting."""

    active: int
    invited: int
    replies: Replies


def headcount(community: Community, meeting: Meeting | None, person: Any) -> Headcount:
    """Count the members and what the active ones replied to a meeting, in one query with the reader's own."""
    rows = HEADS.ask(community=community.pk, meeting=meeting and meeting.pk, person=person.pk)
    people: Counter[tuple[str, str | None]] = Counter()
    mine = ""
    for state, answer, count, own in rows:
        people[state, answer] = count
        mine = answer if own and answer else mine
    state = Membership.State
    coming, not_coming, unsaid = (people[state.ACTIVE, answer] for answer in (*MeetingReply.Answer, None))
    return Headcount(
        active=coming + not_coming + unsaid,
        invited=sum(count for (state_now, _answer), count in people.items() if state_now == state.INVITED),
        replies=Replies(coming=coming, not_coming=not_coming, unsaid=unsaid, mine=mine),
    )


def _heads() -> QuerySet[Any, Any]:
    number = BigAutoField()
    of_meeting = Q(meeting_replies__meeting=Given("meeting", number))
    return (
        Membership.objects.filter(community=Given("community", number))
        .annotate(reply=FilteredRelation("meeting_replies", condition=of_meeting))
        .order_by()
        .values_list("state", "reply__answer")
        .annotate(people=Count("pk"), own=Count("pk", filter=Q(person=Given("person", number))))
    )


HEADS = Question(_heads)


def my_memberships(person: Any) -> QuerySet[Membership]:
    """Return a person's memberships with their communities: invited, active, pausing, and left.

    Each row knows what is new or waits in its community; `knowing_news` hands that on.
    """
    memberships = (
        Membership.objects.filter(person=person, community__ended_at=None)
        .exclude(state__in=[Membership.State.DECLINED, Membership.State.WITHDRAWN])
        .select_related("community__program")
        .order_by("state", "community__name", "pk")
    )
    return with_counts(memberships, person, community="community")


def knowing_news(memberships: Iterable[Membership]) -> list[Membership]:
    """Return memberships of `my_memberships` whose communities know what is new or waits there."""
    rows = list(memberships)
    for each in rows:
        hand_counts(each, each.community)
    return rows


@dataclass(frozen=True)
class ProgramCard:
    """A program on its staff's home page, with what waits there."""

    program: Program
    communities: int
    invited: int
    calls: int

    @property
    def words(self) -> Words:
        """What the program calls its communities."""
        return words_for(self.program)

    @property
    def counted(self) -> str:
        """How many communities there are, in the program's word."""
        return self.words.counted(self.communities)


def my_programs(person: Any) -> list[ProgramCard]:
    """Return the twenty programs of somebody's work that end last, with what waits there: two queries."""
    living = Community.objects.living().filter(program=OuterRef("pk"))
    living = living.exclude(pk__in=circles(OuterRef(OuterRef("pk"))))
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


def my_posts(person: Any) -> list[Staff]:
    """Return where somebody works, with the providers, in one query."""
    posts = Staff.objects.filter(person=person, is_active=True)
    return list(posts.select_related("provider").order_by("pk"))


def _count(rows: QuerySet[Any], *, per: str) -> QuerySet[Any]:
    """Turn rows into a subquery that counts them per value of a field."""
    return rows.order_by().values(per).annotate(count=Count("pk")).values("count")


@dataclass(frozen=True)
class NextMeeting:
    """A meeting on somebody's home page, and the zone in which they read its time there and in its mails."""

    meeting: Meeting
    zone: ZoneInfo


def my_next_meetings(person: Any, *, at: datetime | None = None) -> list[NextMeeting]:
    """Return the next five meetings of the communities in which a person is active, in one query."""
    mine = Membership.objects.filter(person=person, state=Membership.State.ACTIVE)
    roster_zone = mine.filter(community=OuterRef("community")).values("enrollment__time_zone")[:1]
    meetings: list[Any] = list(
        Meeting.objects.upcoming(at)
        .filter(community__in=mine.values("community"))
        .annotate(roster_zone=Subquery(roster_zone))
        .select_related("community")[:5]
    )
    return [
        NextMeeting(each, each.community.zone_for(person.time_zone, each.roster_zone)) for each in meetings
    ]
