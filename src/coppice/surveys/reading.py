"""Reading an instrument from its public JSON form, and saying kindly what is wrong with it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from coppice.lib.lines import UNWANTED
from coppice.surveys.errors import InstrumentRefused
from coppice.surveys.instruments import (
    CAN_DECIDE,
    FORMAT,
    KEY,
    LONGEST_TEXT,
    MOST_CHOICES,
    MOST_QUESTIONS,
    ON_A_SCALE,
    WITH_CHOICES,
    Choice,
    Condition,
    Group,
    Instrument,
    Kind,
    Question,
    Text,
)

LONGEST_SCALE = 11
LARGEST = 10**9
GROUP_FIELDS = {"title", "text", "shown_if", "questions"}
QUESTION_FIELDS = {
    "key",
    "kind",
    "text",
    "help",
    "required",
    "shown_if",
    "choices",
    "rows",
    "lowest",
    "highest",
    "lowest_text",
    "highest_text",
}


def read_instrument(text: str) -> Instrument:
    """Return the instrument in a JSON text; raises InstrumentRefused, which names the place to mend."""
    try:
        plain = json.loads(text)
    except (ValueError, RecursionError):
        raise InstrumentRefused(_("it is not JSON.")) from None
    return _Reader(_fields(plain, {"format", "language", "title", "introduction", "groups"}, "")).instrument()


class _Reader:
    """Reads one document; `self.decides` are the questions of earlier groups that skip rules may name."""

    def __init__(self, plain: Mapping[str, Any]) -> None:
        if plain.get("format") != FORMAT:
            raise InstrumentRefused(_("it must say %(format)s.") % {"format": FORMAT}, where="format")
        language = plain.get("language")
        if not isinstance(language, str) or not 2 <= len(language) <= 12:
            raise InstrumentRefused(_("name a language, such as en."), where="language")
        self.plain, self.language = plain, language
        self.decides: dict[str, Question] = {}
        self.keys: set[str] = set()

    def instrument(self) -> Instrument:
        groups = tuple(
            self._group(each, f"groups, {place}")
            for place, each in enumerate(_list(self.plain.get("groups"), "groups"), start=1)
        )
        return Instrument(
            language=self.language,
            title=self._text(self.plain.get("title"), "title"),
            introduction=self._text(self.plain.get("introduction", ""), "introduction", is_needed=False),
            groups=groups,
        )

    def _group(self, plain: Any, where: str) -> Group:
        said = _fields(plain, GROUP_FIELDS, where)
        condition = self._condition(said.get("shown_if"), where)
        questions = tuple(
            self._question(each, f"{where}, questions, {place}")
            for place, each in enumerate(_list(said.get("questions"), where), start=1)
        )
        self.decides |= {question.key: question for question in questions if question.kind in CAN_DECIDE}
        return Group(
            title=self._text(said.get("title", ""), where, is_needed=False),
            text=self._text(said.get("text", ""), where, is_needed=False),
            questions=questions,
            condition=condition,
        )

    def _question(self, plain: Any, where: str) -> Question:
        said = _fields(plain, QUESTION_FIELDS, where)
        key = self._key(said.get("key"), where, self.keys)
        if len(self.keys) > MOST_QUESTIONS:
            raise InstrumentRefused(_("there are too many questions."), where=where)
        kind = _kind(said.get("kind"), where)
        if not isinstance(said.get("required", False), bool):
            raise InstrumentRefused(_("required is true or false."), where=where)
        lowest, highest = _limits(kind, said, where)
        return Question(
            key=key,
            kind=kind,
            text=self._text(said.get("text"), where),
            help=self._text(said.get("help", ""), where, is_needed=False),
            is_required=said.get("required", False),
            condition=self._condition(said.get("shown_if"), where),
            choices=self._choices(kind, said, where),
            lowest=lowest,
            highest=highest,
            lowest_text=self._text(said.get("lowest_text", ""), where, is_needed=False),
            highest_text=self._text(said.get("highest_text", ""), where, is_needed=False),
        )

    def _choices(self, kind: Kind, said: Mapping[str, Any], where: str) -> tuple[Choice, ...]:
        name = "rows" if kind is Kind.GRID else "choices"
        if kind not in WITH_CHOICES | {Kind.GRID}:
            if "rows" in said or "choices" in said:
                raise InstrumentRefused(_("this kind has no choices and no rows."), where=where)
            return ()
        plain = _list(said.get(name), f"{where}, {name}")
        if len(plain) > MOST_CHOICES:
            raise InstrumentRefused(_("there are too many choices."), where=where)
        keys: set[str] = set()
        choices = []
        for place, each in enumerate(plain, start=1):
            here = f"{where}, {name}, {place}"
            choice = _fields(each, {"key", "text"}, here)
            key = self._key(choice.get("key"), here, keys)
            choices.append(Choice(key, self._text(choice.get("text"), here)))
        return tuple(choices)

    def _condition(self, plain: Any, where: str) -> Condition | None:
        if plain is None:
            return None
        where = f"{where}, shown_if"
        said = _fields(plain, {"question", "any_of"}, where)
        question = self.decides.get(said["question"]) if isinstance(said.get("question"), str) else None
        if question is None:
            raise InstrumentRefused(
                _("name a question of an earlier group, of a kind with choices or a scale."), where=where
            )
        any_of = [str(each) for each in _list(said.get("any_of"), where)]
        known = {choice.key for choice in question.choices} | {str(point) for point in question.points}
        if not set(any_of) <= known:
            raise InstrumentRefused(_("any_of holds answers that this question has."), where=where)
        return Condition(question.key, tuple(any_of))

    def _key(self, plain: Any, where: str, taken: set[str]) -> str:
        if not isinstance(plain, str) or not KEY.fullmatch(plain):
            raise InstrumentRefused(_("give a key of small letters, digits and _."), where=where)
        if plain in taken:
            raise InstrumentRefused(_("the key %(key)s is taken.") % {"key": plain}, where=where)
        taken.add(plain)
        return plain

    def _text(self, plain: Any, where: str, *, is_needed: bool = True) -> Text:
        words = {self.language: plain} if isinstance(plain, str) else plain
        if not isinstance(words, dict) or not all(isinstance(each, str) for each in words.values()):
            raise InstrumentRefused(_("give words, or words by language."), where=where)
        kept = {language: _clean(each) for language, each in words.items() if each.strip()}
        if any(len(each) > LONGEST_TEXT for each in kept.values()):
            raise InstrumentRefused(_("the words are too long."), where=where)
        if (is_needed and self.language not in kept) or (kept and self.language not in kept):
            raise InstrumentRefused(
                _("words are missing in the language of the instrument, %(language)s.")
                % {"language": self.language},
                where=where,
            )
        return kept


def _kind(plain: Any, where: str) -> Kind:
    try:
        return Kind(plain)
    except ValueError:
        kinds = ", ".join(Kind)
        raise InstrumentRefused(_("its kind is one of %(kinds)s.") % {"kinds": kinds}, where=where) from None


def _limits(kind: Kind, said: Mapping[str, Any], where: str) -> tuple[int | None, int | None]:
    lowest, highest = said.get("lowest"), said.get("highest")
    if kind is Kind.ZERO_TO_TEN:
        return 0, 10
    for limit in (lowest, highest):
        is_whole = isinstance(limit, int) and not isinstance(limit, bool) and abs(limit) <= LARGEST
        if limit is not None and not is_whole:
            raise InstrumentRefused(_("lowest and highest are whole numbers."), where=where)
    if kind in ON_A_SCALE:
        if lowest is None or highest is None or not 1 <= highest - lowest < LONGEST_SCALE:
            raise InstrumentRefused(_("a scale goes from lowest to highest, in 2 to 11 points."), where=where)
    elif kind is not Kind.NUMBER and (lowest, highest) != (None, None):
        raise InstrumentRefused(_("this kind has no lowest and no highest."), where=where)
    elif lowest is not None and highest is not None and lowest > highest:
        raise InstrumentRefused(_("lowest is above highest."), where=where)
    return lowest, highest


def _fields(plain: Any, known: set[str], where: str) -> Mapping[str, Any]:
    if not isinstance(plain, dict):
        raise InstrumentRefused(_("names and values are expected here."), where=where)
    if unknown := sorted(set(plain) - known):
        raise InstrumentRefused(_("%(name)s is not known here.") % {"name": unknown[0]}, where=where)
    return plain


def _list(plain: Any, where: str) -> Sequence[Any]:
    if not isinstance(plain, list) or not plain:
        raise InstrumentRefused(_("a list of one or more is expected here."), where=where)
    return plain


def _clean(words: str) -> str:
    """Words without what no page shows; lines stay."""
    return "\n".join(UNWANTED.sub(" ", line).strip() for line in words.strip().splitlines())
