"""Writing the record."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from coppice.history.models import Entry, Receipt

WRITTEN_AT_ONCE = 500


@dataclass(frozen=True)
class Happening:
    """What one entry of many tells of: its subject, the person concerned, and the detail."""

    subject: models.Model
    about: Any = None
    detail: dict[str, Any] = field(default_factory=dict)
    called: str = ""


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
    _require_transaction()
    entry = _entry(verb, Happening(subject, about, detail or {}, called), scope=scope, by=by)
    entry.save()
    return entry


def record_all(verb: str, happenings: Iterable[Happening], *, scope: str, by: Any) -> None:
    """Add one entry for each happening, as `record` does for one, in few statements."""
    _require_transaction()
    entries = [_entry(verb, happening, scope=scope, by=by) for happening in happenings]
    Entry.objects.bulk_create(entries, batch_size=WRITTEN_AT_ONCE)


def forget_old_receipts(*, days: int = 30) -> int:
    """Drop receipts that no browser will ask for again; return how many."""
    count, _by_model = Receipt.objects.filter(at__lt=timezone.now() - timedelta(days=days)).delete()
    return count


def _require_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("history is written inside the transaction of the change that it tells of")


def _entry(verb: str, happening: Happening, *, scope: str, by: Any) -> Entry:
    return Entry(
        scope=scope,
        verb=verb,
        actor=by if by is not None and by.is_authenticated else None,
        about=happening.about,
        subject_kind=happening.subject._meta.model_name or "",
        subject_id=str(happening.subject.pk),
        subject_name=(happening.called or str(happening.subject))[:200],
        detail=happening.detail,
    )
