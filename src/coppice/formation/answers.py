"""Answers that say more than a value: wishes, needs, expertise, hours and earlier groups of a roster."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from coppice.formation.aspects import Says
from coppice.formation.rules import RosterRow, plain
from coppice.lib.lines import one_line
from coppice.lib.tables import Format, Table, TableRow
from coppice.lib.timezones import parse_time_zone
from coppice.programs.rosters.cells import parse_yes, says_nothing, split_list, split_names
from coppice.programs.rosters.fields import Field
from coppice.programs.rosters.headers import WEEKDAYS, fold, weekday, wish_rank
from coppice.programs.rosters.hours import parse_hours, parse_week
from coppice.programs.rosters.matching import guess_columns

HOURS_OF_WEEK = 7 * 24
EXPERT = 3
"""The level from which somebody knows a topic, of 0 to 4; who names a topic in a list knows it."""
READ_TO_GUESS = 400
USUAL_DAY = frozenset(range(8, 22))
SLOT = re.compile(rf"({'|'.join(WEEKDAYS)})-(\d\d)")
BRACKETED = re.compile(r"[\[(]([^\])]+)[\])]\s*$")
LEVELS: Mapping[str, int] = {
    **dict.fromkeys(("none", "no", "never", "nothing", "nada", "ninguno", "ninguna"), 0),
    **dict.fromkeys(("little", "a little", "low", "beginner", "basic", "poco", "basico"), 1),
    **dict.fromkeys(("some", "medium", "intermediate", "algo", "medio", "intermedio"), 2),
    **dict.fromkeys(("good", "high", "advanced", "well", "bien", "alto", "avanzado"), 3),
    **dict.fromkeys(("expert", "very good", "very high", "experta", "experto", "mucho"), 4),
}

INTEREST_POLL = "interest_poll"
"""The attribute that holds what was taken from an interest poll: topics, best first."""

OURS: Mapping[str, Says] = {
    "wishes": Says.WISH,
    INTEREST_POLL: Says.WISH,
    "needs": Says.NEED,
    "expertise": Says.EXPERTISE,
    "free_hours": Says.FREE,
    "keep_with": Says.WITH,
    "keep_apart": Says.APART,
}
"""What the attributes say that an import has read already."""
AS_IMPORTED: Mapping[Field, Says] = {
    Field.WISH: Says.WISH,
    Field.NEEDS: Says.NEED,
    Field.EXPERTISE: Says.EXPERTISE,
    Field.FREE_HOURS: Says.FREE,
    Field.BUSY_HOURS: Says.BUSY,
    Field.KEEP_WITH: Says.WITH,
    Field.KEEP_APART: Says.APART,
}
EARLIER = re.compile(
    r"\b(?:earlier|former|previous|last|current|present|old|anterior|actual) (?:[\w ]+ )?"
    r"(?:group|community|team|circle|cohort|table|grupo|comunidad|equipo|circulo)\b"
)


@dataclass(frozen=True, slots=True)
class Answered:
    """What one person answered; None is not answered.

    wishes: topics, best first; needs: topics; expertise: topic -> level, 0 to 4
    hours: hours of the week in the program's zone, 0 (Sunday at midnight) to 167
    earlier: the group that they were in; near, away: names of people to be with and apart from
    """

    wishes: tuple[str, ...] | None = None
    needs: tuple[str, ...] | None = None
    expertise: Mapping[str, int] = field(default_factory=dict)
    hours: frozenset[int] | None = None
    earlier: str | None = None
    near: tuple[str, ...] = ()
    away: tuple[str, ...] = ()


def columns_in(roster: Iterable[RosterRow]) -> list[str]:
    """Return the attributes that somebody on a roster has, in the order of their first appearance."""
    return list(dict.fromkeys(name for row in roster for name in row.attributes))


def guess(roster: Sequence[RosterRow]) -> dict[str, Says]:
    """Return what the columns say by their names and some hundred cells, only where that is no mere value."""
    some = roster[:: max(1, len(roster) // READ_TO_GUESS)]
    names = columns_in(some)
    rows = tuple(
        TableRow(number, tuple(_cell(row.attributes.get(name)) for name in names))
        for number, row in enumerate(some)
    )
    headers = tuple(name.replace("_", " ") for name in names)
    table = Table(headers, rows, header_number=0, format=Format.CSV, encoding="utf-8")
    found: dict[str, Says] = {}
    for name, match in zip(names, guess_columns(table), strict=True):
        said = OURS.get(name) or AS_IMPORTED.get(match.field)
        if said is None and EARLIER.search(fold(name)):
            said = Says.EARLIER
        if said is not None:
            found[name] = said
    return found


def without_hours(columns: Mapping[str, Says]) -> dict[str, Says]:
    """Return the columns that say nothing of hours: reading these is most of the work."""
    return {name: said for name, said in columns.items() if said not in {Says.FREE, Says.BUSY}}


class Reader:
    """Reads people's answers from the columns that hold them; topics that differ only in spelling are one.

    A topic stands on one line. `topics` are spelled as they are here. `zone` and `on` say whose hours these
    become, and by which clock of the year.
    """

    def __init__(
        self, columns: Mapping[str, Says], *, zone: ZoneInfo, on: date, topics: Iterable[str] = ()
    ) -> None:
        self._by_kind: dict[Says, list[str]] = {}
        for name, said in columns.items():
            self._by_kind.setdefault(said, []).append(name)
        self._by_kind.get(Says.WISH, []).sort(key=lambda name: wish_rank(name.replace("_", " ")) or 0)
        self._spelled = {fold(topic): topic for topic in topics}
        self._zone, self._on = zone, on
        self._hours_here: dict[tuple[str, frozenset[int]], frozenset[int]] = {}

    def read(self, row: RosterRow) -> Answered:
        """Return what one person answered."""
        return Answered(
            wishes=self._topics(row, Says.WISH),
            needs=self._topics(row, Says.NEED),
            expertise=self._expertise(row),
            hours=self._hours(row),
            earlier=next((_cell(value) for _name, value in self._cells(row, Says.EARLIER)), None),
            near=self._names(row, Says.WITH),
            away=self._names(row, Says.APART),
        )

    def has_any(self, row: RosterRow, kinds: Iterable[Says]) -> bool:
        """Whether somebody wrote anything into a column of one of these kinds."""
        return any(True for said in kinds for _cell_of in self._cells(row, said))

    def _cells(self, row: RosterRow, said: Says) -> Iterable[tuple[str, Any]]:
        for name in self._by_kind.get(said, ()):
            value = row.attributes.get(name)
            if value not in (None, "", []) and not (isinstance(value, str) and says_nothing(value)):
                yield name, value

    def _topics(self, row: RosterRow, said: Says) -> tuple[str, ...] | None:
        cells = [(name, value) for name, value in self._cells(row, said)]
        listed = [topic for name, value in cells for topic in self._listed(name, value, said)]
        return tuple(dict.fromkeys(map(self._spell, listed))) or None

    def _listed(self, name: str, value: Any, said: Says) -> list[str]:
        """The topics of a cell; one choice of several columns in rank order is one topic, commas and all."""
        if isinstance(value, list):
            return [str(each).strip() for each in value]
        is_choice = said == Says.WISH and wish_rank(name.replace("_", " ")) is not None
        return [str(value).strip()] if is_choice else split_list(str(value))

    def _spell(self, topic: str) -> str:
        topic = one_line(topic)
        return self._spelled.setdefault(fold(topic), topic)

    def _expertise(self, row: RosterRow) -> dict[str, int]:
        found: dict[str, int] = {}
        for name, value in self._cells(row, Says.EXPERTISE):
            level = None if isinstance(value, list) else _level(value)
            listed = self._listed(name, value, Says.EXPERTISE) if level is None else [_topic_of(name)]
            for topic in map(self._spell, listed):
                found[topic] = max(found.get(topic, 0), EXPERT if level is None else level)
        return found

    def _names(self, row: RosterRow, said: Says) -> tuple[str, ...]:
        found = [
            name
            for _column, value in self._cells(row, said)
            for name in (map(str, value) if isinstance(value, list) else split_names(str(value)))
        ]
        return tuple(dict.fromkeys(found))

    def _hours(self, row: RosterRow) -> frozenset[int] | None:
        """Somebody who said nothing of their hours did not answer; who said some is not free at the others,
        or, of hours when they are not free, free at all others of the usual day."""
        free = [hours for hours in self._week(row, Says.FREE) if hours is not None]
        busy = [hours for hours in self._week(row, Says.BUSY) if hours is not None]
        if not free and not busy:
            return None
        known = frozenset[int]().union(*free)
        if busy:
            days = {slot // 24 for hours in busy for slot in hours} | self._days_asked()
            usual = {24 * day + hour for day in days for hour in USUAL_DAY}
            known |= usual - frozenset[int]().union(*busy)
        return self._in_our_zone(known, row.time_zone)

    def _days_asked(self) -> set[int]:
        asked = (weekday(name.replace("_", " ")) for name in self._by_kind.get(Says.BUSY, ()))
        return {WEEKDAYS.index(day) for day in asked if day}

    def _week(self, row: RosterRow, said: Says) -> Iterable[frozenset[int] | None]:
        for name, value in self._cells(row, said):
            yield _slots(_cell(value), weekday(name.replace("_", " ")))

    def _in_our_zone(self, hours: frozenset[int], time_zone: str) -> frozenset[int]:
        """The hours of our week in which somebody who lives by another clock is free from start to end."""
        minutes = self._ahead(time_zone)
        if not minutes:
            return hours
        whole, rest = divmod(minutes, 60)
        both = hours if not rest else hours & {(slot - 1) % HOURS_OF_WEEK for slot in hours}
        return frozenset((slot - whole) % HOURS_OF_WEEK for slot in both)

    def _ahead(self, time_zone: str) -> int:
        """By how many minutes somebody's clock is ahead of ours; who gave no zone lives by ours."""
        known = parse_time_zone(time_zone)
        if not known or known == self._zone.key:
            return 0
        noon = datetime(self._on.year, self._on.month, self._on.day, 12)
        theirs, ours = (noon.replace(tzinfo=zone).utcoffset() for zone in (ZoneInfo(known), self._zone))
        return int(((theirs or timedelta()) - (ours or timedelta())).total_seconds()) // 60


