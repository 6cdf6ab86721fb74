"""What of published formations waits for a program's staff: wishes to change, and people who came late."""

from collections import Counter
from dataclasses import dataclass

from coppice.formation.late import late_count
from coppice.formation.models import Formation
from coppice.formation.wishes import SwapRequest
from coppice.programs.models import Program


@dataclass(frozen=True)
class Waiting:
    """A published formation (id, name), how many wishes in it wait, and how many people have no place yet."""

    formation: int
    name: str
    wishes: int
    late: int


def waiting_of(program: Program) -> list[Waiting]:
    """Return the published formations in which anything waits, the newest first, in three queries at most.

    Whoever came late has no place in any formation, so they are counted once, with the newest.
    """
    published = list(
        Formation.objects.filter(program=program).exclude(published_at=None).order_by("-published_at", "-pk")
    )
    if not published:
        return []
    wishes = Counter(
        SwapRequest.objects.open().filter(formation__program=program).values_list("formation", flat=True)
    )
    late = {published[0].pk: late_count(published[0])}
    found = [Waiting(each.pk, each.name, wishes[each.pk], late.get(each.pk, 0)) for each in published]
    return [each for each in found if each.wishes or each.late]
