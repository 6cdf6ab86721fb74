"""What search knows of programs: who may find what their staff and the people on their rosters may see."""

from collections.abc import Iterator
from typing import Any

from coppice.programs.models import Enrollment, providers_of


def staff_of(provider_id: int) -> str:
    """The key of whoever works for a provider."""
    return f"provider:{provider_id}"


def roster_of(program_id: int) -> str:
    """The key of whoever reads what is shared with everybody in a program: as `can_read_board`, but staff."""
    return f"program:{program_id}"


def keys_of(person: Any) -> Iterator[str]:
    """Yield the keys that a person's posts and places on rosters give them now, in two queries at most."""
    yield from map(staff_of, providers_of(person))
    here = Enrollment.objects.filter(person=person, ended_at=None)
    yield from map(roster_of, here.exclude(affiliations__is_lead=True).values_list("program", flat=True))
