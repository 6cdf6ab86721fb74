"""What the cells of a column look like, whatever its name says."""

import re
from collections.abc import Callable, Sequence
from zoneinfo import available_timezones

from coppice.lib.dates import parse_date
from coppice.lib.timezones import parse_time_zone
from coppice.programs.rosters.cells import clean_email, clean_phone, language_code, parse_yes, says_nothing
from coppice.programs.rosters.fields import Field
from coppice.programs.rosters.headers import fold
from coppice.programs.rosters.hours import parse_hours, parse_week

SAMPLE = 400
WRITTEN_PHONE = re.compile(r"\+\d[\d\s().-]{6,}|\(\d{2,4}\)[\d\s.-]{6,}|\d{3}[-.]\d{3}[-.]\d{4}")
HONORIFICS = frozenset(
    ["mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "sr", "sra", "srta", "don", "dona"]
)
ZONE_NAMES = {zone.casefold() for zone in available_timezones() if "/" in zone}


def _is_date(cell: str) -> bool:
    return parse_date(cell, day_first=True) is not None or parse_date(cell, day_first=False) is not None


def _is_flag(cell: str) -> bool:
    return parse_yes(cell) is not None


def _is_job(cell: str) -> bool:
    return fold(cell) not in HONORIFICS


def _has_hours(cell: str) -> bool:
    return parse_hours(cell) is not None and not cell.isdigit()


def _is_list(cell: str) -> bool:
    return not _is_flag(cell)


BORNE_OUT: dict[Field, tuple[Callable[[str], object], float]] = {
    Field.EMAIL: (clean_email, 0.3),
    Field.PHONE: (clean_phone, 0.4),
    Field.TIME_ZONE: (parse_time_zone, 0.5),
    Field.LANGUAGE: (language_code, 0.5),
    Field.JOINED_ON: (_is_date, 0.5),
    Field.TIMESTAMP: (_is_date, 0.5),
    Field.IS_LEADER: (_is_flag, 0.8),
    Field.JOB_TITLE: (_is_job, 0.5),
    Field.NEEDS: (_is_list, 0.5),
    Field.EXPERTISE: (_is_list, 0.5),
    Field.FREE_HOURS: (_has_hours, 0.6),
    Field.BUSY_HOURS: (_has_hours, 0.6),
}
"""What the cells must be, and in what share, for the name of a column to be believed."""

TELLING: dict[Field, tuple[Callable[[str], object], float]] = {
    Field.EMAIL: (clean_email, 0.8),
    Field.PHONE: (WRITTEN_PHONE.fullmatch, 0.8),
    Field.TIME_ZONE: (lambda cell: cell.casefold() in ZONE_NAMES, 0.8),
}
"""Cells that tell their field even under a name that says nothing."""


def sample(column: Sequence[str]) -> list[str]:
    """Return at most 400 cells that say something, spread over the whole column."""
    filled = [cell for cell in column if cell and not says_nothing(cell)]
    return filled[:: max(1, len(filled) // SAMPLE)][:SAMPLE]


def bears_out(field: Field, cells: Sequence[str]) -> bool:
    """Whether the cells may be what the name of their column says; an empty column contradicts nothing."""
    if field == Field.EXTERNAL_ID:
        return len(set(cells)) >= len(cells) / 2
    test, share = BORNE_OUT.get(field, (bool, 0.0))
    return not cells or _share(test, cells) >= share


def lists_week(cells: Sequence[str]) -> bool:
    """Whether most cells name weekdays with their hours."""
    return bool(cells) and _share(parse_week, cells) >= 0.6


def tells(cells: Sequence[str]) -> Field | None:
    """Return the field that the cells tell by themselves."""
    for field, (test, share) in TELLING.items():
        if cells and _share(test, cells) >= share:
            return field
    return None


def _share(test: Callable[[str], object], cells: Sequence[str]) -> float:
    return sum(1 for cell in cells if test(cell)) / len(cells)
