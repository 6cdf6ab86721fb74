"""From which day to which a page of attendance and hours counts: a quarter, all the time, or days chosen."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

A_QUARTER = 3


class Preset(models.TextChoices):
    WHOLE = "whole", gettext_lazy("The whole time")
    QUARTER = "quarter", gettext_lazy("This quarter")
    LAST_QUARTER = "last", gettext_lazy("Last quarter")


@dataclass(frozen=True)
class Span:
    """Days from `first` to `last`, both counted, by the clocks of `zone`; None is no end on that side."""

    zone: tzinfo
    first: date | None = None
    last: date | None = None
    preset: Preset | None = None

    @property
    def begins_at(self) -> datetime | None:
        return None if self.first is None else self._midnight(self.first)

    @property
    def ends_at(self) -> datetime | None:
        return None if self.last is None else self._midnight(self.last + timedelta(days=1))

    @property
    def label(self) -> str:
        """The span as people read it: "1 October 2026 to 31 December 2026"."""
        first, last = (each and date_format(each, "DATE_FORMAT") for each in (self.first, self.last))
        if first and last:
            return _("%(first)s to %(last)s") % {"first": first, "last": last}
        if first:
            return _("since %(day)s") % {"day": first}
        if last:
            return _("until %(day)s") % {"day": last}
        return str(Preset.WHOLE.label)

    @property
    def query(self) -> str:
        """What the address of the same span ends in."""
        if self.preset is not None:
            return f"span={self.preset.value}"
        return f"first={self.first or ''}&last={self.last or ''}"

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), tzinfo=self.zone).astimezone(UTC)


def preset_span(preset: Preset, *, today: date, zone: tzinfo) -> Span:
    """Return the days of a preset around `today`; a quarter begins in January, April, July or October."""
    if preset is Preset.WHOLE:
        return Span(zone, preset=preset)
    first = today.replace(month=(today.month - 1) // A_QUARTER * A_QUARTER + 1, day=1)
    if preset is Preset.LAST_QUARTER:
        last = first - timedelta(days=1)
        first = last.replace(month=last.month - A_QUARTER + 1, day=1)
    else:
        last = (first + timedelta(days=A_QUARTER * 31)).replace(day=1) - timedelta(days=1)
    return Span(zone, first, last, preset)
