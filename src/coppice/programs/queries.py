"""Reads of programs and rosters that several doors use."""

from typing import Any

from django.shortcuts import get_object_or_404

from coppice.programs.models import Enrollment, Organization, Program, Provider, RosterImport


def provider_of(person: Any, *, provider_id: int) -> Provider:
    """Return a provider that the person works for; raises Http404 otherwise."""
    return get_object_or_404(Provider.objects.visible_to(person), pk=provider_id)


def program_of(person: Any, *, program_id: int) -> Program:
    """Return a program that the person may know of; raises Http404 otherwise."""
    programs = Program.objects.select_related("provider").filter(pk=program_id)
    return programs.staffed_by(person).first() or get_object_or_404(programs.visible_to(person))


def organization_of(person: Any, *, organization_id: int) -> Organization:
    """Return an organization that the person leads or serves; raises Http404 otherwise."""
    return get_object_or_404(
        Organization.objects.visible_to(person).select_related("program__provider"), pk=organization_id
    )


def enrollment_of(person: Any, *, enrollment_id: int) -> Enrollment:
    """Return a roster row that the person may know of; raises Http404 otherwise."""
    return get_object_or_404(
        Enrollment.objects.visible_to(person).select_related("program__provider", "person"), pk=enrollment_id
    )


def roster_import_of(person: Any, *, roster_import_id: int) -> RosterImport:
    """Return a roster import of a program that the person runs; raises Http404 otherwise."""
    return get_object_or_404(
        RosterImport.objects.visible_to(person).select_related("program__provider"), pk=roster_import_id
    )
