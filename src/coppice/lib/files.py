"""Files in the default storage: random names, files that go with their row, and those that no row names."""

from collections.abc import Collection, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models.signals import post_delete
from django.utils.crypto import get_random_string


def random_name(folder: str, *, ending: str = "") -> str:
    """Return a new random name within a folder; that of the file that was sent is somebody's word."""
    name = get_random_string(32).lower()
    return f"{folder}/{name[:2]}/{name}{ending}"


class RowFileField(models.FileField):
    """A file that goes with its row, also when that goes with another's or by an erasure."""

    def contribute_to_class(self, cls: Any, name: str, **kwargs: Any) -> None:  # type: ignore[override]
        super().contribute_to_class(cls, name, **kwargs)
        if not cls._meta.abstract:
            post_delete.connect(self._drop, sender=cls)

    def _drop(self, *, instance: models.Model, **_sent: Any) -> None:
        file = getattr(instance, self.attname)
        transaction.on_commit(partial(file.storage.delete, file.name), robust=True)


def files_in(folder: str) -> list[str]:
    """Return the names of all files in a folder and its folders; none where there is no such folder."""
    names_in = getattr(default_storage, "names_in", None)  # a bucket lists a thousand names at a time
    return list(names_in(folder) if names_in else _walk(folder))


def delete_strays(found: Collection[str], *, named: Collection[str], before: datetime) -> int:
    """Delete those of `found` that are older than `before` and that no row names; returns how many went.

    `found` is listed before the rows are read: whatever is kept meanwhile is known by then.
    """
    strays = [name for name in found if name not in named and _is_older(name, before)]
    for name in strays:
        default_storage.delete(name)
    return len(strays)


def _walk(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in files)
    for each in folders:
        yield from _walk(f"{folder}/{each}")


def _is_older(name: str, moment: datetime) -> bool:
    try:
        return default_storage.get_modified_time(name) < moment
    except FileNotFoundError:
        return False  # another sweep was quicker
