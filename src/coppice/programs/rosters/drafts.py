"""A row while it is being read: each column writes its cell into it, then it is rounded off."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from coppice.lib.dates import guess_day_first, leaves_order_open, parse_date, parse_moment
from coppice.lib.lines import one_line
from coppice.lib.tables import Table
from coppice.lib.timezones import parse_time_zone
from coppice.programs.rosters.cells import (
    are_numbers,
    clean_email,
    clean_name,
    clean_phone,
    language_code,
    parse_number,
    parse_yes,
    says_nothing,
    split_list,
    split_names,
    split_organizations,
)
from coppice.programs.rosters.fields import Field
from coppice.programs.rosters.headers import fold
from coppice.programs.rosters.hours import WHOLE_DAY, parse_hours, parse_week, slots
from coppice.programs.rosters.matching import ColumnMatch
from coppice.programs.rosters.people import RosterOrganization, Value
from coppice.programs.rosters.problems import RowProblem, warning

USUAL_HOURS = frozenset(range(8, 22))
"""The day of a roster whose columns name no hour, only "all day" and "none"."""
LONGEST = {
    Field.FULL_NAME: 200,
    Field.GIVEN_NAME: 100,
    Field.FAMILY_NAME: 99,
    Field.JOB_TITLE: 200,
    Field.EXTERNAL_ID: 100,
    Field.ORGANIZATION: 200,
    Field.ORGANIZATION_AREA: 120,
    Field.ORGANIZATION_TYPE: 120,
}
LISTS: dict[Field, tuple[str, Callable[[str], list[str]]]] = {
    Field.NEEDS: ("needs", split_list),
    Field.EXPERTISE: ("expertise", split_list),
    Field.KEEP_WITH: ("keep_with", split_names),
    Field.KEEP_APART: ("keep_apart", split_names),
}
NO_HOURS: frozenset[int] = frozenset()
LISTING_SHARE = 0.25


@dataclass(slots=True)
class Draft:
    """One row of the table; `texts` holds the fields that are one text."""

    numbers: list[int]
    texts: dict[Field, str] = field(default_factory=dict)
    organizations: list[RosterOrganization] = field(default_factory=list)
    is_leader: bool | None = None
    attributes: dict[str, Value] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)
    wishes: list[tuple[int, str]] = field(default_factory=list)
    free: dict[str, frozenset[int]] = field(default_factory=dict)
    busy: dict[str, frozenset[int]] = field(default_factory=dict)

    def warn(self, code: str, **values: object) -> None:
        self.problems.append(warning(code, **values))

    def fitting(self, text: str, field: Field) -> str:
        """Return the text cut to what its field may hold, with a warning when that was needed."""
        longest = LONGEST.get(field, len(text))
        if len(text) > longest:
            self.warn("too_long", text=text[:40])
        return text[:longest]


type Reader = Callable[[Draft, str], None]


def draft_rows(table: Table, matches: Sequence[ColumnMatch], *, day_first: bool | None) -> list[Draft]:
    """Return a draft of every row, each cell read by its column's reader."""
    readers = [
        (match.column, _reader(match, table, day_first=day_first))
        for match in matches
        if match.field != Field.IGNORED
    ]
    week = _Week.of(table, matches)
    drafts = []
    for row in table.rows:
        draft = Draft([row.number])
        for column, read in readers:
            if row.cells[column]:
                read(draft, row.cells[column])
        _round_off(draft, week)
        drafts.append(draft)
    return drafts


@dataclass(frozen=True, slots=True)
class _Week:
    """The hours that a roster asks about: the days that have columns of busy hours, and the hours of a "
    "day."""

    busy_days: tuple[str, ...]
    hours: frozenset[int]

    @classmethod
    def of(cls, table: Table, matches: Sequence[ColumnMatch]) -> "_Week":
        columns = [match for match in matches if match.field in (Field.FREE_HOURS, Field.BUSY_HOURS)]
        named: set[int] = set()
        for match in columns:
            day = match.weekday
            for cell in set(table.column(match.column)):
                for hours in _hours_by_day(cell, day).values():
                    named |= hours if hours != WHOLE_DAY else set()
        busy_days = [match.weekday for match in columns if match.field == Field.BUSY_HOURS and match.weekday]
        grid = frozenset(range(min(named), max(named) + 1)) if named else USUAL_HOURS
        return cls(tuple(busy_days), grid)


