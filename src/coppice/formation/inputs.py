"""What the engine was asked, kept as plain values, so that years later the same comes of it again.

A proposal keeps what concerns nobody alone (groups, rules, aims, search), its places what was told of each
person; so that what is erased with a person is gone from both.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from typing import Any

from coppice import __version__
from coppice.formation.models import Formation, Place, Proposal
from coppice.formation.solving import Search
from engines import grouping


def settings_of(
    formation: Formation, problem: grouping.Problem | None = None, *, search: Search | None = None
) -> dict[str, Any]:
    """Return what a proposal keeps of how it was worked out; without a problem its terms alone.

    Groups are positions, people are enrollments, both as text.
    """
    kept: dict[str, Any] = {"version": __version__, "terms": formation.terms}
    if problem is None or search is None:
        return kept
    plain = grouping.to_plain(problem)
    del plain["people"]
    return {
        **kept,
        "people": len(problem.people),
        "answered": sum(bool(answers_of(person)) for person in problem.people),
        "problem": plain,
        "search": asdict(search),
    }


def answers_of(person: grouping.Person) -> dict[str, Any]:
    """Return what the engine is told of a person, without their id and what is not answered."""
    return {
        name: value
        for name, value in grouping.to_plain(person).items()
        if name not in {"id", "kind"} and value not in (None, {})
    }


def problem_of(proposal: Proposal, places: Iterable[Place]) -> grouping.Problem | None:
    """Return the problem from which a proposal was worked out; None when not all of it is there any more.

    That is so when somebody has been erased or removed since, or it is older than these records.
    """
    asked = sorted((each for each in places if not each.came_late), key=lambda each: each.pk)
    if not is_whole(proposal, asked):
        return None
    people = [{"id": str(each.enrollment_id), **each.answers} for each in asked]
    return grouping.from_plain(grouping.Problem, {**proposal.settings["problem"], "people": people})


def is_whole(proposal: Proposal, places: Iterable[Place]) -> bool:
    """Whether all of what a proposal was worked out from is still there."""
    return are_whole(proposal, [each.answers for each in places if not each.came_late])


def are_whole(proposal: Proposal, answers: Collection[Mapping[str, Any]]) -> bool:
    """Whether these are the answers of everybody of whom the engine was told."""
    kept = proposal.settings
    return (kept.get("people"), kept.get("answered")) == (len(answers), sum(map(bool, answers)))


def search_of(proposal: Proposal) -> Search:
    """Return how long a proposal was looked for, and from where."""
    return Search(**proposal.settings["search"])


def worked_out(proposal: Proposal, places: Iterable[Place]) -> dict[str, str]:
    """Return the position (text) that the engine gave everybody (enrollment id as text) in a proposal."""
    kept: Mapping[str, Any] = proposal.settings
    locks = {rule["person"]: rule["group"] for rule in kept["problem"]["rules"] if rule["kind"] == "locked"}
    return {
        name: locks.get(name, str(each.worked_out_position))
        for each in places
        if not each.came_late
        for name in [str(each.enrollment_id)]
    }
