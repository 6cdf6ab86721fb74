"""People in their zones and when they can in; the times least hard, and for whom, out. See README.md."""

from engines.timefinding.answer import Found, Hard, Meeting, NoTime, Option, Why
from engines.timefinding.engine import find_times
from engines.timefinding.formats import from_plain, to_plain
from engines.timefinding.problem import Candidate, Person, Problem, ProblemError, Span, every, weekly

__all__ = [
    "Candidate",
    "Found",
    "Hard",
    "Meeting",
    "NoTime",
    "Option",
    "Person",
    "Problem",
    "ProblemError",
    "Span",
    "Why",
    "every",
    "find_times",
    "from_plain",
    "to_plain",
    "weekly",
]
