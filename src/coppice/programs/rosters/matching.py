"""Which column says what: a guess from names and cells, from what was chosen last time, or by hand."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import cast

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from coppice.lib.errors import DomainError
from coppice.lib.tables import Table
from coppice.programs.rosters.evidence import bears_out, lists_week, sample, tells
from coppice.programs.rosters.fields import DATES, IDENTIFYING, REPEATABLE, Field
from coppice.programs.rosters.headers import core, fold_header, weekday, wish_rank
from coppice.programs.rosters.kept import RESERVED_KEYS, key_of
from coppice.programs.rosters.looks import ColumnLook
from coppice.programs.rosters.wordings import (
    EXACT,
    FREE,
    NOT_FREE,
    OF_SOMEBODY_ELSE,
    PEOPLE,
    SUGGESTED,
)

HALVES = {
    "first": Field.GIVEN_NAME,
    "given": Field.GIVEN_NAME,
    "last": Field.FAMILY_NAME,
    "family": Field.FAMILY_NAME,
}

BY_NAME = _("The column’s name says so.")
BY_QUESTION = _("The question in its name suggests so.")
BY_CELLS = _("Its cells look so.")
BY_MEMORY = _("It was matched so last time.")
BY_ROSTER = _("People on the roster have an attribute of this name already.")
BY_HAND = _("You chose so.")
UNKNOWN = _("No field has this name. It is kept, so that you can group people by it.")
NUMBERS_ANSWERS = _("This form numbers its answers, not its people.")
TAKEN = _("Another column fits that field better. This one is kept, so that you can group people by it.")


class NobodyNamed(DomainError):
    code = "nobody_named"
    sentence = _(
        "No column says who a person is. Match at least one column to a name, an email address, a phone or "
        "an ID."
    )


class DatesLeftOpen(DomainError):
    code = "dates_left_open"
    sentence = _(
        "The dates in “{column}” can be read day first or month first, and the file does not settle it. Say "
        "which comes first."
    )

    def __init__(self, column: str) -> None:
        super().__init__(format_lazy(cast(str, self.sentence), column=column))


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """One column and the field it fills.

    `key` names the attribute for a column that is kept, else it is empty. `confidence` is 1 for a choice or a
    memory and for names that leave no doubt, less for guesses. `why` is a sentence for the person.
    """

    column: int
    header: str
    field: Field
    key: str
    confidence: float
    why: str | Promise

    @property
    def weekday(self) -> str | None:
        """The day ("sun" to "sat") whose hours the column lists."""
        return weekday(self.header)

    @property
    def rank(self) -> int | None:
        """The rank of the wish that the column holds, from 1."""
        return wish_rank(self.header)


def guess_columns(
    table: Table, remembered: Mapping[str, str] | None = None, known: Sequence[str] = ()
) -> list[ColumnMatch]:
    """Return a match for every column, in order.

    `remembered` is what `remember` returned for the program's last import; it goes before any guess. `known`
    has for each column the attribute that people have by its name already (`kept.known_keys`): the column
    goes on with it, unless it says who a person is.
    """
    memory = {header: Field(field) for header, field in (remembered or {}).items() if field in Field.values}
    known = known or [""] * len(table.header)
    guesses = [
        _recall(table, column, memory) or _going_on(_guess(table, column), key)
        for column, key in enumerate(known)
    ]
    return _with_keys(_settle_ids(_settle_names(_one_each(guesses))), known)


def choose_columns(
    headers: Sequence[str], chosen: Mapping[int, str], known: Sequence[str] = ()
) -> list[ColumnMatch]:
    """Return the matches that a person chose, by column; columns without a choice are left out.

    `known` is that of `guess_columns`: a column that is kept goes on with the attribute of its name.
    """
    return _with_keys(
        [
            ColumnMatch(column, header, Field(chosen.get(column, Field.IGNORED)), "", 1.0, BY_HAND)
            for column, header in enumerate(headers)
        ],
        known or [""] * len(headers),
    )


def remember(matches: Sequence[ColumnMatch]) -> dict[str, str]:
    """Return what to keep for the next import: folded header → field."""
    return {fold_header(match.header): str(match.field) for match in matches if fold_header(match.header)}


def require_people(matches: Sequence[ColumnMatch]) -> None:
    """Raise NobodyNamed unless some column tells people apart."""
    if not any(match.field in IDENTIFYING for match in matches):
        raise NobodyNamed


def require_order_of_dates(
    matches: Sequence[ColumnMatch], looks: Sequence[ColumnLook], *, day_first: bool | None
) -> None:
    """Raise DatesLeftOpen when a date column may be read in two ways and nobody has said which."""
    if day_first is not None:
        return
    for match in matches:
        if match.field in DATES and looks[match.column].leaves_order_open:
            raise DatesLeftOpen(match.header)


def _recall(table: Table, column: int, memory: Mapping[str, Field]) -> ColumnMatch | None:
    header = table.header[column]
    field = memory.get(fold_header(header))
    return ColumnMatch(column, header, field, "", 1.0, BY_MEMORY) if field else None


def _guess(table: Table, column: int) -> ColumnMatch:
    header = table.header[column]
    cells = sample(table.column(column))
    for field, confidence, why in _readings(header):
        in_words = field in (Field.FREE_HOURS, Field.BUSY_HOURS) and not weekday(header)
        if lists_week(cells) if in_words else bears_out(field, cells):
            return ColumnMatch(column, header, field, "", confidence, why)
    told = None if OF_SOMEBODY_ELSE.search(fold_header(header)) else tells(cells)
    if told:
        return ColumnMatch(column, header, told, "", 0.5, BY_CELLS)
    return ColumnMatch(column, header, Field.ATTRIBUTE, "", 0.5, UNKNOWN)


def _going_on(guess: ColumnMatch, key: str) -> ColumnMatch:
    """A column whose name people of the roster have an attribute of is that attribute again."""
    if not key or guess.field in IDENTIFYING:
        return guess
    return replace(guess, field=Field.ATTRIBUTE, confidence=1.0, why=BY_ROSTER)


def _readings(header: str) -> list[tuple[Field, float, Promise]]:
    """Return what a header may mean, the surest first."""
    words, asked = fold_header(header), core(header)
    readings: list[tuple[Field, float, Promise]] = []
    exact = EXACT.get(asked) or EXACT.get(words)
    if exact:
        field, place = exact
        readings.append((field, 1 - place / 1000, BY_NAME))
    if wish_rank(header):
        readings.append((Field.WISH, 0.9, BY_NAME))
    if weekday(header) or FREE.search(words) or NOT_FREE.search(words):
        readings.append((Field.BUSY_HOURS if NOT_FREE.search(words) else Field.FREE_HOURS, 0.8, BY_QUESTION))
    for field, phrase in SUGGESTED.items():
        of_others = field in (Field.KEEP_WITH, Field.KEEP_APART)
        fits = phrase.search(words if of_others else asked)
        if fits and (PEOPLE.search(words) if of_others else not _of_somebody_else(field, words)):
            readings.append((field, 0.7, BY_QUESTION))
    return readings


def _of_somebody_else(field: Field, words: str) -> bool:
    """Whether a field that each person has once is asked about another person: "supervisor email"."""
    return field not in REPEATABLE and OF_SOMEBODY_ELSE.search(words) is not None


def _one_each(guesses: list[ColumnMatch]) -> list[ColumnMatch]:
    """Leave each field that only one column may fill to the surest column, memory first, then the "
    "leftmost."""
    holders: dict[Field, int] = {}
    for match in sorted(
        guesses, key=lambda match: (-match.confidence, match.why is not BY_MEMORY, match.column)
    ):
        holders.setdefault(match.field, match.column)
    return [
        match
        if match.field in REPEATABLE or holders[match.field] == match.column
        else replace(match, field=Field.ATTRIBUTE, confidence=0.5, why=TAKEN)
        for match in guesses
    ]


