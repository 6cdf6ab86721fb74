"""Conflicts in plain sentences and ids, for the command line; other callers find their own words."""

from collections.abc import Iterator
from typing import Any

from engines.grouping import rules as r
from engines.grouping.answer import Conflict, ConflictCode, Relaxation, RelaxationCode
from engines.grouping.rules import Rule

RULES_TOLD = 6
"""At most so many rules of a conflict are told one by one."""


def reasons(conflict: Conflict) -> Iterator[dict[str, Any]]:
    """A conflict as `score_diagnosis.py` reads it: a text, and the ids of the people, groups or kind in it.

    A conflict that only an exhaustive search finds is given by each sort of ids that it has.
    """
    sorts = [list(conflict.people), list(conflict.groups)]
    kind = [conflict.value] if conflict.value is not None else []
    if conflict.code in (ConflictCode.RULE_VS_SIZES, ConflictCode.RULES_VS_ONE_ANOTHER):
        found = [ids for ids in (*sorts, kind) if ids]
    elif conflict.code == ConflictCode.TOO_MANY_OF_KIND:
        found = [kind]
    else:
        found = [next((ids for ids in sorts if ids), [])]
    yield from ({"text": _text(conflict, ids), "ids": ids} for ids in found)


def _text(conflict: Conflict, ids: list[str]) -> str:
    what = str(conflict.code).replace("_", " ")
    said = [f"{what}: {conflict.needed} needed, {conflict.available} possible ({', '.join(ids)})"]
    if conflict.rules:
        more = len(conflict.rules) - RULES_TOLD
        told = [_rule(rule) for rule in conflict.rules[:RULES_TOLD]] + [f"{more} more"] * (more > 0)
        said.append(f"rules: {'; '.join(told)}")
    if conflict.relaxations:
        said.append(f"to relax: {'; or '.join(map(_relaxation, conflict.relaxations))}")
    return ". ".join(said)


def _rule(rule: Rule) -> str:
    match rule:
        case r.KeepApart():
            return f"{rule.first} apart from {rule.second}"
        case r.KeepTogether():
            return f"{' with '.join(rule.people)}"
        case r.Locked():
            return f"{rule.person} in {rule.group}"
        case r.AllowedGroups():
            return f"{rule.person} only in {' or '.join(rule.groups)}"
        case r.AtMost():
            return f"at most {rule.maximum} of {_kind(rule.attribute, rule.value)}"
        case r.AtLeast():
            return f"at least {rule.count} of {_kind(rule.attribute, rule.value)}"
        case _:
            return f"{rule.count} hours in which {rule.quorum:.0%} are free"


def _kind(attribute: str, value: str | None) -> str:
    return f"any {attribute}" if value is None else f"{attribute} {value}"


def _relaxation(relaxation: Relaxation) -> str:
    number, groups = relaxation.number, ", ".join(relaxation.groups)
    match relaxation.code:
        case RelaxationCode.RAISE_MAXIMUM:
            return f"a maximum of {number} in {groups}"
        case RelaxationCode.LOWER_MINIMUM:
            return f"a minimum of {number} in {groups}"
        case RelaxationCode.MORE_GROUPS:
            return f"{number} more groups"
        case RelaxationCode.FEWER_GROUPS:
            return f"without {groups}"
        case RelaxationCode.OPEN_GROUP:
            return f"{groups} for {relaxation.people[0]} too"
        case RelaxationCode.DROP_RULE:
            return "without one of these rules" if len(relaxation.rules) > 1 else "without this rule"
        case _:
            return f"{number} in place of: {_rule(relaxation.rules[0])}"