def slot_in_words(slot: int) -> tuple[int, int]:
    """Return the day (0 is Sunday) and hour of an hour of the week."""
    return divmod(slot, 24)


def _slots(text: str, day: str | None) -> frozenset[int] | None:
    """Hours of the week that a cell lists, as an import keeps them ("mon-09") or as people write them."""
    kept = SLOT.findall(text)
    if kept:
        return frozenset(24 * WEEKDAYS.index(name) + int(hour) for name, hour in kept)
    week = parse_week(text)
    if day and week is None:
        hours = parse_hours(text)
        week = None if hours is None else {day: hours}
    if week is None:
        return None
    return frozenset(24 * WEEKDAYS.index(name) + hour for name, hours in week.items() for hour in hours)


def _level(value: Any) -> int | None:
    """How well somebody knows the topic of a column: 0 to 4, a word for it, yes or no; None for a list."""
    said = str(value).strip()
    number = re.match(r"(\d+)(?:\.0*)?(?:[.):\s-]|$)", said)
    if number:
        return min(4, int(number[1]))
    if fold(said) in LEVELS:
        return LEVELS[fold(said)]
    yes = True if fold(said) == "y" else parse_yes(said)
    return None if yes is None else EXPERT * yes


def _topic_of(column: str) -> str:
    """The topic that a column of levels is about: what stands in brackets, or else its name."""
    bracketed = BRACKETED.search(column)
    return bracketed[1] if bracketed else column.replace("_", " ")


def _cell(value: Any) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(plain(value))
