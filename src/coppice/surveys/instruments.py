"""An instrument as plain values: groups of questions, when they are asked, and its public JSON form."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

FORMAT = "coppice-instrument/1"
KEY = re.compile(r"[a-z0-9][a-z0-9_]{0,39}")
MOST_QUESTIONS, MOST_CHOICES, LONGEST_TEXT = 200, 60, 2000

type Text = Mapping[str, str]
"""Words by language code; the instrument's own language is always there."""


class Kind(StrEnum):
    """The kinds of questions."""

    CHOICE = "choice"
    SEVERAL = "several"
    SCALE = "scale"
    ZERO_TO_TEN = "zero_to_ten"
    GRID = "grid"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"
    RANKING = "ranking"


WITH_CHOICES = {Kind.CHOICE, Kind.SEVERAL, Kind.RANKING}
ON_A_SCALE = {Kind.SCALE, Kind.ZERO_TO_TEN, Kind.GRID}
CAN_DECIDE = {Kind.CHOICE, Kind.SEVERAL, Kind.SCALE, Kind.ZERO_TO_TEN}
"""Kinds by whose answer a skip rule can ask or leave out what follows."""


@dataclass(frozen=True)
class Choice:
    """One answer to choose, one row of a grid, or one thing to rank."""

    key: str
    text: Text


@dataclass(frozen=True)
class Condition:
    """A skip rule: asked only of people whose answer to an earlier `question` is or holds one of `any_of`."""

    question: str
    any_of: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """One question. `choices` are the rows of a grid, and what a ranking puts in order.

    `lowest` to `highest` are the points of a scale and of a grid's rows; of a number its limits, where given.
    """

    key: str
    kind: Kind
    text: Text
    help: Text
    is_required: bool = False
    condition: Condition | None = None
    choices: tuple[Choice, ...] = ()
    lowest: int | None = None
    highest: int | None = None
    lowest_text: Text | None = None
    highest_text: Text | None = None

    @property
    def points(self) -> range:
        """The points of a scale, of 0 to 10, and of each row of a grid; empty for other kinds."""
        if self.kind not in ON_A_SCALE or self.lowest is None or self.highest is None:
            return range(0)
        return range(self.lowest, self.highest + 1)


@dataclass(frozen=True)
class Group:
    """The questions of one screen."""

    title: Text
    text: Text
    questions: tuple[Question, ...]
    condition: Condition | None = None


@dataclass(frozen=True)
class Instrument:
    """A whole instrument in one language or more."""

    language: str
    title: Text
    introduction: Text
    groups: tuple[Group, ...]

    @property
    def questions(self) -> Iterator[Question]:
        """All questions, in the order in which they are asked."""
        return (question for group in self.groups for question in group.questions)

    @property
    def languages(self) -> list[str]:
        """The languages in which the title is written, the instrument's own first."""
        return [self.language, *sorted(set(self.title) - {self.language})]

    def say(self, text: Text, language: str) -> str:
        """Return words in a language ("es-MX" is spoken as "es"), else in the instrument's own."""
        return text.get(language) or text.get(language.partition("-")[0]) or text.get(self.language, "")


def written(instrument: Instrument) -> str:
    """Return an instrument in its public JSON form; `reading.read_instrument` is the inverse."""
    plain = {
        "format": FORMAT,
        "language": instrument.language,
        "title": _text(instrument.title, instrument),
        "introduction": _text(instrument.introduction, instrument),
        "groups": [
            {
                "title": _text(group.title, instrument),
                "text": _text(group.text, instrument),
                **_condition(group.condition),
                "questions": [_question(question, instrument) for question in group.questions],
            }
            for group in instrument.groups
        ],
    }
    return json.dumps(_without_empty(plain), ensure_ascii=False, indent=2) + "\n"


def _question(question: Question, instrument: Instrument) -> dict[str, object]:
    has_limits = question.kind not in {Kind.ZERO_TO_TEN}
    return {
        "key": question.key,
        "kind": str(question.kind),
        "text": _text(question.text, instrument),
        "help": _text(question.help, instrument),
        "required": question.is_required or None,
        **_condition(question.condition),
        "rows" if question.kind is Kind.GRID else "choices": [
            {"key": choice.key, "text": _text(choice.text, instrument)} for choice in question.choices
        ],
        "lowest": question.lowest if has_limits else None,
        "highest": question.highest if has_limits else None,
        "lowest_text": _text(question.lowest_text or {}, instrument),
        "highest_text": _text(question.highest_text or {}, instrument),
    }


def _condition(condition: Condition | None) -> dict[str, object]:
    if condition is None:
        return {}
    return {"shown_if": {"question": condition.question, "any_of": list(condition.any_of)}}


def _text(text: Text, instrument: Instrument) -> object:
    """Words of the instrument's own language alone are written as they are."""
    return text[instrument.language] if set(text) == {instrument.language} else dict(text)


def _without_empty(plain: object) -> object:
    if isinstance(plain, dict):
        kept = {name: _without_empty(value) for name, value in plain.items()}
        return {name: value for name, value in kept.items() if value not in (None, "", {}, [])}
    return [_without_empty(each) for each in plain] if isinstance(plain, list) else plain
