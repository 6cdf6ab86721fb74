"""Who may form communities: the staff of the program, and nobody else."""

from typing import Any

from coppice.formation.models import Formation, Place, ProposedCommunity
from coppice.programs.permissions import can_run_program_of


def can_form(person: Any, formation: Formation) -> bool:
    """Say whether this person may work on a formation."""
    return can_run_program_of(person, formation)


def can_form_place(person: Any, place: Place) -> bool:
    """Say whether this person may move, lock or name the person in a place."""
    return can_run_program_of(person, place.formation)


def can_form_community(person: Any, proposed_community: ProposedCommunity) -> bool:
    """Say whether this person may rename a proposed community."""
    return can_run_program_of(person, proposed_community.formation)
