"""After a file is here: the virus scanner looks at it, and a picture of it is drawn."""

from collections.abc import Iterator
from functools import partial

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction

from coppice.history.actions import record
from coppice.lib.errors import DomainError
from coppice.lib.jobs import alone
from coppice.lib.scanning import scan
from coppice.library.kinds import PDF, PICTURES
from coppice.library.models import Picture, Version
from coppice.library.rendering import NotDrawn, first_page
from coppice.photos import actions as photos
from coppice.photos.renditions import LARGEST_BYTES, Pictures, pictures_of

PIECE = 256 * 1024


def prepare(version: Version) -> None:
    """Have a file scanned where a scanner is set, then draw what it looks like; twice changes nothing.

    Raises ScannerUnreachable; the file then goes on being checked, and the sweep asks again.
    """
    with alone(f"library:{version.pk}") as is_mine:
        if not is_mine:
            return
        version.refresh_from_db()
        if version.state == Version.State.CHECKING:
            found = scan(_blocks(version), scanner=settings.SCANNER) if settings.SCANNER else ""
            _settle(version, found)
        if version.is_ready and not version.is_prepared:
            _draw(version)


@transaction.atomic
def _settle(version: Version, found: str) -> None:
    """Give a clean file out; refuse the other, whose bytes go, and let what was there before stand."""
    item = version.item
    if not found:
        version.state = Version.State.READY
        version.save(update_fields=["state"])
        newest = item.versions.filter(state=Version.State.READY).first()
        item.current = newest
    else:
        version.state, version.found, version.is_prepared = Version.State.REFUSED, found[:200], True
        version.save(update_fields=["state", "found", "is_prepared"])
        item.current = item.versions.filter(state=Version.State.READY).first() or item.versions.first()
        record(
            "library.refused",
            scope=item.community.program.scope,
            by=None,
            subject=item,
            called=str(item.community),
            detail={"community": item.community_id},
        )
        transaction.on_commit(partial(default_storage.delete, str(version.file.name)))
    item.save(update_fields=["current"])


def _draw(version: Version) -> None:
    pictures = _pictures_of(version)
    with transaction.atomic():
        if pictures is not None:
            photos.put(Picture, pictures, alt="", held_by=version)
        Version.objects.filter(pk=version.pk).update(is_prepared=True)


def _pictures_of(version: Version) -> Pictures | None:
    """Return what a file looks like; None for one that cannot be drawn: people open it without."""
    try:
        with version.file.open() as file:
            if version.content_type == PDF:
                return pictures_of(first_page(file.read()))
            if version.content_type in PICTURES and version.size <= LARGEST_BYTES:
                return pictures_of(file.read())
    except (DomainError, NotDrawn, FileNotFoundError):
        return None
    return None


def _blocks(version: Version) -> Iterator[bytes]:
    with version.file.open() as file:
        while block := file.read(PIECE):
            yield block
