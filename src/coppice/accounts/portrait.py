"""Everything that Coppice knows about a person, as files they can keep and read elsewhere."""

import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.template.loader import render_to_string
from django.utils import timezone

from coppice.accounts.models import Person
from coppice.accounts.privacy import Declaration, declarations
from coppice.lib.tables import write_csv


def draw(person: Person) -> bytes:
    """Return a zip with a README that names every field, each kind of record as JSON and CSV, and photos."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        parts = list(_parts(person))
        archive.writestr("README.txt", _readme(person, parts))
        for declaration, rows in parts:
            archive.writestr(f"{declaration.name}.json", _as_json(rows, indent=2))
            archive.writestr(f"{declaration.name}.csv", as_csv(declaration.personal.exports, rows))
        for name, content in _files(person):
            archive.writestr(name, content)
    return packed.getvalue()


def _parts(person: Person) -> Iterator[tuple[Declaration, list[dict[str, Any]]]]:
    for declaration in declarations():
        if declaration.personal.exports:
            rows = declaration.rows(person).order_by("pk").values(*declaration.personal.exports)
            yield declaration, list(rows)


def _files(person: Person) -> Iterator[tuple[str, bytes]]:
    """Name and give each file that a record of theirs has; one that is lost on the disk is left out."""
    for declaration in declarations():
        for field in declaration.personal.files:
            for row in declaration.rows(person).order_by("pk"):
                file = getattr(row, field)
                if not file:  # a picture that came with a post has its renditions alone
                    continue
                try:
                    with file.open() as content:
                        yield f"{declaration.name}-{row.pk}{Path(file.name).suffix}", content.read()
                except FileNotFoundError:
                    continue


def _readme(person: Person, parts: list[tuple[Declaration, list[dict[str, Any]]]]) -> str:
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
        "accounts/portrait.txt", {"person": person, "files": files, "now": timezone.now()}
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