def _hours_by_day(cell: str, day: str | None) -> dict[str, frozenset[int]]:
    if day:
        hours = parse_hours(cell)
        return {} if hours is None else {day: hours}
    return parse_week(cell) or {}


def _reader(match: ColumnMatch, table: Table, *, day_first: bool | None) -> Reader:
    field = match.field
    if field in READERS:
        return READERS[field]
    if field in LISTS:
        return _list_reader(*LISTS[field])
    if field in (Field.FREE_HOURS, Field.BUSY_HOURS):
        return _hours_reader(match)
    if field == Field.WISH:
        return _wish_reader(match)
    if field == Field.ATTRIBUTE:
        return _attribute_reader(match.key, table.column(match.column), decimal_comma=table.delimiter == ";")
    column = table.column(match.column)
    decided = day_first if leaves_order_open(column) else guess_day_first(column)
    return _timestamp_reader(decided) if field == Field.TIMESTAMP else _date_reader(decided)


def _text_reader(field: Field, tidy: Callable[[str], str] = one_line) -> Reader:
    def read(draft: Draft, cell: str) -> None:
        draft.texts.setdefault(field, draft.fitting(tidy(cell), field))

    return read


def _checked_reader(field: Field, parse: Callable[[str], str | None], code: str) -> Reader:
    def read(draft: Draft, cell: str) -> None:
        value = parse(cell)
        if value:
            draft.texts.setdefault(field, value)
        elif not says_nothing(cell):
            draft.warn(code, text=cell)

    return read


def _read_email(draft: Draft, cell: str) -> None:
    address = clean_email(cell)
    if not address:
        if not says_nothing(cell):
            draft.warn("bad_email", text=cell)
        return
    draft.texts.setdefault(Field.EMAIL, address)
    if cell.count("@") > 1:
        draft.warn("second_email", text=address)


def _read_language(draft: Draft, cell: str) -> None:
    named = split_list(cell)
    codes = [language_code(name) for name in named]
    known = [code for code in codes if code]
    if known:
        draft.texts.setdefault(Field.LANGUAGE, known[0])
    if len(named) > 1 or not known:
        draft.attributes["languages"] = [code or name for code, name in zip(codes, named, strict=True)]
    if not known:
        draft.warn("unknown_language", text=cell)


def _read_leader(draft: Draft, cell: str) -> None:
    said = parse_yes(cell)
    if said is None:
        draft.warn("bad_yes", text=cell)
    else:
        draft.is_leader = said


def _read_organizations(draft: Draft, cell: str) -> None:
    known = {fold(organization.name) for organization in draft.organizations}
    for name in split_organizations(cell):
        if fold(name) not in known:
            known.add(fold(name))
            draft.organizations.append(RosterOrganization(draft.fitting(name, Field.ORGANIZATION)))


def _read_notes(draft: Draft, cell: str) -> None:
    earlier = draft.attributes.get("notes")
    draft.attributes["notes"] = f"{earlier}\n{cell}" if earlier else cell


def _list_reader(key: str, split: Callable[[str], list[str]]) -> Reader:
    def read(draft: Draft, cell: str) -> None:
        if says_nothing(cell):
            return
        earlier = draft.attributes.get(key)
        items = [*(earlier if isinstance(earlier, list) else []), *split(cell)]
        draft.attributes[key] = list(dict.fromkeys(items))

    return read


def _wish_reader(match: ColumnMatch) -> Reader:
    rank = match.rank

    def read(draft: Draft, cell: str) -> None:
        wishes = [cell] if rank else split_list(cell)
        draft.wishes += [(rank or 100 + match.column, wish) for wish in wishes]

    return read


def _hours_reader(match: ColumnMatch) -> Reader:
    named_day, is_busy = match.weekday, match.field == Field.BUSY_HOURS

    def read(draft: Draft, cell: str) -> None:
        week = draft.busy if is_busy else draft.free
        found = _hours_by_day(cell, named_day)
        if not found:
            draft.warn("bad_hours", text=cell)
        for day, hours in found.items():
            week[day] = week.get(day, NO_HOURS) | hours

    return read


