"""Files on their way into a library: begun, sent in pieces, made whole, given up.

Nothing here is done inside a transaction that lasts: pieces are written before a row names them, and what no
row names is swept.
"""

import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import IO, Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from coppice.communities.models import Community, Membership
from coppice.lib.errors import DomainError
from coppice.lib.files import delete_strays, files_in
from coppice.lib.jobs import alone
from coppice.lib.lines import one_line
from coppice.library.errors import LibraryFull, NotWhole, TooLarge, TooManyUploads, WrongPlace
from coppice.library.kinds import kind_of, kind_of_name
from coppice.library.models import PIECES, SHELVES, Upload, Version

MOST_UPLOADS = 8
KEPT_FOR = timedelta(days=7)
"""How long a file that stopped on its way waits for the rest."""
KEY = re.compile(r"[A-Za-z0-9_-]{1,40}")
"""What a page may know a file by; it goes into addresses."""
PATIENCE = timedelta(minutes=2)
"""So long a form that comes twice waits for the file of the first; after that, the first was killed."""
LEFT_ALONE = timedelta(hours=2)
"""A stored file younger than this may belong to a row that is not committed yet."""
MEGABYTE = 1024 * 1024


def begin(membership: Membership, *, name: str, size: int, marks: str = "") -> Upload:
    """Announce a file of so many bytes, and return how far it is: one that began before goes on.

    `marks` is what the browser knows a file by. One whose pieces are all here, but that was not made whole
    because a process ended, becomes whole. Raises NotTaken, NotWhatItSays, TooLarge, LibraryFull,
    TooManyUploads.
    """
    name, marks = _plain_name(name), one_line(marks)[:64]
    kind_of_name(name)
    with transaction.atomic():
        _hold(membership.community)
        own = membership.uploads.filter(item=None)
        known = own.filter(name=name, size=size, marks=marks).first()
        if known is None:
            _check_own(membership, size)
            known = Upload.objects.create(
                membership=membership, key=get_random_string(32), name=name, size=size, marks=marks
            )
    return finish(known)


def append(upload: Upload, piece: bytes, *, offset: int) -> Upload:
    """Put the next piece of a file behind those that are here; `offset` counts the bytes before it.

    With the last piece the file becomes whole. Raises WrongPlace when something else is to come next, and
    NotTaken or NotWhatItSays for a whole file that is none of ours: then the upload is gone.
    """
    if upload.received == upload.size and not upload.is_whole:
        return finish(upload)
    if offset != upload.received or not piece or offset + len(piece) > upload.size or upload.is_whole:
        raise WrongPlace
    stored = default_storage.save(f"{PIECES}/{upload.key}/{offset}", ContentFile(piece))
    with transaction.atomic():
        now = Upload.objects.select_for_update().get(pk=upload.pk)
        is_next = now.received == offset
        if is_next:
            now.received += len(piece)
            now.pieces = [*now.pieces, stored]
            now.touched_at = timezone.now()
            now.save(update_fields=["received", "pieces", "touched_at"])
    if not is_next:
        default_storage.delete(stored)
        raise WrongPlace
    return finish(now)


def finish(upload: Upload) -> Upload:
    """Join the pieces of a file whose last is here; before that, and twice, changes nothing.

    Raises WrongPlace while it is being joined already.
    """
    if upload.received < upload.size or upload.is_whole:
        return upload
    with alone(f"library-upload:{upload.pk}") as is_mine:
        if not is_mine:
            raise WrongPlace
        upload.refresh_from_db()
        if upload.is_whole:
            return upload
        pieces = list(upload.pieces)
        with _joined(pieces) as whole:
            _keep(upload, whole)
    for each in pieces:
        default_storage.delete(each)
    return upload


