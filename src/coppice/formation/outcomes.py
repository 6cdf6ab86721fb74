"""What the engine answered, kept as plain values, so that a page needs no engine to show it."""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from coppice.formation.problems import UNANSWERED, Draft, Source
from engines import grouping

NOBODY = Source(rule=-1)


def outcome_of(
    draft: Draft, proposal: grouping.Proposal, *, communities: Mapping[str, str], roster: str = ""
) -> dict[str, Any]:
    """Return a proposal's scores (0 to 1, in all, by rule, and by rule in each community) and what it breaks.

    `communities` gives each of the engine's groups the id (as text) of its proposed community. `roster` marks
    the roster as it was read, for `bounded_by`.
    """
    broken = [violation_of(draft, violation) for violation in proposal.violations]
    return {
        "total": proposal.score.total,
        "bounded": bounded_by(draft, proposal, roster=roster),
        "rules": rule_scores(draft, proposal.score),
        "communities": {
            communities[each.group]: scores_by_rule(draft, each.scores)
            for each in proposal.groups
            if each.group in communities
        },
        "unnamed": unnamed_scores(draft, {name: aim.mean for name, aim in proposal.score.aims.items()}),
        "unnamed_in": {
            communities[each.group]: unnamed_scores(draft, each.scores)
            for each in proposal.groups
            if each.group in communities
        },
        "broken": [
            {**each, "groups": [communities[group] for group in each["groups"] if group in communities]}
            for each in broken
        ],
        "without_answers": len(draft.unanswered),
        "trials": proposal.trials,
        "seed": proposal.seed,
    }


def bounded_by(draft: Draft, proposal: grouping.Proposal, *, roster: str) -> dict[str, Any] | None:
    """Return what no proposal that holds all must-haves can surpass (`bound`, 0 to 1), if that is known.

    `objective` is what it bounds: the proposal's score, with the weakest community weighed as was asked for.
    It is proven for a `roster` (a mark of it) and for so many `locked` people staying where they are.
    """
    if proposal.bound is None:
        return None
    return {
        "bound": proposal.bound,
        "objective": proposal.score.objective,
        "roster": roster,
        "locked": len(draft.problem.rules_of(grouping.Locked)),
    }


def bounded_after(
    bounded: Mapping[str, Any] | None, score: grouping.Score, *, roster: str
) -> dict[str, Any] | None:
    """Return what bounds a proposal after a change by hand; None where the question is another one by now.

    So it is when the roster has changed, or when whoever was locked may be somewhere else.
    """
    if not bounded or bounded["locked"] or bounded["roster"] != roster:
        return None
    return {**bounded, "objective": score.objective}


ROUNDING = 1e-6
"""What a figure may lie above a tenth by rounding, before it is rounded up."""


def within_of(outcome: Mapping[str, Any]) -> float | None:
    """Return by how many in a hundred, rounded up to tenths, another proposal could be better at most.

    None where nothing is proven, and where a must-have is broken: the proof is about those that hold all.
    """
    bounded = outcome.get("bounded")
    if not bounded or not bounded["bound"] or outcome["broken"]:
        return None
    lacking = 1 - bounded["objective"] / bounded["bound"]
    return max(0.0, math.ceil(1000 * lacking - ROUNDING) / 10)


def clash_of(draft: Draft, clash: grouping.Clash) -> dict[str, Any]:
    """Return why no proposal can exist."""
    return {"clashes": [conflict_of(draft, conflict) for conflict in clash.conflicts]}


def sizes_clash(plan: grouping.GroupPlan, *, people: int, minimum: int, maximum: int) -> dict[str, Any]:
    """Return that a number of people does not divide into the sizes wanted, and the nearest that fit."""
    clash = {
        "code": "sizes",
        "people": people,
        "missing": plan.people_missing,
        "over": plan.people_over,
        "relaxations": list(_nearest_sizes(people, minimum, maximum)),
    }
    return {"clashes": [clash]}


def _nearest_sizes(people: int, minimum: int, maximum: int) -> Iterator[dict[str, Any]]:
    larger = ("raise_maximum", range(maximum + 1, people + 1), lambda size: (minimum, size))
    smaller = ("lower_minimum", range(minimum - 1, 0, -1), lambda size: (size, maximum))
    for code, sizes, limits in (larger, smaller):
        for size in sizes:
            least, most = limits(size)
            if grouping.plan_groups(people, minimum=least, maximum=most).is_possible:
                found = {"code": code, "number": size, "is_proven": True}
                yield {**found, "rules": [], "is_about_locks": False}
                break


