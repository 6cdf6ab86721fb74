"""Reads of communities that several doors use."""

from typing import Any

from django.shortcuts import get_object_or_404

from coppice.communities.models import Community, Membership


def community_of(person: Any, *, community_id: int) -> Community:
    """Return a community that the person may know of; raises Http404 otherwise."""
    return get_object_or_404(
        Community.objects.visible_to(person).select_related("program__provider", "topic"), pk=community_id
    )


def membership_of(person: Any, *, membership_id: int) -> Membership:
    """Return a membership that the person may know of; raises Http404 otherwise."""
    return get_object_or_404(
        Membership.objects.visible_to(person).select_related("community__program__provider", "enrollment"),
        pk=membership_id,
    )
