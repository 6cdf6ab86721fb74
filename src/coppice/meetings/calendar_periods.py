"""The days that a calendar page shows: a month, a week or a list of a month, and what lies around them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from django.db import models
from django.utils.dateformat import format as write
from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)
WEEK = timedelta(days=7)


class View(models.TextChoices):
    MONTH = "month", gettext_lazy("Month")
    WEEK = "week", gettext_lazy("Week")
    LIST = "list", gettext_lazy("List")


@dataclass(frozen=True)
class Period:
    """The days of one page, from `first` up to `end` (not included), around `on`, in a reader's zone."""

    view: View
    on: date
    first: date
    end: date
    zone: tzinfo

    @property
    def begins_at(self) -> datetime:
        return self._instant(self.first)

    @property
    def ends_at(self) -> datetime:
        return self._instant(self.end)

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=step) for step in range((self.end - self.first).days)]

    @property
    def label(self) -> str:
        """ "November 2026", or "9 November to 15 November 2026"."""
        if self.view is not View.WEEK:
            return write(self.on, pgettext("month with year in Django's date letters", "F Y"))
        last = self.end - timedelta(days=1)
        return _("%(first)s to %(last)s") % {
            "first": write(self.first, pgettext("day and month in Django's date letters", "j F")),
            "last": write(last, pgettext("day, month and year in Django's date letters", "j F Y")),
        }

    @property
    def previous(self) -> date | None:
        """A day of the page before, or None at the edge of what is shown."""
        earlier = self.on - WEEK if self.view is View.WEEK else _month(self.on) - timedelta(days=1)
        return earlier if earlier >= FIRST else None

    @property
    def following(self) -> date | None:
        later = self.on + WEEK if self.view is View.WEEK else _next_month(self.on)
        return later if later <= LAST else None

    def _instant(self, day: date) -> datetime:
        return datetime.combine(day, time(), tzinfo=self.zone).astimezone(UTC)


def period_of(view: str, on: str, *, today: date, zone: tzinfo) -> Period:
    """Return what the words of an address ask for; what nobody can read is this month."""
    chosen = View(view) if view in View.values else View.MONTH
    try:
        day = min(max(date.fromisoformat(on), FIRST), LAST)
    except ValueError:
        day = today
    if chosen is View.WEEK:
        first = _week(day)
        return Period(chosen, day, first, first + WEEK, zone)
    first, end = _month(day), _next_month(day)
    if chosen is View.MONTH:
        first, end = _week(first), _week(end - timedelta(days=1)) + WEEK
    return Period(chosen, day, first, end, zone)


def _week(day: date) -> date:
    """Return the first day of a day's week, as the reader's language begins it."""
    begins = int(get_format("FIRST_DAY_OF_WEEK"))  # Sunday is 0
    return day - timedelta(days=(day.isoweekday() - begins) % 7)


def _month(day: date) -> date:
    return day.replace(day=1)


def _next_month(day: date) -> date:
    return _month(_month(day) + timedelta(days=32))
