"""Telling search that something changed, and forgetting."""

from django.db import transaction

from coppice.lib.jobs import after_commit
from coppice.search.models import Document, Mark

AT_ONCE = 500


@transaction.atomic
def mark(kind: str, *object_ids: int) -> None:
    """Have these things of a kind read anew, because they came, changed or went.

    Called inside the transaction of the change. What was known of them is found no more from its commit on,
    so that nobody finds what was hidden or reworded; a job writes it anew a moment later.
    """
    ids = list(dict.fromkeys(object_ids))
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        Document.objects.filter(kind=kind, object_id__in=some).delete()
        Mark.objects.bulk_create(Mark(kind=kind, object_id=pk) for pk in some)
    if ids:
        after_commit("coppice.search.tasks.refresh")
