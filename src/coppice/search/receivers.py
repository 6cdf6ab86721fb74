"""Marking what changed when a row of it is saved or deleted, in the same transaction."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save

from coppice.search import actions


def follow(kind: str, models: Mapping[type[Model], str | Callable[[Sequence[Any]], Iterable[int]]]) -> None:
    """Mark the things of this kind that a row belongs to whenever it is saved or deleted."""
    for model, ids in models.items():
        actions.followers.setdefault(model, {})[kind] = ids if callable(ids) else _in_attribute(ids)
        for signal in (post_save, post_delete):
            signal.connect(_changed, sender=model, dispatch_uid=f"search {model._meta.label}")


def _in_attribute(name: str) -> Callable[[Sequence[Any]], Iterable[int]]:
    return lambda rows: [getattr(row, name) for row in rows]


def _changed(*, instance: Model, raw: bool = False, **_sent: Any) -> None:
    if not raw:
        actions.mark_rows([instance])
