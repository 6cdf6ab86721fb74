"""How much of its meetings reached whom: attendance, contact hours, and the hours of each organization.

The formulas are those of mission.md, section 4. Attendance is attended of expected; contact hours are the sum
of hours times people; an organization's dosage are the hours with at least one of its people there.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from coppice.communities.models import Community
from coppice.meetings.models import Attendance, Meeting
from coppice.meetings.spans import Span
from coppice.programs.models import Affiliation, Organization, Program

NO_ORGANIZATION = 0
"""The id under which people are counted who belong to no organization."""


@dataclass(frozen=True)
class Figures:
    """What some meetings came to for some people.

    `meetings` somebody counted here was at, of `minutes` in all; `people` counts each once, `contacts` every
    time somebody was there, `expected` every time somebody should have been; `contact_minutes` are the sum of
    what each stayed.
    """

    meetings: int = 0
    minutes: float = 0
    people: int = 0
    contacts: int = 0
    contact_minutes: float = 0
    expected: int = 0

    @property
    def hours(self) -> float:
        return round(self.minutes / 60, 2)

    @property
    def contact_hours(self) -> float:
        return round(self.contact_minutes / 60, 2)

    @property
    def percent(self) -> int | None:
        """Attended of expected in whole percent, or None when nobody was expected."""
        return round(100 * self.contacts / self.expected) if self.expected else None


@dataclass(frozen=True)
class Line:
    """One row of a table: of what (the id of a community, organization or enrollment), and its figures."""

    key: int
    label: str
    figures: Figures


@dataclass(frozen=True)
class MonthLine:
    """One month, by its first day."""

    month: date
    figures: Figures


@dataclass(frozen=True)
class MeetingLine:
    """One meeting, of so many `minutes`: the `planned` ones, or fewer where it was closed before its end.

    `figures` is None when its attendance was not taken.
    """

    meeting: int
    title: str
    community_id: int
    community: str
    starts_at: datetime
    planned: float
    minutes: float
    figures: Figures | None


@dataclass(frozen=True)
class Dosage:
    """Everything that is told of the meetings of a span.

    `meetings` stand latest first, those without attendance apart in `untaken`; `months` in their order, with
    those between in which nobody met; `organizations` by hours, the most first; all others by name.
    `counted` is how many people any of this is about, whether they came or not.
    """

    total: Figures
    counted: int
    meetings: list[MeetingLine]
    untaken: list[MeetingLine]
    months: list[MonthLine]
    communities: list[Line]
    organizations: list[Line]
    people: list[Line]


type Stay = tuple[float, float]
"""From which minute of a meeting to which somebody was there."""


@dataclass
class _Tally:
    """Figures that grow row by row; `stays` holds what counts of each meeting that somebody was at."""

    stays: dict[int, list[Stay]] = field(default_factory=dict)
    people: set[int] = field(default_factory=set)
    contacts: int = 0
    contact_minutes: float = 0
    expected: int = 0

    def add(self, meeting: int, *, person: int, counts: Stay, stayed: float | None) -> None:
        """Count somebody who was expected; `stayed` is None when they were not there, else their minutes."""
        self.expected += 1
        if stayed is None:
            return
        stays = self.stays.setdefault(meeting, [])
        if counts not in stays[-1:]:
            stays.append(counts)
        self.people.add(person)
        self.contacts += 1
        self.contact_minutes += stayed

    @property
    def figures(self) -> Figures:
        return Figures(
            meetings=len(self.stays),
            minutes=sum(map(minutes_covered, self.stays.values())),
            people=len(self.people),
            contacts=self.contacts,
            contact_minutes=self.contact_minutes,
            expected=self.expected,
        )


def community_dosage(community: Community, span: Span) -> Dosage:
    """Return what a community's meetings of a span came to, in three queries."""
    affiliations = Affiliation.objects.filter(enrollment__memberships__community=community)
    return _dosage(Meeting.objects.of(community), affiliations, span)


