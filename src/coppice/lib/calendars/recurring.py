"""Events that come again by a rule, and what falls out of it (RFC 5545 section 3.8.5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import icalendar


@dataclass(frozen=True)
class Recurrence:
    """When an event comes again, by the clock of its zone: all times are naive.

    `first` is its DTSTART and keeps to the rule, `last` the last time, `rule` holds the parts of the RRULE,
    `left_out` are times of the rule at which it does not take place (EXDATE).
    """

    first: datetime
    last: datetime
    rule: Mapping[str, object]
    left_out: tuple[datetime, ...] = ()


def add_recurrence(
    written: icalendar.Event, recurs: Recurrence, *, duration: timedelta, tzid: str | None
) -> None:
    """Write beginning, end, rule and exceptions of an event; without a `tzid` the zone is UTC."""
    add_clock_times(written, "dtstart", [recurs.first], tzid)
    add_clock_times(written, "dtend", [recurs.first + duration], tzid)
    written.add("rrule", dict(recurs.rule))
    for moment in recurs.left_out:
        add_clock_times(written, "exdate", [moment], tzid)


def add_clock_times(written: icalendar.Event, word: str, moments: list[datetime], tzid: str | None) -> None:
    """Write naive times of a zone as what `word` names."""
    for moment in moments:
        if tzid is None:
            written.add(word, moment.replace(tzinfo=UTC))
        else:
            written.add(word, moment, parameters={"TZID": tzid})
