"""Reads for the calendar pages: a period's meetings by days, in the reader's zone, with their clashes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from itertools import batched
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.dateformat import format as write
from django.utils.translation import gettext, pgettext

from coppice.communities.models import Community, Membership
from coppice.meetings.calendar_periods import Period, View
from coppice.meetings.clashes import Clash, Clashes, clashes_in, own_clashes
from coppice.meetings.models import Meeting, MeetingReply
from coppice.programs.models import Program
from coppice.ui.dates import place

SHOWN_A_DAY = 5


@dataclass(frozen=True)
class Entry:
    """One meeting on a page; `organizers` is when it begins by their clock and where, if not as here."""

    meeting: Meeting
    starts: datetime
    clock: str
    hours: str
    organizers: tuple[str, str] | None
    is_declined: bool
    clashes: Sequence[Clash]


@dataclass(frozen=True)
class Day:
    """One day of a page with what begins on it; `more` meetings stand on the page of its week alone."""

    on: date
    entries: Sequence[Entry]
    more: int
    is_today: bool
    is_outside: bool

    @property
    def label(self) -> str:
        return write(self.on, pgettext("day in Django's date letters", "l j F"))

    @property
    def weekday(self) -> str:
        return write(self.on, "l")


@dataclass(frozen=True)
class Page:
    """What a calendar page shows."""

    period: Period
    days: Sequence[Day]
    meetings: int
    clashing: int

    @property
    def weeks(self) -> list[tuple[Day, ...]]:
        return list(batched(self.days, 7))

    @property
    def busy_days(self) -> list[Day]:
        return [each for each in self.days if each.entries]


def places_of(person: Any) -> list[Membership]:
    """Return where a person takes part, in one query: their communities, and the zone that they read in."""
    return list(
        Membership.objects.taking_part()
        .filter(person=person)
        .select_related("community", "enrollment", "person")
        .order_by("pk")
    )


def zone_of(person: Any, places: Sequence[Membership]) -> tzinfo:
    """Return the zone in which a person reads the calendar of all that is theirs."""
    return places[0].zone if places and not person.time_zone else timezone.get_current_timezone()


def own_page(person: Any, places: Sequence[Membership], period: Period) -> Page:
    """Return the page of a person's own meetings, in one query."""
    mine = [each.community_id for each in places]
    meetings = list(_within(period, Q(community__in=mine), person))
    return _page(period, meetings, own_clashes(_attended(meetings)))


def community_page(person: Any, community: Community, places: Sequence[Membership], period: Period) -> Page:
    """Return the page of a community's meetings, with those of the reader's that are at the same time."""
    mine = {each.community_id for each in places}
    candidates = {community.pk, *mine} if community.pk in mine else {community.pk}
    meetings = list(_within(period, Q(community__in=candidates), person))
    clashes = own_clashes(_attended(meetings))
    return _page(period, [each for each in meetings if each.community_id == community.pk], clashes)


def program_page(person: Any, program: Program, period: Period) -> Page:
    """Return the page of a program's meetings, with those that people share, in three queries."""
    meetings = list(_within(period, Q(community__program=program), person))
    return _page(period, meetings, clashes_in(program, _to_come(meetings)))


def _within(period: Period, which: Q, person: Any) -> "QuerySet[Meeting, Any]":
    declined = MeetingReply.objects.filter(
        meeting=OuterRef("pk"), membership__person=person, answer=MeetingReply.Answer.NOT_COMING
    )
    return (
        Meeting.objects.filter(which, starts_at__lt=period.ends_at, ends_at__gt=period.begins_at)
        .annotate(is_declined=Exists(declined))
        .select_related("community")
        .order_by("starts_at", "pk")
    )


def _attended(meetings: Iterable[Any]) -> list[Any]:
    return [each for each in _to_come(meetings) if not each.is_declined]


def _to_come(meetings: Iterable[Any]) -> list[Any]:
    """Keep what can still be changed: what was at the same time once helps nobody."""
    now = timezone.now()
    return [each for each in meetings if not each.is_cancelled and each.ends_at > now]


def _page(period: Period, meetings: Iterable[Any], clashes: Clashes) -> Page:
    by_day: dict[date, list[Entry]] = {day: [] for day in period.days}
    for meeting in meetings:
        starts = timezone.localtime(meeting.starts_at, period.zone)
        if starts.date() in by_day:
            by_day[starts.date()].append(_entry(meeting, starts, clashes))
    today = timezone.localdate(timezone=period.zone)
    shown = [each for entries in by_day.values() for each in entries]
    most = SHOWN_A_DAY if period.view is View.MONTH else None
    return Page(
        period=period,
        days=[_day(day, entries, period, today=today, most=most) for day, entries in by_day.items()],
        meetings=len(shown),
        clashing=sum(bool(each.clashes) for each in shown),
    )


def _day(day: date, entries: Sequence[Entry], period: Period, *, today: date, most: int | None) -> Day:
    shown = entries if most is None or len(entries) <= most + 1 else entries[:most]
    return Day(
        on=day,
        entries=shown,
        more=len(entries) - len(shown),
        is_today=day == today,
        is_outside=period.view is View.MONTH and day.month != period.on.month,
    )


def _entry(meeting: Any, starts: datetime, clashes: Clashes) -> Entry:
    theirs = meeting.starts_at.astimezone(meeting.zone)
    is_elsewhere = theirs.utcoffset() != starts.utcoffset()
    return Entry(
        meeting=meeting,
        starts=starts,
        clock=_clock(starts),
        hours=gettext("%(start)s to %(end)s")
        % {"start": _clock(starts), "end": _clock(meeting.ends_at.astimezone(starts.tzinfo))},
        organizers=(_clock(theirs), place(meeting.zone)) if is_elsewhere else None,
        is_declined=meeting.is_declined,
        clashes=clashes.get(meeting.pk, ()),
    )


def _clock(moment: datetime) -> str:
    return write(moment, pgettext("time in Django's date letters", "H:i"))
