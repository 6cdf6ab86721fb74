"""Forgetting what came in and led to nothing: other people's words are not kept for longer than they help."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from coppice.notifications.inbound import returning
from coppice.notifications.inbound_models import FOLDER, ReceivedFile, ReceivedMail

KEPT_FOR = timedelta(days=30)
LEFT_ALONE = timedelta(days=1)


def sweep(*, at: datetime | None = None) -> None:
    """Delete mails that nobody's post came of after thirty days, and files of no mail after one."""
    at = at or timezone.now()
    done = ReceivedMail.objects.exclude(state=ReceivedMail.State.RECEIVED)
    done.exclude(outcome=ReceivedMail.Outcome.TAKEN).filter(received_at__lt=at - KEPT_FOR).delete()
    returning.sweep()
    # Listed before the rows are read: whatever is kept meanwhile is known by then.
    found = list(_files_in(FOLDER))
    named = set(ReceivedFile.objects.values_list("file", flat=True))
    for name in found:
        if name not in named and default_storage.get_modified_time(name) < at - LEFT_ALONE:
            default_storage.delete(name)


def _files_in(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return  # nothing has come in yet
    yield from (f"{folder}/{name}" for name in files)
    for each in folders:
        yield from _files_in(f"{folder}/{each}")
