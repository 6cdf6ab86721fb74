"""What search knows of programs: who may find what their staff and the people on their rosters may see."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from coppice.programs.models import Enrollment, providers_of


def staff_of(provider_id: int) -> str:
    """The key of whoever works for a provider."""
    return f"provider:{provider_id}"


def roster_of(program_id: int) -> str:
    """The key of whoever reads what is shared with everybody in a program: as `can_read_board`, but staff."""
    return f"program:{program_id}"


def keys_of(person: Any) -> Iterator[str]:
    """Yield the keys that a person's posts give them now; those of rosters come with the communities'."""
    yield from map(staff_of, providers_of(person))


def rosters_of(person: Any) -> QuerySet[Enrollment]:
    """Return the places on rosters that let a person read what is shared with everybody in a program."""
    return Enrollment.objects.filter(person=person, ended_at=None).exclude(affiliations__is_lead=True)
