"""Reads for the pages of a series: its dates with what one member said, what follows it, what differs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Subquery

from coppice.communities.models import Membership
from coppice.meetings.models import Meeting, MeetingReply, MeetingSeries


@dataclass(frozen=True)
class Line:
    """One date of a series, what a member said of it, and the organizer's zone if it differs."""

    meeting: Meeting
    url: str
    answer: str
    beside: ZoneInfo | None


@dataclass(frozen=True)
class Dates:
    """The dates of a series: those to come and under way, those that are over, in order."""

    coming: list[Line]
    past: list[Line]

    @property
    def next(self) -> Meeting | None:
        """The first meeting that can still be changed."""
        open_ones = (each.meeting for each in self.coming if not each.meeting.is_cancelled)
        return next((each for each in open_ones if not each.has_begun), None)

    @property
    def is_open(self) -> bool:
        """Whether people can still say that they come."""
        return any(each.meeting.is_open for each in self.coming)


def dates_of(series: MeetingSeries, membership: Membership | None, *, zone: tzinfo) -> Dates:
    """Return the dates of a series as one reader sees them in their zone, in one query."""
    said = MeetingReply.objects.filter(meeting=OuterRef("pk"), membership=membership).values("answer")
    meetings = series.meetings.annotate(own_answer=Subquery(said)).order_by("starts_at", "pk")
    lines = [line_of(each, zone=zone, answer=each.own_answer or "") for each in meetings]
    return Dates(
        coming=[each for each in lines if not each.meeting.is_over],
        past=[each for each in lines if each.meeting.is_over],
    )


def line_of(meeting: Meeting, *, zone: tzinfo, answer: str = "") -> Line:
    """Return one date as a reader sees it."""
    return Line(
        meeting=meeting,
        url=meeting.get_absolute_url(),
        answer=str(MeetingReply.Answer(answer).label) if answer else "",
        beside=meeting.zone_beside(zone),
    )


def changed_by_hand(meeting: Meeting) -> list[Meeting]:
    """Return the meetings to come from this one on that were changed or cancelled by themselves."""
    rows = Meeting.objects.filter(
        series=meeting.series, original_day__gte=meeting.original_day, is_exception=True
    )
    return [each for each in rows.order_by("starts_at") if not each.has_begun]


def series_among(meetings: Iterable[Meeting]) -> list[MeetingSeries]:
    """Return the series to which some meetings belong, each once, in their order."""
    return list({each.series.pk: each.series for each in meetings if each.series is not None}.values())
