"""Fills the places of a template with what is known; what is not becomes a line to fill in by hand."""

import re
from collections.abc import Mapping, Sequence

type Fact = str | Sequence[str]

PLACE = re.compile(r"\{\{ *([A-Za-z_]*) *\}\}")
ALONE = re.compile(r"(?P<before>(?:> ?)*)\{\{ *(?P<key>[a-z_]+) *\}\} *")
LINE = "______________"
MARKS = re.compile(r"[\\`*\[\]<>|~]|(?<![^\W_])_|_(?![^\W_])")
AT_THE_START = re.compile(r"^(\s*)(#|=|---)", re.MULTILINE)


def fill(markdown: str, facts: Mapping[str, Fact], names: Mapping[str, str]) -> str:
    """Return a template with its places filled; a pure function.

    `names` gives by its key each place that there is, and what it is called where its fact is missing or
    empty. A fact is words, or several that are a list: one to a line where the place stands alone on its own,
    else with semicolons. Facts are words and never marks. A place with another key is left as it stands.
    """
    return "\n".join(_filled(line, facts, names) for line in markdown.split("\n"))


def places_of(markdown: str) -> set[str]:
    """Return the keys of all places in a text, known or not."""
    return set(PLACE.findall(markdown))


def _filled(line: str, facts: Mapping[str, Fact], names: Mapping[str, str]) -> str:
    alone = ALONE.fullmatch(line)
    if alone and alone["key"] in names:
        lines = _lines(facts.get(alone["key"], "")) or [_blank(names[alone["key"]])]
        return "\n".join((alone["before"] + each).rstrip() for each in lines)

    def within(found: re.Match[str]) -> str:
        key = found.group(1)
        return _in_a_line(facts.get(key, ""), names[key]) if key in names else found.group()

    return PLACE.sub(within, line)


def _lines(fact: Fact) -> list[str]:
    if isinstance(fact, str):
        text = fact.strip().replace("\r\n", "\n")
        return AT_THE_START.sub(r"\1\\\2", _plain(text)).split("\n") if text else []
    return [f"- {_plain(_one_line(each))}" for each in fact if each.strip()]


def _in_a_line(fact: Fact, name: str) -> str:
    parts = [fact] if isinstance(fact, str) else fact
    said = "; ".join(_plain(_one_line(each)) for each in parts if each.strip())
    return said or _blank(name)


def _blank(name: str) -> str:
    return f"{LINE} ({name})"


def _one_line(words: str) -> str:
    return " ".join(words.split())


def _plain(words: str) -> str:
    """Words as Markdown that has no marks in them."""
    return MARKS.sub(r"\\\g<0>", words)