def program_dosage(program: Program, span: Span, *, without: Any = ()) -> Dosage:
    """Return what a program's meetings of a span came to, in three queries; `without` those communities."""
    affiliations = Affiliation.objects.filter(organization__program=program)
    meetings = Meeting.objects.filter(community__program=program).exclude(community__in=without)
    return _dosage(meetings, affiliations, span)


def organization_dosage(organization: Organization, *, without: Any = ()) -> tuple[Figures, int]:
    """Return what all meetings came to for an organization's people, and how many people that is about.

    Only those count who are on the roster today; meetings of the communities `without` do not. Three queries.
    """
    affiliations = Affiliation.objects.filter(organization=organization, enrollment__ended_at=None)
    dosage = _dosage(
        Meeting.objects.filter(community__program=organization.program_id).exclude(community__in=without),
        affiliations,
        Span(UTC),
        of=Q(membership__enrollment__in=affiliations.values("enrollment")),
    )
    line = next((each for each in dosage.organizations if each.key == organization.pk), None)
    return line.figures if line else Figures(), dosage.counted


def stay_of(
    *, length: float, minutes: int | None, arrived: float = 0, closed_after: float | None = None
) -> Stay:
    """Return from which minute of a meeting to which somebody was there.

    `length` is that of the meeting as planned, `minutes` how long they were noted to be there (None is the
    whole meeting), `arrived` how many minutes after its start they came. Nobody stayed longer than until it
    was closed, so many minutes after its start.
    """
    stayed = length if minutes is None else min(float(minutes), length)
    begins = min(max(arrived, 0), length - stayed)
    until = length if closed_after is None else min(closed_after, length)
    return min(begins, until), min(begins + stayed, until)


def minutes_covered(stays: Iterable[Stay]) -> float:
    """Return for how many minutes at least one of some people was there."""
    covered, until = 0.0, 0.0
    for begins, ends in sorted(stays):
        covered += max(0, ends - max(begins, until))
        until = max(until, ends)
    return covered


def _dosage(
    meetings: QuerySet[Meeting], affiliations: QuerySet[Affiliation], span: Span, *, of: Q | None = None
) -> Dosage:
    """Count the attendance of meetings in a span, of all people or of those that `of` keeps."""
    meetings = meetings.filter(_within(span), cancelled_at=None)
    over = meetings.filter(Q(ends_at__lt=timezone.now()) | ~Q(attendance_taken_at=None))
    lines = [
        MeetingLine(
            meeting=pk,
            title=title,
            community_id=community_id,
            community=community,
            starts_at=starts_at,
            planned=(ends_at - starts_at).total_seconds() / 60,
            minutes=(_ended(starts_at, ends_at, closed_at) - starts_at).total_seconds() / 60,
            figures=Figures() if taken_at else None,
        )
        for pk, title, community_id, community, starts_at, ends_at, closed_at, taken_at in over.order_by(
            "-starts_at", "-pk"
        ).values_list(
            *("pk", "title", "community", "community__name"),
            *("starts_at", "ends_at", "closed_at", "attendance_taken_at"),
        )
    ]
    counts = _Counts(lines, _organizations(affiliations), span.zone)
    counts.read(
        Attendance.objects.filter(
            of or Q(), meeting__in=meetings.exclude(attendance_taken_at=None).values("pk")
        ).values_list(
            "meeting",
            "membership__person",
            "membership__enrollment",
            "membership__enrollment__name",
            "was_present",
            "minutes",
            "arrived_at",
        )
    )
    return counts.dosage()


def _ended(starts_at: datetime, ends_at: datetime, closed_at: datetime | None) -> datetime:
    """Return when a meeting was over: as planned, or when it was closed before."""
    return closed_at if closed_at is not None and starts_at < closed_at < ends_at else ends_at


def _within(span: Span) -> Q:
    within = Q()
    if span.begins_at is not None:
        within &= Q(starts_at__gte=span.begins_at)
    if span.ends_at is not None:
        within &= Q(starts_at__lt=span.ends_at)
    return within


