"""JSON files in an export: read one by one, each within bounds, whatever is in them."""

import json
import re
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from coppice.conversations.importing.errors import BrokenArchive
from coppice.conversations.importing.unpacking import BROKEN, ZIP, names_in, start_of
from coppice.notifications.inbound.reading import well_formed

LARGEST_JSON = 64 * 1024 * 1024


def parsed(content: bytes) -> Any:
    """Return what a JSON file says; None for what is none, is larger than we read, or too deep."""
    if len(content) > LARGEST_JSON:
        return None
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def files(file: IO[bytes], pattern: str) -> Iterator[tuple[re.Match[str], bytes]]:
    """Yield the files of a zip whose whole name fits, in the order of names; too large ones are empty.

    Nothing is written anywhere by its name. Raises BrokenArchive, ArchiveTooLarge.
    """
    wanted = re.compile(pattern)
    infos = sorted(names_in(file), key=lambda info: info.filename)
    with zipfile.ZipFile(file) as box:
        for info in infos:
            if found := wanted.fullmatch(info.filename):
                yield found, _content(box, info)


def has(file: IO[bytes], *names: str) -> bool:
    """Say whether a file is a zip that holds a file of each of these names, in whatever folder."""
    if not start_of(file).startswith(ZIP):
        return False
    here = {info.filename.rpartition("/")[2] for info in names_in(file)}
    return set(names) <= here


def _content(box: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.file_size > LARGEST_JSON:
        return b""
    try:
        with box.open(info) as packed:
            return packed.read(LARGEST_JSON + 1)
    except BROKEN:
        raise BrokenArchive from None


def texts(value: Any) -> str:
    """Return what should be text, as every database keeps it; "" for anything else."""
    return well_formed(value) if isinstance(value, str) else ""


def dicts(value: Any) -> list[dict[str, Any]]:
    """Return those of a list that are objects; none where it is no list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
