"""Codes that can be read from a wall, said aloud and typed on a phone: a short word and two digits."""

import secrets

from coppice.lib.lines import one_line
from coppice.live.models import Room

# Plants and animals of three to five letters that sound like no other in the list, in English and Spanish.
WORDS = (
    *("ALDER", "ASPEN", "BIRCH", "BIRD", "BLOOM", "CEDAR", "CLOUD", "COAST", "CROW", "DEER", "DOVE", "ELM"),
    *("FERN", "FIELD", "FINCH", "FROG", "GROVE", "HAZEL", "HILL", "IVY", "LAKE", "LARCH", "LEAF", "LILY"),
    *("LUNA", "MAPLE", "MINT", "MOON", "MOSS", "OAK", "OTTER", "OWL", "PALM", "PEAR", "PINE", "POND"),
    *("PLUM", "REED", "RIVER", "ROBIN", "ROSE", "SAGE", "SEED", "STAR", "SWAN", "THYME", "TULIP", "WOLF"),
)
FIRST, LAST = 10, 99
TRIES = 40


def free_code() -> str | None:
    """Return a code that no room that goes on has, or None when luck did not find one."""
    tried = {f"{secrets.choice(WORDS)}-{FIRST + secrets.randbelow(LAST - FIRST + 1)}" for _ in range(TRIES)}
    tried -= set(Room.objects.going_on().filter(code__in=tried).values_list("code", flat=True))
    return min(tried) if tried else None


def as_code(typed: str) -> str:
    """Return what somebody typed ("fern 27", "Fern27") as a code is written."""
    plain = one_line(typed).upper().replace(" ", "").replace("-", "")
    return f"{plain[:-2]}-{plain[-2:]}"
