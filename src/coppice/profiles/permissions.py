"""Who may fill in a person's profile."""

from typing import Any

from coppice.programs.permissions import can_run_program_of


def can_fill(person: Any, own: Any) -> bool:
    """Say whether this person may say what somebody needs and offers: themself, and the program's staff."""
    enrollment = own.enrollment
    return enrollment.person_id == person.pk or can_run_program_of(person, enrollment)
