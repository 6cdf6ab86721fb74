"""What people answered in a wave, as a table: a column for each question, or for each part of it."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from coppice.lib.tables import write_csv
from coppice.surveys.instruments import Instrument, Kind, Question
from coppice.surveys.queries import Given

BY_CHOICE = {Kind.SEVERAL, Kind.GRID, Kind.RANKING}


def responses_table(document: Instrument, given: Iterable[Given], *, is_named: bool) -> bytes:
    """Return the answers as CSV that spreadsheets open safely.

    Headings are keys of the instrument ("needs", "needs.grants"), so that two waves of it line up. A choice
    is its key; of several choices each is 1 or 0; a row of a grid its point; of a ranking each its place.
    """
    questions = list(document.questions)
    first = [_("name"), _("language")] if is_named else [_("answer"), _("language")]
    header = [*first, *(column for question in questions for column in _columns(question))]
    rows = (
        [
            each.name if is_named else each.person,
            each.language,
            *(cell for question in questions for cell in _cells(question, each.answers.get(question.key))),
        ]
        for each in given
    )
    return write_csv(header, rows)


def _columns(question: Question) -> Iterator[str]:
    if question.kind in BY_CHOICE:
        return (f"{question.key}.{choice.key}" for choice in question.choices)
    return iter([question.key])


def _cells(question: Question, value: Any) -> Iterator[Any]:
    keys = [choice.key for choice in question.choices]
    match question.kind:
        case Kind.SEVERAL:
            return (None if value is None else int(key in value) for key in keys)
        case Kind.GRID:
            return ((value or {}).get(key) for key in keys)
        case Kind.RANKING:
            places = {key: place for place, key in enumerate(value or (), start=1)}
            return (places.get(key) for key in keys)
        case Kind.NUMBER if value is not None and value == int(value):
            return iter([int(value)])
        case _:
            return iter([value])
