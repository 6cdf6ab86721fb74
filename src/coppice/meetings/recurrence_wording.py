"""A rule of meeting in words."""

from collections.abc import Iterable
from datetime import date, time

from django.utils.dateformat import format as write
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from coppice.meetings.models import MeetingSeries
from coppice.meetings.recurrence import Instead, Out, Rhythm, Rule
from coppice.ui import dates

POSITIONS = {
    1: gettext_lazy("first"),
    2: gettext_lazy("second"),
    3: gettext_lazy("third"),
    4: gettext_lazy("fourth"),
    -1: gettext_lazy("last"),
}
INSTEAD = {
    Instead.SKIP: gettext_lazy("we do not meet that time"),
    Instead.WEEK_BEFORE: gettext_lazy("we meet a week earlier"),
    Instead.WEEK_AFTER: gettext_lazy("we meet a week later"),
    Instead.DAY_BEFORE: gettext_lazy("we meet the day before"),
}
OUT = {
    Out.MONTH: gettext_lazy("no meetings in this month"),
    Out.FREE_DAY: gettext_lazy("nobody meets on this day"),
    Out.TAKEN: gettext_lazy("nobody meets on this day, and the other day is taken or outside the series"),
}


def sentences_of(series: MeetingSeries) -> list[str]:
    """Return what to know of a series' rule."""
    return sentences(series.rule, place=dates.place(series.zone))


def sentences(rule: Rule, *, place: str) -> list[str]:
    """Return a rule as sentences: rhythm, time and end; months without meetings; what holidays do.

    `place` is the city that names the zone of the clocks.
    """
    told = [_when(rule, place)]
    if rule.months_out:
        months = _list(MONTHS[each] for each in sorted(rule.months_out))
        told.append(_("Not in %(months)s.") % {"months": months})
    if rule.free_days:
        told.append(
            _("Where a date falls on a day on which nobody meets, %(instead)s.")
            % {"instead": INSTEAD[rule.instead]}
        )
    return told


def day(moment: date) -> str:
    """Return "Tuesday 3 March 2026"."""
    return write(moment, pgettext("day with year in Django's date letters", "l j F Y"))


def _when(rule: Rule, place: str) -> str:
    told = {
        "rhythm": _rhythm(rule),
        "time": _clock(rule.clocks[0]),
        "place": place,
        "end": day(rule.last),
    }
    if len(rule.clocks) == 1:
        return _("%(rhythm)s at %(time)s (%(place)s time), until %(end)s.") % told
    return _("%(rhythm)s, in turn at %(time)s and at %(other)s (%(place)s time), until %(end)s.") % {
        **told,
        "other": _clock(rule.clocks[1]),
    }


def _rhythm(rule: Rule) -> str:
    days = _list(WEEKDAYS[each] for each in sorted(rule.weekdays))
    if rule.rhythm is Rhythm.WEEKLY:
        if rule.every == 1:
            return _("Every %(days)s") % {"days": days}
        if rule.every == 2:
            return _("Every second %(days)s") % {"days": days}
        return _("Every %(count)d weeks on %(days)s") % {"count": rule.every, "days": days}
    told = {"position": POSITIONS[rule.position], "day": days, "count": rule.every}
    if rule.every == 1:
        return _("The %(position)s %(day)s of each month") % told
    return _("The %(position)s %(day)s of every %(count)d months") % told


def _clock(moment: time) -> str:
    return write(moment, pgettext("time in Django's date letters", "H:i"))


def _list(words: Iterable[object]) -> str:
    return get_text_list([str(word) for word in words], _("and"))