def _organizations(affiliations: QuerySet[Affiliation]) -> dict[int, dict[int, str]]:
    """Return the organizations of each enrollment, by their ids."""
    found: dict[int, dict[int, str]] = {}
    rows = affiliations.order_by().values_list("enrollment", "organization", "organization__name").distinct()
    for enrollment, organization, name in rows:
        found.setdefault(enrollment, {})[organization] = name
    return found


class _Counts:
    """Rows of attendance, counted by everything that a table is made of."""

    def __init__(
        self, lines: list[MeetingLine], organizations: dict[int, dict[int, str]], zone: tzinfo
    ) -> None:
        self.lines = lines
        self.line_of = {line.meeting: line for line in lines}
        self.month_of = {
            line.meeting: timezone.localdate(line.starts_at, zone).replace(day=1).toordinal()
            for line in lines
        }
        self.organizations_of = organizations
        self.names: dict[int, str] = {}
        self.counted: set[int] = set()
        self.total = _Tally()
        self.meetings: dict[int, _Tally] = defaultdict(_Tally)
        self.months: dict[int, _Tally] = defaultdict(_Tally)
        self.communities: dict[int, _Tally] = defaultdict(_Tally)
        self.organizations: dict[int, _Tally] = defaultdict(_Tally)
        self.people: dict[int, _Tally] = defaultdict(_Tally)

    def read(self, rows: Iterable[tuple[int, int, int, str, bool, int | None, datetime | None]]) -> None:
        """Count rows: meeting, person, enrollment and its name, whether, how long and from when on there."""
        for meeting, person, enrollment, name, was_present, minutes, arrived_at in rows:
            line = self.line_of.get(meeting)
            if line is None or line.figures is None:  # taken since the meetings were read
                continue
            arrived = (arrived_at - line.starts_at).total_seconds() / 60 if arrived_at else 0
            stay = stay_of(length=line.planned, minutes=minutes, arrived=arrived, closed_after=line.minutes)
            stayed = stay[1] - stay[0] if was_present else None
            self.counted.add(person)
            self.names[enrollment] = name
            for tally in (
                self.total,
                self.meetings[meeting],
                self.months[self.month_of[meeting]],
                self.communities[line.community_id],
                self.people[enrollment],
            ):
                tally.add(meeting, person=person, counts=(0, line.minutes), stayed=stayed)
            for organization in self.organizations_of.get(enrollment, (NO_ORGANIZATION,)):
                self.organizations[organization].add(meeting, person=person, counts=stay, stayed=stayed)

    def dosage(self) -> Dosage:
        """Return what was counted, as lines in their order."""
        lines = [
            replace(line, figures=self.meetings[line.meeting].figures) if line.figures is not None else line
            for line in self.lines
        ]
        organizations = {key: name for own in self.organizations_of.values() for key, name in own.items()}
        return Dosage(
            total=self.total.figures,
            counted=len(self.counted),
            meetings=[line for line in lines if line.figures is not None],
            untaken=[line for line in lines if line.figures is None],
            months=_months(self.months),
            communities=_by_name(self.communities, {line.community_id: line.community for line in lines}),
            organizations=sorted(
                _by_name(self.organizations, organizations), key=lambda line: -line.figures.minutes
            ),
            people=_by_name(self.people, self.names),
        )


def _by_name(tallies: Mapping[int, _Tally], names: Mapping[int, str]) -> list[Line]:
    lines = [Line(key, names.get(key, ""), tally.figures) for key, tally in tallies.items()]
    return sorted(lines, key=lambda line: (line.label.casefold(), line.key))


def _months(tallies: Mapping[int, _Tally]) -> list[MonthLine]:
    """Return every month from the first to the last in which attendance was taken."""
    lines: list[MonthLine] = []
    if not tallies:
        return lines
    month, last = (date.fromordinal(edge) for edge in (min(tallies), max(tallies)))
    while month <= last:
        tally = tallies.get(month.toordinal())
        lines.append(MonthLine(month, tally.figures if tally else Figures()))
        month = (month + timedelta(days=32)).replace(day=1)
    return lines
