"""Answers as plain values, by the key of their question, and as the rows that keep them.

By kind: choice a key, several a list of keys, scale and 0 to 10 a whole number, grid a dictionary of row and
point, number a float, date a date, text a text, ranking the keys in order. Unanswered questions are left out.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from coppice.surveys.instruments import Condition, Group, Instrument, Kind, Question
from coppice.surveys.models import Answer, Response

type Answers = Mapping[str, Any]


def rows_of(response: Response, question: Question, value: Any) -> Iterator[Answer]:
    """Yield the rows that keep one answer."""

    def row(item: str = "", **kept: float | date | str) -> Answer:
        return Answer(response=response, question=question.key, item=item, **kept)

    match question.kind:
        case Kind.CHOICE:
            yield row(value)
        case Kind.SEVERAL:
            yield from (row(key) for key in value)
        case Kind.GRID:
            yield from (row(key, number=point) for key, point in value.items())
        case Kind.RANKING:
            yield from (row(key, number=place) for place, key in enumerate(value, start=1))
        case Kind.DATE:
            yield row(day=value)
        case Kind.TEXT:
            yield row(text=value)
        case Kind.SCALE | Kind.ZERO_TO_TEN | Kind.NUMBER:
            yield row(number=value)


def answers_in(instrument: Instrument, rows: Iterable[Any]) -> dict[str, Any]:
    """Return the answers that rows of one response keep, in the order of the questions.

    A row is an Answer, or a tuple with its names, of which a large wave has many.
    Words that were emptied when their writer was erased are no answer.
    """
    by_question: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        if row.item or row.number is not None or row.day or row.text:
            by_question[row.question].append(row)
    return {
        question.key: _value(question, by_question[question.key])
        for question in instrument.questions
        if question.key in by_question
    }


def _value(question: Question, rows: list[Any]) -> Any:
    match question.kind:
        case Kind.CHOICE:
            return rows[0].item
        case Kind.SEVERAL:
            chosen = {row.item for row in rows}
            return [choice.key for choice in question.choices if choice.key in chosen]
        case Kind.GRID:
            points = {row.item: int(row.number or 0) for row in rows}
            return {choice.key: points[choice.key] for choice in question.choices if choice.key in points}
        case Kind.RANKING:
            return [row.item for row in sorted(rows, key=lambda row: row.number or 0)]
        case Kind.DATE:
            return rows[0].day
        case Kind.TEXT:
            return rows[0].text
        case Kind.NUMBER:
            return rows[0].number
        case Kind.SCALE | Kind.ZERO_TO_TEN:
            return int(rows[0].number or 0)


def holds(condition: Condition | None, answers: Answers) -> bool:
    """Say whether a skip rule lets its questions be asked."""
    if condition is None:
        return True
    given = answers.get(condition.question)
    values = given if isinstance(given, list) else [given]
    return any(str(value) in condition.any_of for value in values if value is not None)


def asked_in(group: Group, answers: Answers) -> list[Question]:
    """Return the questions of a group that this person is asked; none when the group itself is left out."""
    if not holds(group.condition, answers):
        return []
    return [question for question in group.questions if holds(question.condition, answers)]


def asked_of(instrument: Instrument, answers: Answers) -> Iterator[tuple[int, list[Question]]]:
    """Yield the screens of this person: the number of the group, counted from 1, and its questions."""
    kept: dict[str, Any] = {}
    for number, group in enumerate(instrument.groups, start=1):
        if questions := asked_in(group, kept):
            kept |= {question.key: answers[question.key] for question in questions if question.key in answers}
            yield number, questions


def is_whole(question: Question, answers: Answers) -> bool:
    """Say whether a question that must be answered is; of a grid each row, of a ranking each choice."""
    if not question.is_required:
        return True
    given = answers.get(question.key)
    if question.kind in {Kind.GRID, Kind.RANKING}:
        return given is not None and len(given) == len(question.choices)
    return given not in (None, "", [])
