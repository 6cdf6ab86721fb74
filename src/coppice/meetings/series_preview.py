"""What a leader reads before a series is planned: its dates, for others too, and what is against them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as write
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from coppice.communities.models import Community, Membership
from coppice.meetings.models import Meeting
from coppice.meetings.queries import active_members
from coppice.meetings.recurrence import Clocks, Rule, Slot, expand, resolve
from coppice.meetings.recurrence_wording import OUT, day
from coppice.meetings.time_finding import Attendee
from coppice.meetings.time_poll_board import attendees
from coppice.ui import dates

ZONES_SHOWN = 6


@dataclass(frozen=True)
class DateRow:
    """One day of the rule: when it is (None when nobody meets), for others, and what to know of it.

    `elsewhere` holds lines such as "Auckland 08:00 (Wednesday)", `notes` sentences.
    """

    slot: Slot
    starts_at: datetime | None
    ends_at: datetime | None
    elsewhere: list[str]
    notes: list[str]

    @property
    def day(self) -> str:
        return day(self.slot.day)


@dataclass(frozen=True)
class Preview:
    """The days of a rule, and how many meetings they make."""

    rows: list[DateRow]

    @property
    def count(self) -> int:
        return sum(row.starts_at is not None for row in self.rows)


def preview(community: Community, rule: Rule, *, time_zone: str, minutes: int) -> Preview:
    """Return what a rule comes to for a community, in four queries."""
    zone, length = ZoneInfo(time_zone), timedelta(minutes=minutes)
    slots = expand(rule)
    starts = [resolve(slot.local, zone) for slot in slots if slot.meets_on]
    if not starts:
        return Preview([_without_meeting(slot) for slot in slots])
    first, last = starts[0].instant, max(each.instant for each in starts) + length
    members = list(active_members(community).select_related("enrollment__profile"))
    against = Against(
        attendees(members, first=first, last=last),
        list(Meeting.objects.of(community).filter(starts_at__lt=last, ends_at__gt=first, cancelled_at=None)),
    )
    zones, rows, before = _zones_of(members, zone), [], None
    for slot in slots:
        if slot.meets_on is None:
            rows.append(_without_meeting(slot))
            continue
        moment = resolve(slot.local, zone)
        starts_at, ends_at = moment.instant, moment.instant + length
        notes = [*_of_slot(slot), *_of_clocks(moment.clocks, starts_at, zone)]
        notes += _changes(zones, zone, before, starts_at)
        notes += against.sentences(starts_at, ends_at)
        rows.append(DateRow(slot, starts_at, ends_at, _elsewhere(zones, zone, starts_at), notes))
        before = starts_at
    return Preview(rows)


@dataclass(frozen=True)
class Against:
    """What else there is: other meetings of the members, and those of the community itself."""

    people: Sequence[Attendee]
    own: Sequence[Meeting]

    def sentences(self, starts_at: datetime, ends_at: datetime) -> list[str]:
        """Return what stands against a time: the community's meetings by name, other ones as a count."""
        own = {(each.starts_at, each.ends_at) for each in self.own}
        told = [
            _("Here you have “%(title)s” already.") % {"title": each.title}
            for each in self.own
            if each.starts_at < ends_at and starts_at < each.ends_at
        ]
        busy = sum(
            any(begin < ends_at and starts_at < end and (begin, end) not in own for begin, end in each.busy)
            for each in self.people
        )
        if busy:
            sentence = ngettext(
                "%(count)d person has something else then.",
                "%(count)d people have something else then.",
                busy,
            )
            told.append(sentence % {"count": busy})
        return told


def _without_meeting(slot: Slot) -> DateRow:
    return DateRow(slot, None, None, [], [str(OUT[slot.why])] if slot.why else [])


def _of_slot(slot: Slot) -> list[str]:
    if slot.is_moved:
        return [_("Instead of %(day)s, on which nobody meets.") % {"day": day(slot.day)}]
    return []


def _of_clocks(clocks: Clocks, starts_at: datetime, zone: ZoneInfo) -> list[str]:
    shown = {"place": dates.place(zone), "time": _clock(starts_at.astimezone(zone))}
    if clocks is Clocks.SKIPPED:
        return [_("Clocks in %(place)s are put forward over this time: the meeting is at %(time)s.") % shown]
    if clocks is Clocks.REPEATED:
        return [
            _("Clocks in %(place)s are put back and show %(time)s twice: the meeting is at the first.")
            % shown
        ]
    return []


def _zones_of(members: Sequence[Membership], own: ZoneInfo) -> list[ZoneInfo]:
    keys = sorted({each.zone.key for each in members} - {own.key})
    return [ZoneInfo(key) for key in keys]


def _elsewhere(zones: Sequence[ZoneInfo], own: ZoneInfo, moment: datetime) -> list[str]:
    """Return the time in zones whose clocks show another one, those that show the same together."""
    here = moment.astimezone(own)
    by_time: dict[datetime, list[str]] = {}
    for zone in zones:
        there = moment.astimezone(zone)
        if there.utcoffset() != here.utcoffset():
            by_time.setdefault(there.replace(tzinfo=None), []).append(dates.place(zone))
    lines = [_line(places, there, here) for there, places in sorted(by_time.items())]
    return lines[:ZONES_SHOWN]


def _line(places: list[str], there: datetime, here: datetime) -> str:
    told = {"places": ", ".join(places), "time": _clock(there)}
    if there.date() == here.date():
        return _("%(places)s %(time)s") % told
    return _("%(places)s %(time)s (%(day)s)") % {**told, "day": write(there, "l")}


def _changes(
    zones: Sequence[ZoneInfo], own: ZoneInfo, before: datetime | None, moment: datetime
) -> list[str]:
    """Return where the clocks have moved against the organizer's since the meeting before."""
    if before is None:
        return []
    earlier: list[str] = []
    later: list[str] = []
    for zone in zones:
        moved = _ahead(zone, own, moment) - _ahead(zone, own, before)
        if moved:
            (later if moved > timedelta() else earlier).append(dates.place(zone))
    told = []
    if later:
        told.append(_("Clocks changed: from now on it is later in %(places)s.") % {"places": _list(later)})
    if earlier:
        told.append(
            _("Clocks changed: from now on it is earlier in %(places)s.") % {"places": _list(earlier)}
        )
    return told


def _ahead(zone: ZoneInfo, own: ZoneInfo, moment: datetime) -> timedelta:
    there, here = moment.astimezone(zone).utcoffset(), moment.astimezone(own).utcoffset()
    return (there or timedelta()) - (here or timedelta())


def _clock(moment: datetime) -> str:
    return write(moment.replace(tzinfo=None), pgettext("time in Django's date letters", "H:i"))


def _list(words: list[str]) -> str:
    return get_text_list(words, _("and"))
