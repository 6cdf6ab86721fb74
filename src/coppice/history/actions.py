"""Writing the record."""

from datetime import timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from coppice.history.models import Entry, Receipt


def record(
    verb: str,
    *,
    scope: str,
    by: Any,
    subject: models.Model,
    called: str = "",
    about: Any = None,
    detail: dict[str, Any] | None = None,
) -> Entry:
    """Add one entry to the record of `scope`; call it inside the transaction of the change it tells of.

    `verb` is a stable dotted code, `by` the person acting (None for the clock), `about` the person concerned.
    `called` names the subject where its own words do not tell which one it is.
    Raises RuntimeError outside a transaction, because an entry must never outlive a change that rolled back.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("history.record belongs inside the transaction of the change")
    return Entry.objects.create(
        scope=scope,
        verb=verb,
        actor=by if by is not None and by.is_authenticated else None,
        about=about,
        subject_kind=subject._meta.model_name or "",
        subject_id=str(subject.pk),
        subject_name=(called or str(subject))[:200],
        detail=detail or {},
    )


def forget_old_receipts(*, days: int = 30) -> int:
    """Drop receipts that no browser will ask for again; return how many."""
    count, _by_model = Receipt.objects.filter(at__lt=timezone.now() - timedelta(days=days)).delete()
    return count
