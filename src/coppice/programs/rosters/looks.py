"""What the columns of a file look like, kept so that nobody need read the file again to show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coppice.lib.dates import leaves_order_open, parse_date
from coppice.lib.tables import Table
from coppice.programs.rosters.evidence import sample
from coppice.programs.rosters.kept import known_keys

SAMPLES = 3
LONGEST_SAMPLE = 200
DATES_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class ColumnLook:
    """One column: its name, its first answers, and whether its dates may be read in two ways.

    `known_as` is the attribute that people have by its name already; it is filled further, not begun anew.
    """

    header: str
    samples: tuple[str, ...] = ()
    leaves_order_open: bool = False
    known_as: str = ""


def looks_of(table: Table, kept: Iterable[str] = ()) -> list[ColumnLook]:
    """Return how each column looks, in order; `kept` are the attributes of the roster (`kept.known_keys`)."""
    known = known_keys(table.header, kept)
    return [_look(header, table.column(place), known[place]) for place, header in enumerate(table.header)]


def _look(header: str, column: Sequence[str], known_as: str) -> ColumnLook:
    first = [cell[:LONGEST_SAMPLE] for cell in column[:200] if cell][:SAMPLES]
    return ColumnLook(header, tuple(first), _holds_dates(column) and leaves_order_open(column), known_as)


def _holds_dates(column: Sequence[str]) -> bool:
    cells = sample(column)
    dates = sum(1 for cell in cells if parse_date(cell, day_first=True) or parse_date(cell, day_first=False))
    return bool(cells) and dates >= len(cells) * DATES_SHARE