def _settle_names(guesses: list[ColumnMatch]) -> list[ColumnMatch]:
    """Beside a column of family names, one that is only called "name" or "first" holds given names."""
    guesses = _settle_halves(guesses)
    fields = {match.field for match in guesses}
    if Field.FAMILY_NAME not in fields or Field.GIVEN_NAME in fields:
        return guesses
    return [
        replace(match, field=Field.GIVEN_NAME)
        if match.field == Field.FULL_NAME and core(match.header) in ("name", "nombre")
        else match
        for match in guesses
    ]


def _settle_halves(guesses: list[ColumnMatch]) -> list[ColumnMatch]:
    """Take "First" and "Last" for the halves of a name, where the other half stands beside."""
    meant = [
        match.field if match.field in HALVES.values() else HALVES.get(core(match.header)) for match in guesses
    ]
    if not set(HALVES.values()) <= set(meant):
        return guesses
    return [
        replace(match, field=half, key="", confidence=0.9, why=BY_NAME)
        if half and match.field == Field.ATTRIBUTE
        else match
        for match, half in zip(guesses, meant, strict=True)
    ]


def _settle_ids(guesses: list[ColumnMatch]) -> list[ColumnMatch]:
    """A form that says when an answer was begun and completed numbers its answers, not its people."""
    if not {"start time", "completion time"} <= {fold_header(match.header) for match in guesses}:
        return guesses
    return [
        replace(match, field=Field.IGNORED, why=NUMBERS_ANSWERS)
        if match.field == Field.EXTERNAL_ID
        and fold_header(match.header) == "id"
        and match.why is not BY_MEMORY
        else match
        for match in guesses
    ]


def _with_keys(matches: list[ColumnMatch], known: Sequence[str]) -> list[ColumnMatch]:
    taken = set(RESERVED_KEYS)
    keyed = []
    for match, goes_on_with in zip(matches, known, strict=True):
        key = ""
        if match.field == Field.ATTRIBUTE:
            key = goes_on_with or _free_key(match, taken.union(known))
        taken.add(key)
        keyed.append(replace(match, key=key))
    return keyed


def _free_key(match: ColumnMatch, taken: Set[str]) -> str:
    wanted = key_of(match.header) or f"column_{match.column + 1}"
    number, key = 1, wanted
    while key in taken:
        number += 1
        key = f"{wanted}_{number}"
    return key
