"""Forgetting what came in and led to nothing: other people's words are not kept for longer than they help."""

from datetime import datetime, timedelta

from django.utils import timezone

from coppice.lib.files import delete_strays, files_in
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
    found = files_in(FOLDER)
    named = set(ReceivedFile.objects.values_list("file", flat=True))
    delete_strays(found, named=named, before=at - LEFT_ALONE)