def take(membership: Membership, file: Any, *, key: str) -> Upload:
    """Keep a file that an ordinary form sent whole; the same `key` again is the same upload.

    While the first still comes in, the second is refused. Raises NotTaken, NotWhatItSays, TooLarge,
    LibraryFull, TooManyUploads, NotWhole.
    """
    name = _plain_name(file.name)
    kind_of_name(name)
    with transaction.atomic():
        _hold(membership.community)
        known = Upload.objects.filter(key=key).first() if KEY.fullmatch(key) else None
        if known and known.membership_id == membership.pk:
            if known.item_id or known.is_whole:
                return known
            if known.touched_at > timezone.now() - PATIENCE:
                raise NotWhole
        _check_own(membership, file.size)
        own = key if KEY.fullmatch(key) and not known else get_random_string(32)
        upload = Upload.objects.create(membership=membership, key=own, name=name, size=file.size)
    _keep(upload, file)
    return upload


def give_up(upload: Upload) -> None:
    """Throw away what is here of a file, as long as it is no part of the library."""
    with transaction.atomic():
        now = Upload.objects.select_for_update().filter(pk=upload.pk, item=None).first()
        if now is None:
            return
        now.delete()
    for each in now.pieces:
        default_storage.delete(each)


def check_room(community: Community, size: int) -> None:
    """Let a file of so many bytes pass. Raises TooLarge, LibraryFull."""
    if size < 1 or size > settings.LARGEST_FILE:
        most = settings.LARGEST_FILE // MEGABYTE
        raise TooLarge(
            _(
                "A file may have up to %(most)d MB, and must not be empty. "
                "Make it smaller, or put in a link to where it lies."
            )
            % {"most": most}
        )
    files = Version.objects.filter(item__community=community).exclude(file="").order_by()
    used = files.values("file", "size").distinct().aggregate(used=Sum("size"))["used"] or 0
    coming = Upload.objects.filter(membership__community=community, item=None).aggregate(all=Sum("size"))
    if used + (coming["all"] or 0) + size > settings.LARGEST_LIBRARY:
        raise LibraryFull


def _hold(community: Community) -> None:
    """Let nobody else announce a file to this library until the transaction ends."""
    Community.objects.select_for_update(of=("self",)).get(pk=community.pk)


def _check_own(membership: Membership, size: int) -> None:
    check_room(membership.community, size)
    if membership.uploads.filter(item=None).count() >= MOST_UPLOADS:
        raise TooManyUploads


def sweep(*, now: datetime | None = None) -> int:
    """Give up files that stopped a week ago, drop uploads that are done, and delete stray files.

    Returns how many stored files went that no row named.
    """
    now = now or timezone.now()
    found = {name for folder in (SHELVES, PIECES) for name in files_in(folder)}
    for upload in Upload.objects.filter(touched_at__lt=now - KEPT_FOR):
        if upload.item_id is None:
            give_up(upload)
        else:
            upload.delete()
    named = set(Version.objects.exclude(file="").values_list("file", flat=True))
    for file, pieces in Upload.objects.values_list("file", "pieces"):
        named |= {file, *pieces}
    return delete_strays(found, named=named, before=now - LEFT_ALONE)


def _keep(upload: Upload, content: Any) -> None:
    """Check a whole file and store it; one that we do not take ends its upload."""
    try:
        kind = kind_of(content, upload.name)
    except DomainError:
        give_up(upload)
        raise
    digest = hashlib.sha256()
    content.seek(0)
    while block := content.read(MEGABYTE):
        digest.update(block)
    content.seek(0)
    upload.file.save(upload.name, File(content), save=False)
    upload.content_type, upload.digest, upload.pieces = kind.content_type, digest.hexdigest(), []
    upload.received, upload.touched_at = upload.size, timezone.now()
    upload.save(update_fields=["file", "content_type", "digest", "pieces", "received", "touched_at"])


@contextmanager
def _joined(pieces: list[str]) -> Iterator[IO[bytes]]:
    """Pieces in storage as one file, on disk while it is needed."""
    with tempfile.TemporaryFile() as whole:
        for name in pieces:
            with default_storage.open(name) as piece:
                shutil.copyfileobj(piece, whole)
        yield whole


def _plain_name(name: str) -> str:
    """Return a file's own name without the folders that some browsers send along."""
    plain = one_line(name.replace("\\", "/").rpartition("/")[2])
    stem, dot, end = plain.rpartition(".")
    return f"{stem[: 250 - len(end)]}{dot}{end}" if len(end) < 20 else plain[:255]
