"""Items of a library: added, described, renewed, restored, thrown away and taken back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from coppice.communities.models import Community, Membership
from coppice.lib.jobs import after_commit
from coppice.library.actions.noting import note_down
from coppice.library.errors import NothingKept, NotWhole
from coppice.library.kinds import PDF, PICTURES
from coppice.library.models import Item, Upload, Version
from coppice.library.topics import set_topics

KEPT_FOR = timedelta(days=30)
"""How long what was thrown away can be taken back."""


@dataclass(frozen=True)
class Contents:
    """What an item is to hold: the Markdown of a page, the address of a link, or a file that is here."""

    markdown: str = ""
    address: str = ""
    upload: Upload | None = None

    @property
    def kind(self) -> Item.Kind:
        """What kind of item this makes; raises NothingKept where nothing is in it."""
        if self.upload is not None:
            return Item.Kind.FILE
        if self.address:
            return Item.Kind.LINK
        if self.markdown.strip():
            return Item.Kind.PAGE
        raise NothingKept


@transaction.atomic
def add(
    community: Community,
    contents: Contents,
    *,
    title: str,
    by: Membership,
    topics: Iterable[str] = (),
    **fields: Any,
) -> Item:
    """Add something to a community's library; `fields` are folder, about, licence and source of Item.

    `by` is the active membership of whoever adds it. An upload becomes one item, however often this is asked.
    Raises NothingKept, NotWhole.
    """
    upload = _taken(contents.upload)
    if upload is not None and upload.item is not None:
        return upload.item
    item = Item.objects.create(community=community, kind=contents.kind, title=title, added_by=by, **fields)
    set_topics(item, topics)
    _hold(item, contents, upload, by=by, note="")
    note_down("library.added", item, by=by)
    return item


@transaction.atomic
def describe(item: Item, *, by: Membership, topics: Iterable[str] | None = None, **fields: Any) -> Item:
    """Say anew what an item is: title, folder, about, licence, source, topics; the same changes nothing."""
    now = _current(item)
    changed = [name for name, value in fields.items() if getattr(now, name) != value]
    for name in changed:
        setattr(now, name, fields[name])
    if changed:
        now.save(update_fields=changed)
    has_other_topics = topics is not None and set_topics(now, topics)
    if changed or has_other_topics:
        note_down("library.described", now, by=by)
    return now


@transaction.atomic
def renew(item: Item, contents: Contents, *, by: Membership, note: str = "") -> Version:
    """Put other contents in the place of those that an item has; the old ones stay as a version.

    The same contents again make no version. Raises NothingKept, NotWhole.
    """
    now = _current(item)
    if contents.kind != now.kind:
        raise NothingKept
    upload = _taken(contents.upload)
    stands = now.current
    if (
        upload is None
        and stands
        and (stands.markdown, stands.address) == (contents.markdown, contents.address)
    ):
        return stands
    if upload is not None and (kept := now.versions.filter(file=upload.file.name).first()):
        return kept
    version = _hold(now, contents, upload, by=by, note=note)
    note_down("library.renewed", now, by=by)
    return version


@transaction.atomic
def restore(version: Version, *, by: Membership) -> Version:
    """Make an older version the newest again, as a version of its own; the current one stays as it is."""
    item = _current(version.item)
    if item.current_id == version.pk or not version.is_ready:
        return item.current or version
    again = Version(
        file=version.file.name,
        **{name: getattr(version, name) for name in ("name", "size", "content_type", "digest")},
        **{name: getattr(version, name) for name in ("address", "markdown")},
        note=_("As in version %(number)d") % {"number": version.number},
        is_prepared=version.content_type not in (*PICTURES, PDF),
    )
    again = _put(item, again, by=by)
    note_down("library.restored", item, by=by)
    return again


@transaction.atomic
def remove(item: Item, *, by: Membership) -> Item:
    """Throw an item away; for 30 days it can be taken back. Twice changes nothing."""
    now = _current(item)
    if now.removed_at is None:
        now.removed_at = timezone.now()
        now.save(update_fields=["removed_at"])
        note_down("library.removed", now, by=by)
    return now


@transaction.atomic
def take_back(item: Item, *, by: Membership) -> Item:
    """Put an item back that was thrown away. Twice changes nothing."""
    now = _current(item)
    if now.removed_at is not None:
        now.removed_at = None
        now.save(update_fields=["removed_at"])
        note_down("library.taken_back", now, by=by)
    return now


def purge(*, now: datetime | None = None) -> int:
    """Delete for good what was thrown away 30 days ago, with its versions and files; return how many."""
    gone = Item.objects.filter(removed_at__lt=(now or timezone.now()) - KEPT_FOR)
    count = 0
    for item in gone:
        with transaction.atomic():
            note_down("library.purged", item, by=None)
            item.delete()
            count += 1
    return count


def _taken(upload: Upload | None) -> Upload | None:
    """Return an upload as it is now, held until the transaction ends; raises NotWhole."""
    if upload is None:
        return None
    now = Upload.objects.select_for_update(of=("self",)).select_related("item").get(pk=upload.pk)
    if not now.is_whole:
        raise NotWhole
    return now


def _hold(item: Item, contents: Contents, upload: Upload | None, *, by: Membership, note: str) -> Version:
    version = Version(address=contents.address, markdown=contents.markdown, note=note)
    if upload is not None:
        version.file = upload.file.name
        version.name, version.size = upload.name, upload.size
        version.content_type, version.digest = upload.content_type, upload.digest
        is_scanned = bool(settings.SCANNER)
        version.state = Version.State.CHECKING if is_scanned else Version.State.READY
        version.is_prepared = not is_scanned and version.content_type not in (*PICTURES, PDF)
        upload.item = item
        upload.save(update_fields=["item"])
    return _put(item, version, by=by)


def _put(item: Item, version: Version, *, by: Membership) -> Version:
    """Make a version the newest; while it is being checked, people go on getting the one before it."""
    newest = item.versions.first()
    version.item, version.number, version.added_by = item, newest.number + 1 if newest else 1, by
    version.save()
    if version.is_ready or item.current_id is None:
        item.current = version
    item.changed_at = version.added_at
    item.save(update_fields=["current", "changed_at"])
    if not version.is_prepared:
        after_commit("coppice.library.tasks.prepare", version_id=version.pk)
    return version


def _current(item: Item) -> Item:
    """The item as it is now, held until the transaction ends."""
    rows = Item.objects.select_for_update(of=("self",))
    return rows.select_related("current", "community__program").get(pk=item.pk)