def _date_reader(day_first: bool | None) -> Reader:
    def read(draft: Draft, cell: str) -> None:
        day = parse_date(cell, day_first=day_first)
        if day:
            draft.attributes["joined_on"] = day.isoformat()
        else:
            draft.warn("unclear_date" if parse_date(cell, day_first=True) else "bad_date", text=cell)

    return read


def _timestamp_reader(day_first: bool | None) -> Reader:
    def read(draft: Draft, cell: str) -> None:
        moment = parse_moment(cell, day_first=day_first)
        draft.attributes["answered_at"] = moment.isoformat() if moment else cell

    return read


def _attribute_reader(key: str, column: Sequence[str], *, decimal_comma: bool) -> Reader:
    """Read a column of amounts as numbers, one that lists things as lists, any other as it stands."""
    filled = [cell for cell in column if cell]
    read: Callable[[str], Value] = str
    if are_numbers(filled, with_commas=decimal_comma):
        read = parse_number
    elif sum(";" in cell for cell in filled) > len(filled) * LISTING_SHARE:
        read = split_list

    def keep(draft: Draft, cell: str) -> None:
        draft.attributes[key] = read(cell)

    return keep


READERS: dict[Field, Reader] = {
    Field.FULL_NAME: _text_reader(Field.FULL_NAME, clean_name),
    Field.EMAIL: _read_email,
    Field.PHONE: _checked_reader(Field.PHONE, clean_phone, "bad_phone"),
    Field.LANGUAGE: _read_language,
    Field.TIME_ZONE: _checked_reader(Field.TIME_ZONE, parse_time_zone, "bad_time_zone"),
    Field.IS_LEADER: _read_leader,
    Field.ORGANIZATION: _read_organizations,
    Field.NOTES: _read_notes,
    Field.ACCESS_NEEDS: _text_reader(Field.ACCESS_NEEDS, str.strip),
} | {
    field: _text_reader(field)
    for field in (
        Field.GIVEN_NAME,
        Field.FAMILY_NAME,
        Field.EXTERNAL_ID,
        Field.JOB_TITLE,
        Field.ORGANIZATION_AREA,
        Field.ORGANIZATION_TYPE,
    )
}


def _round_off(draft: Draft, week: _Week) -> None:
    """Put together what several columns say: wishes, the week, and each organization's area and type."""
    if draft.wishes:
        ranked = sorted(draft.wishes, key=lambda wish: wish[0])
        draft.attributes["wishes"] = list(dict.fromkeys(wish for _rank, wish in ranked))
    if draft.busy or draft.free:
        draft.attributes["free_hours"] = slots(_free_hours(draft, week))
    _place_organizations(draft)


def _place_organizations(draft: Draft) -> None:
    areas, kinds = (
        split_organizations(draft.texts.pop(field)) if field in draft.texts else []
        for field in (Field.ORGANIZATION_AREA, Field.ORGANIZATION_TYPE)
    )
    if not areas and not kinds:
        return
    if draft.organizations:
        draft.organizations = [
            RosterOrganization(organization.name, _nth(areas, index), _nth(kinds, index))
            for index, organization in enumerate(draft.organizations)
        ]
    else:
        draft.attributes |= {key: texts[0] for key, texts in (("area", areas), ("kind", kinds)) if texts}


def _free_hours(draft: Draft, week: _Week) -> dict[str, frozenset[int]]:
    """Somebody who ticked no busy hour at all did not answer; who ticked some is free at all the others."""
    free = {day: hours & week.hours for day, hours in draft.free.items()}
    if draft.busy:
        for day in {*week.busy_days, *draft.busy}:
            free[day] = free.get(day, NO_HOURS) | week.hours - draft.busy.get(day, NO_HOURS)
    return free


def _nth(texts: list[str], index: int) -> str:
    """The text of the same place in its own list; a single one is meant for all."""
    if not texts:
        return ""
    return texts[index] if index < len(texts) else texts[0] if len(texts) == 1 else ""
