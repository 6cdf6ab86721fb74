"""Who may fill in a person's profile."""

from typing import Any

from coppice.programs.models import Enrollment, Program
from coppice.programs.permissions import can_run, can_run_program_of


def can_fill(person: Any, own: Any) -> bool:
    """Say whether this person may say what somebody needs and offers: themself, and the program's staff."""
    enrollment = own.enrollment
    return enrollment.person_id == person.pk or can_run_program_of(person, enrollment)


def can_read_board(person: Any, program: Program) -> bool:
    """Say whether this person may read a program's needs and offers: its staff, and people on its roster.

    Whoever leads an organization reads counts of it and never what one person needs: not here.
    """
    here = Enrollment.objects.filter(program=program, person=person, ended_at=None)
    return can_run(person, program) or here.exclude(affiliations__is_lead=True).exists()
