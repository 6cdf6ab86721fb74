"""What a page or a mail shows in words, and which of them nobody translated."""

import functools
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from django.apps import apps
from django.db import transaction

from coppice.library.template_set import ALL_KEYS, LANGUAGES, original
from tests.cast import make_cast

# What screen readers, tables on phones and empty fields show beside the text itself.
SPOKEN = ("alt", "title", "aria-label", "aria-description", "placeholder", "data-label", "label")
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "wbr"}
# Codes to type and pictures of data: their letters are no words.
SILENT = {"script", "style", "code", "kbd", "samp", "svg"}

# Plain letters that are right in every language.
KEPT = (
    r"\bCoppice\b",  # what the software is called
    r"\bUTC\b",  # in every language
    r"https?://\S+",
    r"[\w.+-]+@[\w.-]+\.\w+",
)


class Reader(HTMLParser):
    """Collects what a page shows: each text node and spoken attribute, with the element that it is in.

    What says that it is in another language than the page is left out.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.shown: list[tuple[str, str]] = []
        self.opened: list[str] = []
        self.element: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.element = attributes
        says_another = tag != "html" and attributes.get("lang", "") not in {"", self.element.get("lang")}
        if tag not in VOID:
            self.opened.append("code" if is_data(attributes) or says_another else tag)
        self.shown += [(f"{tag} {name}", attributes[name]) for name in SPOKEN if name in attributes]
        if tag == "input" and attributes.get("type") in {"submit", "button"}:
            self.shown.append(("input value", attributes.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.opened.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and not SILENT & set(self.opened):
            self.shown.append((self.opened[-1] if self.opened else "", " ".join(data.split())))


def is_data(attributes: dict[str, str]) -> bool:
    """Whether an element shows what somebody gave, in letters that are not their own: initials, cities."""
    classes = attributes.get("class", "").split()
    return "disc" in classes or attributes.get("name") == "time_zone"


def read(page: str) -> Reader:
    """Return what an HTML page shows."""
    reader = Reader()
    reader.feed(page)
    return reader


def untranslated(page: str, *, own: re.Pattern[str]) -> Iterator[str]:
    """Yield what a page in a made-up language shows in plain letters, with where it stands.

    `own` finds people's own words, which nobody translates.
    """
    for where, text in read(page).shown:
        if is_plain(text, own=own):
            yield f"{where}: {text}"


def is_plain(text: str, *, own: re.Pattern[str]) -> bool:
    """Whether letters without an accent are left once people's own words and names are out."""
    return re.search("[A-Za-z]", re.sub("|".join(KEPT), "", own.sub("", text))) is not None


@functools.cache
def words_of_the_cast() -> re.Pattern[str]:
    """Return a pattern of every text that the cast's rows hold, the longest first."""
    with transaction.atomic():
        make_cast()
        rows = [row for model in apps.get_models() for row in model._default_manager.values()]
        transaction.set_rollback(True)
    texts = {text for text in texts_in(rows) if "canary" in text.casefold()}
    texts |= {original(key, each).title for key in ALL_KEYS for each in LANGUAGES}  # each in its own
    texts.add("Chicago")  # a place by which a zone is called
    return re.compile(
        "|".join(re.escape(text) for text in sorted(texts, key=len, reverse=True)), re.IGNORECASE
    )


def texts_in(value: Any) -> Iterator[str]:
    """Walk rows, lists and dictionaries down to their texts."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, bytes):  # a roster
        yield from re.split("[,\n]", value.decode())
    elif isinstance(value, dict):
        yield from texts_in([*value, *value.values()])
    elif isinstance(value, list):
        for each in value:
            yield from texts_in(each)
