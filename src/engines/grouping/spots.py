"""Values out of JSON with the way to each, so that a sentence can say where what is wrong."""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from engines.grouping.problem import MOST_NUMBER, MOST_WHOLE, ProblemError

SHOWN = 60
"""At most so many characters of a value that is wrong are shown."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A value, and where it stands: "spec.json, groups[0].min".

    Asked for something that it is not it raises ProblemError: what stands there, and what would do.
    """

    value: Any
    way: str

    def wrong(self, would_do: str) -> ProblemError:
        """What to raise where something else would do."""
        text = json.dumps(self.value, ensure_ascii=True)
        shown = text if len(text) <= SHOWN else text[:SHOWN] + "…"
        return ProblemError(f"{self.way}: {shown} stands there; {would_do} would do")

    def fields(self, needed: Iterable[str], others: Iterable[str]) -> dict[str, "Spot"]:
        """An object's fields, null being absent: all that are needed, and none of an unknown name."""
        found, known = self.entries(), [*needed, *others]
        for name, spot in found.items():
            if name not in known:
                raise ProblemError(f"{spot.way}: this name is unknown; {listed(known)} would do")
        for name in needed:
            if name not in found:
                raise ProblemError(f"{self.way}: {name} is lacking")
        return {name: spot for name, spot in found.items() if spot.value is not None or name in needed}

    def entries(self) -> dict[str, "Spot"]:
        """An object with any names."""
        if not isinstance(self.value, dict):
            raise self.wrong("an object {…}")
        joint = "." if self.way.count(",") else ", "
        return {name: Spot(each, f"{self.way}{joint}{name}") for name, each in self.value.items()}

    def items(self) -> list["Spot"]:
        """The items of a list."""
        if not isinstance(self.value, list):
            raise self.wrong("a list […]")
        return [Spot(each, f"{self.way}[{place}]") for place, each in enumerate(self.value)]

    def pair(self) -> tuple[str, str]:
        """A list of two texts."""
        if not isinstance(self.value, list) or len(self.value) != 2:
            raise self.wrong("a list of two people's ids")
        one, other = self.items()
        return one.text(), other.text()

    def texts(self) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(each.text() for each in self.items())

    def numbers(self) -> tuple[float, ...]:
        """A list of numbers."""
        return tuple(each.number() for each in self.items())

    def text(self) -> str:
        """A text, perhaps an empty one, that can be written down."""
        if not isinstance(self.value, str) or not is_writable(self.value):
            raise self.wrong("a text in quotation marks")
        return self.value

    def name(self) -> str:
        """A text with something in it."""
        if self.value == "":
            raise self.wrong("a name in quotation marks")
        return self.text()

    def whole(self) -> int:
        """A whole number from 0, also written as 9.0."""
        number = self.value
        if not _is_number(number) or not 0 <= number <= MOST_WHOLE or number != int(number):
            raise self.wrong("a whole number from 0")
        return int(number)

    def number(self) -> float:
        """A number that can be reckoned with."""
        if not _is_number(self.value) or not abs(self.value) <= MOST_NUMBER:
            raise self.wrong("a number")
        return self.value  # as it stands: a whole one stays whole

    def flag(self) -> bool:
        """Yes or no."""
        if not isinstance(self.value, bool):
            raise self.wrong("true or false")
        return self.value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and not math.isnan(value)


def is_writable(text: str) -> bool:
    """Whether a text is without halves of characters, which JSON may hold and no file in UTF-8."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def listed(names: Iterable[str]) -> str:
    """Names in a row: "a, b or c"."""
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last