def rule_scores(draft: Draft, score: grouping.Score) -> dict[str, float]:
    """Return the score of each rule that is aimed for, by its place (as text, for JSON)."""
    return scores_by_rule(draft, {name: aim.mean for name, aim in score.aims.items()})


def scores_by_rule(draft: Draft, scores: Mapping[str, float]) -> dict[str, float]:
    """Return scores (0 to 1) by aim's name as scores by the rule's place: the weighted mean of its aims."""
    weights = {aim.name: aim.weight for aim in draft.problem.aims}
    sums: dict[str, float] = {}
    shares: dict[str, float] = {}
    for name, score in scores.items():
        if name not in draft.aims:
            continue
        key = str(draft.aims[name])
        sums[key] = sums.get(key, 0.0) + weights[name] * score
        shares[key] = shares.get(key, 0.0) + weights[name]
    return {key: sums[key] / shares[key] for key in sums}


def unnamed_scores(draft: Draft, scores: Mapping[str, float]) -> dict[str, float]:
    """Return the scores (0 to 1) of the aims that no rule names, by their name: they count a little, too."""
    return {
        aim.name: scores[aim.name]
        for aim in draft.problem.aims
        if aim.name in scores.keys() - draft.aims.keys()
    }


def violation_of(draft: Draft, violation: grouping.Violation) -> dict[str, Any]:
    source = _source(draft.sources, (violation.rule,) if violation.rule else ())
    return {
        "code": violation.code.value,
        "rule": source.rule,
        "value": violation.value or source.value,
        "people": list(violation.people),
        "groups": list(violation.groups),
        "amount": violation.amount,
    }


def breaks_rules(violations: Iterable[Mapping[str, Any]]) -> bool:
    """Say whether any of these is of a rule that somebody set, and not of the usual sizes alone."""
    return any(each["rule"] != NOBODY.rule for each in violations)


def conflict_of(draft: Draft, conflict: grouping.Conflict) -> dict[str, Any]:
    source = _source(draft.sources, conflict.rules)
    return {
        "code": conflict.code.value,
        "rules": sorted({draft.sources[rule].rule for rule in conflict.rules if rule in draft.sources}),
        "rule": source.rule,
        "value": conflict.value or source.value,
        "people": list(conflict.people),
        "groups": list(conflict.groups),
        "needed": conflict.needed,
        "available": conflict.available,
        "relaxations": [relaxation_of(draft, each) for each in conflict.relaxations],
    }


def relaxation_of(draft: Draft, relaxation: grouping.Relaxation) -> dict[str, Any]:
    """Return one change that ends a conflict; `number` of groups where it names them."""
    code = relaxation.code
    is_count = code == grouping.RelaxationCode.FEWER_GROUPS
    sources = [draft.sources.get(rule) for rule in relaxation.rules]
    return {
        "code": code.value,
        "rules": sorted({source.rule for source in sources if source}),
        "number": len(relaxation.groups) if is_count else relaxation.number,
        "is_about_locks": None in sources or code == grouping.RelaxationCode.OPEN_GROUP,
        "is_proven": relaxation.is_proven,
    }


BY_HAND: Sequence[dict[str, Any]] = ({"code": "moved_by_hand", "parameters": {}},)


def reasons_of(
    placement: grouping.Placement, *, unanswered: Collection[str] = frozenset()
) -> list[dict[str, Any]]:
    """Return a placement's reasons as the rooms keep them: {"code", "parameters"}, people by id.

    People who answered nothing (`unanswered`, ids) are told so; that they are spread over all is no reason.
    """
    reasons = [each for each in placement.reasons if each.parameters.get("attribute") != UNANSWERED]
    if placement.person in unanswered:
        missing = tuple(name for name in placement.missing if name != UNANSWERED)
        reasons = [each for each in reasons if each.code != grouping.ReasonCode.PLACED_BY_DEFAULT]
        reasons.append(grouping.Reason(grouping.ReasonCode.PLACED_BY_DEFAULT, {"missing": missing}))
    return [
        {
            "code": reason.code.value,
            "parameters": {key: _plain(value) for key, value in reason.parameters.items()},
        }
        for reason in reasons
    ]


def _source(sources: Mapping[grouping.Rule, Source], rules: tuple[grouping.Rule, ...]) -> Source:
    return next((sources[rule] for rule in rules if rule in sources), NOBODY)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
