"""Who may form communities: the staff of the program, and nobody else."""

from typing import Any

from coppice.formation.models import (
    Formation,
    Marketplace,
    OfferedTopic,
    Place,
    Proposal,
    ProposedCommunity,
    Swap,
    SwapRequest,
)
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


def can_form_swap(person: Any, swap: Swap | SwapRequest) -> bool:
    """Say whether this person may refuse a wish to change, or take a change back: program staff."""
    return can_run_program_of(person, swap.formation)


def owns_seat(person: Any, seat: Any) -> bool:
    """Say whether the place is this person's own: nobody else asks to change for them."""
    return seat.membership.person_id == person.pk


def can_form_proposal(person: Any, proposal: Proposal) -> bool:
    """Say whether this person may read, name, use, repeat or remove a proposal."""
    return can_run_program_of(person, proposal.formation)


def can_run_marketplace(person: Any, marketplace: Marketplace) -> bool:
    """Say whether this person may work on a marketplace: its program's staff."""
    return can_run_program_of(person, marketplace)


def can_run_topic(person: Any, topic: OfferedTopic) -> bool:
    """Say whether this person may rename, merge or close a topic: the program's staff."""
    return can_run_program_of(person, topic)


def owns_choice(person: Any, chooser: Any) -> bool:
    """Say whether this is the person's own part of a marketplace: nobody else chooses for them there."""
    enrollment = getattr(chooser, "enrollment", None)
    return enrollment is not None and enrollment.person_id == person.pk
