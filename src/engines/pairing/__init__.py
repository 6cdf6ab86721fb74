"""People who are here in; rounds of pairs, trios and fours with reasons out. See README.md."""

from engines.pairing.answer import (
    Group,
    Measures,
    Plan,
    Reason,
    ReasonCode,
    Repaired,
    Round,
    Unplaced,
)
from engines.pairing.engine import join, pair, repair
from engines.pairing.formats import from_plain, to_plain
from engines.pairing.problem import Person, Problem, ProblemError

__all__ = [
    "Group",
    "Measures",
    "Person",
    "Plan",
    "Problem",
    "ProblemError",
    "Reason",
    "ReasonCode",
    "Repaired",
    "Round",
    "Unplaced",
    "from_plain",
    "join",
    "pair",
    "repair",
    "to_plain",
]
