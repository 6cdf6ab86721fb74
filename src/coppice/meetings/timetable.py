"""An agenda by the clock: when each item begins, and whether all of them fit into the meeting."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from coppice.meetings.agenda_models import AgendaItem
from coppice.meetings.models import Meeting


@dataclass(frozen=True)
class Slot:
    """One item of an agenda and the instant at which it begins, when all before it keep to their minutes."""

    item: AgendaItem
    starts_at: datetime


@dataclass(frozen=True)
class Timetable:
    """An agenda in order: `minutes` are planned of the `length` of the meeting, in minutes."""

    slots: list[Slot]
    minutes: int
    length: int

    @property
    def over(self) -> int:
        """How many minutes more than the meeting has."""
        return max(0, self.minutes - self.length)

    @property
    def left(self) -> int:
        """How many minutes nobody has planned for yet."""
        return max(0, self.length - self.minutes)


def timetable_of(meeting: Meeting, items: Iterable[AgendaItem] | None = None) -> Timetable:
    """Return the agenda of a meeting with when each item begins; one query, unless its `items` are given."""
    slots, minutes = [], 0
    if items is None:
        items = meeting.agenda.on_the_agenda().select_related("owner__enrollment")
    for item in items:
        slots.append(Slot(item, meeting.starts_at + timedelta(minutes=minutes)))
        minutes += item.minutes
    return Timetable(slots, minutes, meeting.duration // timedelta(minutes=1))
