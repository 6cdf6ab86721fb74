"""Reads of formation that several doors use."""

from typing import Any

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404

from coppice.formation.models import Formation, Place, ProposedCommunity
from coppice.programs.models import Affiliation, Enrollment


def formation_of(person: Any, *, formation_id: int) -> Formation:
    """Return a formation of a program that the person runs; raises Http404 otherwise."""
    return get_object_or_404(
        Formation.objects.visible_to(person).select_related("program__provider"), pk=formation_id
    )


def place_of(person: Any, *, place_id: int) -> Place:
    """Return a place in a formation that the person may see; raises Http404 otherwise."""
    return get_object_or_404(
        Place.objects.current()
        .filter(formation__in=Formation.objects.visible_to(person).values("pk"))
        .select_related("formation__program__provider", "proposed_community", "enrollment"),
        pk=place_id,
    )


def proposed_community_of(person: Any, *, proposed_community_id: int) -> ProposedCommunity:
    """Return a proposed community of a formation that the person may see; raises Http404 otherwise."""
    return get_object_or_404(
        ProposedCommunity.objects.filter(
            formation__in=Formation.objects.visible_to(person).values("pk")
        ).select_related("formation__program__provider"),
        pk=proposed_community_id,
    )


def roster_of(program_id: int) -> list[Enrollment]:
    """Return the current people of a program with their organizations, in a steady order, in two queries."""
    return list(
        Enrollment.objects.current()
        .filter(program=program_id)
        .prefetch_related(_with_organizations("affiliations"))
        .order_by("pk")
    )


def places_of(formation: Formation) -> list[Place]:
    """Return a formation's places with people and organizations, leaders first, in two queries."""
    return list(
        formation.places.current()
        .select_related("enrollment", "proposed_community")
        .prefetch_related(_with_organizations("enrollment__affiliations"))
        .order_by("proposed_community__position", "-is_leader", "enrollment__name", "pk")
    )


def unplaced_count(formation: Formation) -> int:
    """Return how many current people of the program have no place in this formation."""
    return (
        Enrollment.objects.current()
        .filter(program=formation.program_id)
        .exclude(pk__in=Place.objects.filter(formation=formation).values("enrollment"))
        .count()
    )


def _with_organizations(path: str) -> Prefetch:
    affiliations = Affiliation.objects.select_related("organization").order_by("pk")
    return Prefetch(path, queryset=affiliations)
