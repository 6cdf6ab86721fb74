"""Rows as they are now, held until the change is done."""

from coppice.formation.errors import AlreadyPublished, NotProposed
from coppice.formation.models import Formation, PlaceQuerySet


def current(formation: Formation) -> Formation:
    """Return the formation as it is now, locked against changes by others until the transaction ends.

    Raises NotProposed when somebody removed it meanwhile.
    """
    now = standing(formation)
    if now is None:
        raise NotProposed
    return now


def standing(formation: Formation) -> Formation | None:
    """Return the formation as it is now, locked likewise; None when it was removed."""
    return (
        Formation.objects.select_for_update(of=("self",))
        .select_related("program__provider", "on_table", "asked_by", "published_by")
        .filter(pk=formation.pk)
        .first()
    )


def open_proposal(formation: Formation) -> Formation:
    """Return the formation as it is now, when it can be changed by hand; raises NotProposed otherwise."""
    now = current(formation)
    if not now.can_change:
        raise NotProposed
    return now


def unpublished(formation: Formation) -> Formation:
    """Return the formation as it is now; raises AlreadyPublished when people have been invited by it."""
    now = current(formation)
    if not now.can_be_removed:
        raise AlreadyPublished
    return now


def places_now(formation: Formation) -> PlaceQuerySet:
    """Return the places of people who are still on the roster, with what a change tells of them."""
    return formation.places.current().select_related("proposed_community", "enrollment__person")
