"""Everything that Coppice knows about a person, as files they can keep and read elsewhere."""

import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.fields.files import FieldFile
from django.template.loader import render_to_string
from django.utils import timezone

from coppice.accounts.models import Person
from coppice.accounts.privacy import Declaration, declarations
from coppice.lib.tables import write_csv

FILES_WITHIN = 500 * 1024 * 1024
"""So many bytes of files a download holds; of those that would be too much it has names and links."""
IN_MEMORY = 5 * 1024 * 1024
BLOCK = 256 * 1024


@dataclass(frozen=True)
class Held:
    """A file that a record of theirs has: what it is called in the download, and where its page is."""

    name: str
    file: FieldFile
    size: int
    called: str
    url: str


def draw(person: Person) -> IO[bytes]:
    """Return a zip with a README that names every field, each kind of record as JSON and CSV, and files."""
    packed = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 -- whoever answers closes it
    with zipfile.ZipFile(packed, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        parts, (held, too_much) = list(_parts(person)), _files(person)
        archive.writestr("README.txt", _readme(person, parts, too_much))
        for declaration, rows in parts:
            archive.writestr(f"{declaration.name}.json", _as_json(rows, indent=2))
            archive.writestr(f"{declaration.name}.csv", as_csv(declaration.personal.exports, rows))
        for each in held:
            with each.file.open() as content, archive.open(each.name, "w") as written:
                shutil.copyfileobj(content, written, BLOCK)
    packed.seek(0)
    return packed


def _parts(person: Person) -> Iterator[tuple[Declaration, list[dict[str, Any]]]]:
    for declaration in declarations():
        if declaration.personal.exports:
            yield declaration, _told(declaration, person)


def _told(declaration: Declaration, person: Person) -> list[dict[str, Any]]:
    """Return the rows of a declaration; fields that hold what this person may not read any more are empty."""
    exports, found = declaration.personal.exports, declaration.rows(person)
    untold = {
        field: set(found.filter(condition(person)).values_list("pk", flat=True))
        for field, condition in declaration.personal.untold.items()
    }
    keyed = found.order_by("pk").values_list("pk", *exports)
    return [
        {
            field: None if pk in untold.get(field, ()) else value
            for field, value in zip(exports, values, strict=True)
        }
        for pk, *values in keyed
    ]


def _files(person: Person) -> tuple[list[Held], list[Held]]:
    """Return the files that records of theirs have, and those that would be too much.

    One that is lost on the disk is left out.
    """
    held: list[Held] = []
    too_much: list[Held] = []
    room = FILES_WITHIN
    for each in _all_files(person):
        fits = each.size <= room
        (held if fits else too_much).append(each)
        room -= each.size if fits else 0
    return held, too_much


def _all_files(person: Person) -> Iterator[Held]:
    for declaration in declarations():
        for field in declaration.personal.files:
            for row in declaration.rows(person).filter(**declaration.personal.files_of).order_by("pk"):
                file = getattr(row, field)
                if not file:  # a picture that came with a post has its renditions alone
                    continue
                called = getattr(row, "name", "") or file.name
                page = getattr(row, "get_absolute_url", None)
                url = f"{settings.BASE_URL}{page()}" if page else ""
                name = f"{declaration.name}-{row.pk}{Path(called).suffix}"
                try:
                    yield Held(name, file, file.size, called, url)
                except FileNotFoundError:
                    continue


def _readme(
    person: Person, parts: list[tuple[Declaration, list[dict[str, Any]]]], too_much: list[Held]
) -> str:
    files = [
        {
            "name": declaration.name,
            "title": declaration.model._meta.verbose_name,
            "count": len(rows),
            "has_files": bool(declaration.personal.files and rows),
            "fields": [(path, describe(declaration.model, path)) for path in declaration.personal.exports],
        }
        for declaration, rows in parts
    ]
    return render_to_string(
        "accounts/portrait.txt",
        {
            "person": person,
            "files": files,
            "too_much": too_much,
            "within": FILES_WITHIN,
            "now": timezone.now(),
        },
    )


def describe(model: type[models.Model], path: str) -> str:
    """Return in words what a field is: "community: name" for the lookup "community__name".

    Raises FieldDoesNotExist when the model has no such field.
    """
    first, _, rest = path.partition("__")
    field = model._meta.get_field(first)
    if not hasattr(field, "verbose_name"):
        raise FieldDoesNotExist(path)
    words = str(field.verbose_name)
    if rest:
        target = field.related_model
        assert isinstance(target, type), f"{path} goes on from a field that leads nowhere"
        return f"{words}: {describe(target, rest)}"
    help_text = getattr(field, "help_text", "")
    return f"{words} ({help_text})" if help_text else words


def _as_json(value: Any, *, indent: int | None = None) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=indent)


def as_csv(fields: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Return rows as a file that spreadsheet programs open and never run."""
    return write_csv(fields, ([_cell(row[field]) for field in fields] for row in rows))


def _cell(value: Any) -> Any:
    return _as_json(value) if isinstance(value, dict | list) else value
