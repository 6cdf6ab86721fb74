"""A table as entries: which column says what is guessed by its name, and asked where it is not clear."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import IO

from django.db.models import TextChoices
from django.utils.text import Truncator
from django.utils.translation import pgettext_lazy

from coppice.conversations.importing.subjects import folded, plain
from coppice.conversations.importing.values import Entry, LeftOut, Reason, key_of, mailbox_of, moment_of
from coppice.lib.dates import guess_day_first, leaves_order_open, parse_moment
from coppice.lib.lines import one_line
from coppice.lib.tables import Table, read_table
from coppice.lib.tables.shape import MAX_BYTES

SAMPLES = 3
MOST_LOOKED_AT = 100
LONGEST_SAMPLE = 60


class Field(TextChoices):
    """What a column can say."""

    TEXT = "text", pgettext_lazy("column of an archive", "What was written")
    TITLE = "title", pgettext_lazy("column of an archive", "Conversation")
    AT = "at", pgettext_lazy("column of an archive", "When")
    NAME = "name", pgettext_lazy("column of an archive", "Who, by name")
    ADDRESS = "address", pgettext_lazy("column of an archive", "Their email address")
    KEY = "key", pgettext_lazy("column of an archive", "Number of the post")
    PARENT = "parent", pgettext_lazy("column of an archive", "Number of the post that it answers")
    NOTHING = "", pgettext_lazy("column of an archive", "Nothing that is brought in")


NAMES = {
    Field.TEXT: (
        "text|message|body|post|content|message text|message body|post text|comment|words"
        "|texto|mensaje|cuerpo|contenido|comentario|publicacion"
    ),
    Field.TITLE: "title|subject|topic|thread|conversation|topic title|titulo|asunto|tema|conversacion|hilo",
    Field.AT: (
        "date|time|timestamp|created|created at|sent|sent at|posted|posted at|date and time|when"
        "|fecha|hora|enviado|fecha y hora|cuando"
    ),
    Field.NAME: (
        "name|author|from|sender|user|username|posted by|written by|who"
        "|nombre|autor|autora|de|remitente|usuario"
    ),
    Field.ADDRESS: (
        "email|e mail|mail|address|email address|sender email|author email"
        "|correo|correo electronico|direccion"
    ),
    Field.KEY: "id|number|post id|message id|key|numero|identificador",
    Field.PARENT: "parent|parent id|reply to|in reply to|answers|replies to|en respuesta a|responde a",
}
BY_NAME = {name: field for field, names in NAMES.items() for name in names.split("|")}
ACCENTS = str.maketrans("áéíóúüñ", "aeiouun")


@dataclass(frozen=True)
class Look:
    """What there is to see of a column; `is_open` when its dates may be read day first or month first."""

    header: str
    samples: Sequence[str]
    is_open: bool


def table_of(file: IO[bytes], filename: str) -> Table:
    """Return the table of a file. Raises a TableRefused."""
    file.seek(0)
    return read_table(file.read(MAX_BYTES + 1), filename)


def guess(table: Table) -> list[str]:
    """Return for each column what it says by its name, "" for nothing; each thing once."""
    found: list[str] = []
    for header in table.header:
        field = BY_NAME.get(folded(header).translate(ACCENTS), Field.NOTHING)
        found.append("" if field in found else str(field))
    return found


def is_clear(table: Table, columns: Sequence[str], day_first: bool | None) -> bool:
    """Say whether a table can be read so: its text is known, and its dates can be read in one way only."""
    if Field.TEXT not in columns:
        return False
    return day_first is not None or _dates_are_clear(table, columns)


def looks(table: Table) -> list[Look]:
    """Return what there is to see of each column."""
    told = []
    for place, header in enumerate(table.header):
        cells = [cell for cell in table.column(place) if cell]
        different = list(islice(dict.fromkeys(one_line(cell) for cell in cells[:MOST_LOOKED_AT]), SAMPLES))
        samples = [Truncator(cell).chars(LONGEST_SAMPLE) for cell in different]
        told.append(Look(one_line(header)[:LONGEST_SAMPLE], samples, leaves_order_open(cells)))
    return told


def entries(table: Table, columns: Sequence[str], day_first: bool | None) -> Iterator[Entry | LeftOut]:
    """Yield what each row says; rows with the same conversation belong together."""
    places = {field: place for place, field in enumerate(columns) if field}
    at_column = table.column(places[Field.AT]) if Field.AT in places else []
    order = day_first if day_first is not None else guess_day_first(at_column)
    for row in table.rows:
        said = {field: row.cells[place] for field, place in places.items()}
        text = said.get(Field.TEXT, "").strip()
        if not text:
            yield LeftOut(Reason.EMPTY)
            continue
        title, is_reply = plain(said.get(Field.TITLE, ""))
        who, address = one_line(said.get(Field.NAME, ""))[:200], said.get(Field.ADDRESS, "").strip().lower()
        name, other = mailbox_of(who)
        when = said.get(Field.AT, "")
        own = said.get(Field.KEY, "")
        parent = said.get(Field.PARENT, "")
        yield Entry(
            key=key_of("table", "id", own) if own else key_of("table", when, who, address, title, text),
            title=title,
            markdown=text,
            at=_moment(when, order),
            name=name,
            address=address if "@" in address else other,
            parents=(key_of("table", "id", parent),) if parent else (),
            thread=f"table/{folded(title)}" if title and not parent else "",
            is_reply=is_reply,
        )


def _dates_are_clear(table: Table, columns: Sequence[str]) -> bool:
    if Field.AT not in columns:
        return True
    cells = table.column(list(columns).index(Field.AT))
    return not leaves_order_open(cells)


def _moment(said: str, day_first: bool | None) -> datetime | None:
    moment = parse_moment(said, day_first=day_first)
    if moment is None:
        try:
            moment = datetime.fromisoformat(said.strip())
        except ValueError:
            return None
    return moment_of(moment)
