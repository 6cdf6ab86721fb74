"""Feeds in Atom (RFC 4287), a page at a time (RFC 5005): plain values in, bytes out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree

CONTENT_TYPE = "application/atom+xml; charset=utf-8"
ATOM = "http://www.w3.org/2005/Atom"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"

# What XML 1.0 has no way to say (its production Char), halves of letters among it.
UNSAYABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Entry:
    """One thing that a feed tells of.

    `id` stays for ever, also when the thing changes (`tag`); `url` is absolute; `author` is a name. `html` is
    safe HTML, `words` are plain: one of them says what it is. `category` says where it belongs.
    """

    id: str
    title: str
    url: str
    published: datetime
    updated: datetime
    author: str
    html: str = ""
    words: str = ""
    category: str = ""
    language: str = ""


@dataclass(frozen=True)
class Feed:
    """What stands at the head of a feed: its own address, the page it is of, and those of other parts.

    `updated` is when anything in it last changed.
    """

    id: str
    title: str
    subtitle: str
    url: str
    page_url: str
    updated: datetime
    language: str
    first_url: str = ""
    next_url: str = ""


def tag(base_url: str, *, since: datetime, name: str) -> str:
    """Return a name for a thing that no other thing has, ever (RFC 4151); `since` is when it came to be."""
    host = urlsplit(base_url).hostname or "localhost"
    return f"tag:{host},{since.astimezone(UTC):%Y-%m-%d}:{name}"


def write(feed: Feed, entries: Iterable[Entry]) -> bytes:
    """Return a feed with its entries, in the order given, as UTF-8."""
    ElementTree.register_namespace("", ATOM)
    root = ElementTree.Element(_name("feed"), {LANGUAGE: feed.language})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.subtitle)
    _add(root, "updated", _moment(feed.updated))
    links = {"self": feed.url, "first": feed.first_url, "next": feed.next_url}
    for relation, url in links.items():
        if url:
            _add(root, "link", rel=relation, type="application/atom+xml", href=url)
    _add(root, "link", rel="alternate", type="text/html", href=feed.page_url)
    for entry in entries:
        _write_entry(root, entry)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _write_entry(root: ElementTree.Element, entry: Entry) -> None:
    attributes = {LANGUAGE: entry.language} if entry.language else {}
    element = ElementTree.SubElement(root, _name("entry"), attributes)
    _add(element, "id", entry.id)
    _add(element, "title", entry.title)
    _add(element, "link", rel="alternate", type="text/html", href=entry.url)
    _add(element, "published", _moment(entry.published))
    _add(element, "updated", _moment(entry.updated))
    author = ElementTree.SubElement(element, _name("author"))
    _add(author, "name", entry.author)
    if entry.category:
        _add(element, "category", term=entry.category)
    if entry.html:
        _add(element, "content", entry.html, type="html")
    else:
        _add(element, "summary", entry.words)


def _add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> None:
    plain = {key: _sayable(value) for key, value in attributes.items()}
    element = ElementTree.SubElement(parent, _name(name), plain)
    element.text = _sayable(text) or None


def _name(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _sayable(text: str) -> str:
    return UNSAYABLE.sub("�", text)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
