"""The verbs of a series: plan it, change or end what follows from a date, answer for all to come."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.communities.models import Community, Membership
from coppice.meetings import errors, series_notices
from coppice.meetings.actions import texts
from coppice.meetings.actions.rows import current, note, refuse_unless_to_come, takes_part
from coppice.meetings.models import Meeting, MeetingReply, MeetingSeries
from coppice.meetings.queries import active_members
from coppice.meetings.recurrence import Rule, expand, resolve
from coppice.meetings.series_models import HOW_WE_MEET
from coppice.search.actions import mark_rows

LONGEST = timedelta(days=731)
MOST_MEETINGS = 250
WRITTEN_AT_ONCE = 250
ITS_OWN = ("id", "uid", "sequence", "starts_on", "continues", "created_at", "changed_at")
OF_THE_SERIES = ("title", "time_zone", *HOW_WE_MEET)


@transaction.atomic
def plan(
    community: Community, *, rule: Rule, title: str, minutes: int, time_zone: str, by: Any, **details: str
) -> MeetingSeries:
    """Plan all meetings of a rule, and invite every active member to them by one mail.

    The times of `rule` go by the clocks of `time_zone`, an IANA name; `details` are the fields of
    HOW_WE_MEET. Raises SeriesTooLong, NoDates, TooManyMeetings, or StartsInPast when the first is past.
    """
    if rule.last - rule.first > LONGEST:
        raise errors.SeriesTooLong
    series = MeetingSeries(
        community=community,
        title=title,
        minutes=minutes,
        time_zone=time_zone,
        planned_by=by,
        **fields_of(rule),
        **details,
    )
    meetings = _meetings(series, rule)
    series.save()
    Meeting.objects.bulk_create(meetings, batch_size=WRITTEN_AT_ONCE)
    mark_rows(meetings)
    note("series.planned", series, by=by, meetings=len(meetings))
    for membership in active_members(community):
        series_notices.planned(series, to=membership)
    return series


def fields_of(rule: Rule) -> dict[str, Any]:
    """Return the columns of a series that hold a rule."""
    return {
        "rhythm": rule.rhythm.value,
        "every": rule.every,
        "weekdays": list(rule.weekdays),
        "position": rule.position,
        "starts_on": rule.first,
        "ends_on": rule.last,
        "clock": rule.clocks[0],
        "other_clock": rule.clocks[1] if len(rule.clocks) > 1 else None,
        "months_out": sorted(rule.months_out),
        "free_days": sorted(day.isoformat() for day in rule.free_days),
        "instead": rule.instead.value,
    }


@transaction.atomic
def change_following(
    meeting: Meeting, *, by: Any, keeps_exceptions: bool, fields: Mapping[str, Any]
) -> MeetingSeries:
    """Change this meeting of a series and all that follow it; return the series in which they are now.

    `fields` may hold title, minutes, time_zone, the fields of HOW_WE_MEET, `clock` (this meeting's time of
    day) and `other_clock` (that of its alternate). What was changed by hand stays, or with `keeps_exceptions`
    false follows as well. Where earlier meetings stand, those that follow become a series of their own, so
    that no calendar changes what is past. Equal values change nothing. Every active member gets one mail.
    Raises NotInSeries, MeetingIsCancelled, MeetingHasBegun or StartsInPast.
    """
    meeting, series = _locked(meeting)
    following = _following(series, meeting)
    has_exceptions = any(each.is_exception and not each.is_cancelled for each in following)
    if not _differs(series, meeting.strand, fields) and (keeps_exceptions or not has_exceptions):
        return series
    days = {each.pk: _day_by_rule(each, series) for each in following}
    before = {each.pk: each.starts_at for each in following}
    target = _apart(series, meeting) if _has_earlier(series, following) else series
    turn = meeting.strand if target is not series else 0
    _set(target, fields, turn=0 if target is not series else meeting.strand)
    target.sequence += target is series
    for each in following:
        each.series, each.strand = target, (each.strand - turn) % len(target.clocks)
        if not each.is_cancelled and not (each.is_exception and keeps_exceptions):
            _follow(each, target, days[each.pk])
    _refuse_past(following)
    _save(series, target, following)
    note("series.changed", target, by=by, meetings=len(following))
    for membership in active_members(series.community):
        series_notices.changed(target, previous=series if target is not series else None, to=membership)
    for each in following:
        if each.starts_at != before[each.pk]:
            texts.tell_moved(each, before=before[each.pk])
    return target


@transaction.atomic
def end_from(meeting: Meeting, *, by: Any) -> MeetingSeries:
    """Cancel this meeting of a series and all that follow it, and tell every active member by one mail.

    Raises NotInSeries, MeetingIsCancelled or MeetingHasBegun.
    """
    meeting, series = _locked(meeting)
    following = [each for each in _following(series, meeting) if not each.is_cancelled]
    now = timezone.now()
    for each in following:
        each.cancelled_at = now
        each.sequence = max(each.sequence, series.sequence) + 1
    _cut(series, meeting)
    series.ended_at = now
    _save(series, series, following)
    note("series.ended", series, by=by, meetings=len(following))
    for membership in active_members(series.community):
        series_notices.ended(series, since=meeting, to=membership)
    for each in following:
        texts.tell_cancelled(each)
    return series


@transaction.atomic
def reply_to_all(series: MeetingSeries, *, membership: Membership, answer: str, by: Any) -> int:
    """Record whether a member comes to every meeting to come; return how many these are.

    `answer` is a value of MeetingReply.Answer; what was said before of one of them is replaced. Raises
    NotYourMeeting or SeriesIsOver.
    """
    series = current(series)
    if membership.community_id != series.community_id or not takes_part(membership):
        raise errors.NotYourMeeting
    meetings = list(Meeting.objects.upcoming().filter(series=series))
    if not meetings:
        raise errors.SeriesIsOver
    given = MeetingReply.Answer(answer)
    MeetingReply.objects.bulk_create(
        (
            MeetingReply(meeting=meeting, membership=membership, answer=given, at=timezone.now())
            for meeting in meetings
        ),
        update_conflicts=True,
        unique_fields=["meeting", "membership"],
        update_fields=["answer", "at"],
    )
    note("series.replied", series, by=by, about=membership.person, answer=given, meetings=len(meetings))
    return len(meetings)


def _meetings(series: MeetingSeries, rule: Rule) -> list[Meeting]:
    slots = [slot for slot in expand(rule) if slot.meets_on is not None]
    if not slots:
        raise errors.NoDates
    if len(slots) > MOST_MEETINGS:
        raise errors.TooManyMeetings
    details = {name: getattr(series, name) for name in OF_THE_SERIES}
    meetings = []
    for slot in slots:
        starts_at = resolve(slot.local, series.zone).instant
        meetings.append(
            Meeting(
                community=series.community,
                series=series,
                strand=slot.strand,
                original_day=slot.day,
                starts_at=starts_at,
                ends_at=starts_at + series.duration,
                planned_by=series.planned_by,
                **details,
            )
        )
    _refuse_past(meetings)
    return meetings


def _locked(meeting: Meeting) -> tuple[Meeting, MeetingSeries]:
    """Return a meeting to come and its series as they stand now, the series held first."""
    if meeting.series is None:
        raise errors.NotInSeries
    series = current(meeting.series)
    meeting = current(meeting)
    refuse_unless_to_come(meeting)
    return meeting, series


def _following(series: MeetingSeries, meeting: Meeting) -> list[Meeting]:
    rows = series.meetings.filter(original_day__gte=meeting.original_day, starts_at__gt=timezone.now())
    return list(rows.select_for_update().order_by("original_day"))


def _has_earlier(series: MeetingSeries, following: list[Meeting]) -> bool:
    return series.meetings.exclude(pk__in=[each.pk for each in following]).exists()


def _differs(series: MeetingSeries, strand: int, fields: Mapping[str, Any]) -> bool:
    return any(value != stands_of(series, strand)[name] for name, value in fields.items())


def stands_of(series: MeetingSeries, strand: int) -> dict[str, Any]:
    """Return what can be changed of a series, its clocks in the order that begins with this strand."""
    clocks = series.clocks
    return {
        **{name: getattr(series, name) for name in (*OF_THE_SERIES, "minutes")},
        "clock": clocks[strand],
        "other_clock": clocks[1 - strand] if len(clocks) > 1 else None,
    }


def _day_by_rule(meeting: Meeting, series: MeetingSeries) -> date:
    """Return the day on which a meeting takes place unless it was changed by hand."""
    if not meeting.is_exception:
        return meeting.starts_at.astimezone(series.zone).date()
    assert meeting.original_day is not None
    by_rule = {slot.day: slot.meets_on for slot in expand(series.rule)}
    return by_rule.get(meeting.original_day) or meeting.original_day


def _apart(series: MeetingSeries, meeting: Meeting) -> MeetingSeries:
    """Return what follows from a meeting as a series of its own, and cut the one that it was of."""
    assert meeting.original_day is not None
    kept = [field.name for field in MeetingSeries._meta.concrete_fields if field.name not in ITS_OWN]
    other = MeetingSeries(
        **{name: getattr(series, name) for name in kept},
        starts_on=meeting.original_day,
        continues=series,
    )
    clocks = (*series.clocks[meeting.strand :], *series.clocks[: meeting.strand])
    other.clock, other.other_clock = clocks[0], clocks[1] if len(clocks) > 1 else None
    _cut(series, meeting)
    return other


def _cut(series: MeetingSeries, meeting: Meeting) -> None:
    assert meeting.original_day is not None
    series.ends_on = max(series.starts_on, meeting.original_day - timedelta(days=1))
    series.sequence += 1


def _set(series: MeetingSeries, fields: Mapping[str, Any], *, turn: int) -> None:
    """Set fields, whose `clock` is that of the strand `turn`."""
    swapped = {"clock": "other_clock", "other_clock": "clock"} if turn else {}
    for name, value in fields.items():
        setattr(series, swapped.get(name, name), value)


def _follow(meeting: Meeting, series: MeetingSeries, day: date) -> None:
    """Make a meeting what its series says."""
    local = datetime.combine(day, series.clocks[meeting.strand])
    starts_at = resolve(local, series.zone).instant
    if starts_at != meeting.starts_at:
        meeting.reminded_at = None
        meeting.moved_in_sequence = series.sequence
    meeting.starts_at, meeting.ends_at = starts_at, starts_at + series.duration
    for name in OF_THE_SERIES:
        setattr(meeting, name, getattr(series, name))
    meeting.is_exception = False
    meeting.sequence += 1


def _refuse_past(meetings: list[Meeting]) -> None:
    if any(meeting.starts_at <= timezone.now() for meeting in meetings):
        raise errors.StartsInPast


def _save(series: MeetingSeries, target: MeetingSeries, meetings: list[Meeting]) -> None:
    series.save()
    if target is not series:
        target.save()
    now = timezone.now()
    for meeting in meetings:
        meeting.series, meeting.changed_at = target, now
    names = ["series", "strand", "starts_at", "ends_at", "is_exception", "sequence", "reminded_at"]
    names += ["moved_in_sequence", "changed_at", "cancelled_at", *OF_THE_SERIES]
    Meeting.objects.bulk_update(meetings, names, batch_size=WRITTEN_AT_ONCE)
    mark_rows(meetings)
