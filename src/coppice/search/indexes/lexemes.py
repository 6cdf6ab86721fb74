"""How a document is written for an index: its words, and beside them what it is and who may see it."""

from datetime import datetime

from coppice.search.models import Document


def keys_of(document: Document) -> list[str]:
    """Return what a document is looked up by beside its words; no word of a text has a colon in it."""
    keys = [audience(key) for key in document.audience]
    return [*keys, kind(document.kind)]


def audience(key: str) -> str:
    return f"a:{key}"


def kind(name: str) -> str:
    return f"k:{name}"


def week(at: datetime) -> str:
    """The week in which something happened, as ISO 8601 counts (UTC)."""
    year, number, _day = at.isocalendar()
    return f"w:{year}{number:02}"


def month(at: datetime) -> str:
    """The month in which something happened (UTC)."""
    return f"m:{at:%Y%m}"
