"""Marking what changed when a row of it is saved or deleted, in the same transaction."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save

from coppice.search import actions


def follow(kind: str, models: Mapping[type[Model], str]) -> None:
    """Mark the thing whose id stands in the named attribute of a row, whenever the row changes."""
    for model, attribute in models.items():
        receiver = _receiver(kind, attribute)
        for signal in (post_save, post_delete):
            name = f"search {kind} {model._meta.label} {attribute}"
            signal.connect(receiver, sender=model, weak=False, dispatch_uid=name)


def _receiver(kind: str, attribute: str) -> Any:
    def changed(*, instance: Model, raw: bool = False, **_sent: Any) -> None:
        object_id = getattr(instance, attribute)
        if object_id is not None and not raw:
            actions.mark(kind, object_id)

    return changed
