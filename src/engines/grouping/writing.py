"""A problem written in the public format of participants and spec, and what that format cannot say of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from engines.grouping import aims as a
from engines.grouping import rules as r
from engines.grouping.formats import to_plain
from engines.grouping.problem import Person, Problem
from engines.grouping.public import AIMS, EXPERTISE, NUMERIC, PUBLIC, SPECIAL, problem_of

OURS = {"strict", "tolerance"}
"""What the engine reads of a criterion and no other reader of the format knows."""

TYPES = {kind: name for name, kind in AIMS.items()}


class UnsaidCode(StrEnum):
    """What is lost on the way. `about` of an Unsaid is an attribute, except where another thing is named.

    not_answered: whoever has not answered counts as a kind of their own
    several_answers: whoever has several answers counts as a kind of their own, "a;b"
    otherwise: an answer is not read back as it is
    rule, aim: a rule (its kind) or an aim (its name) is left out
    ours: an aim (its name) says something that this engine reads, and no other
    empty_number: an empty number, which this engine passes over, and others may not
    worst_group_first: the weakest group does not count for more
    """

    NOT_ANSWERED = "not_answered"
    SEVERAL_ANSWERS = "several_answers"
    OTHERWISE = "otherwise"
    RULE = "rule"
    AIM = "aim"
    OURS = "ours"
    EMPTY_NUMBER = "empty_number"
    WORST_GROUP_FIRST = "worst_group_first"


@dataclass(frozen=True, slots=True)
class Unsaid:
    """Something that the format cannot say: of `people` people, where it is about their answers."""

    code: UnsaidCode
    about: str = ""
    people: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """`spec` for spec.json, `rows` (all with the same columns) for participants.csv, and what is lost."""

    spec: Mapping[str, Any]
    rows: list[dict[str, str]]
    unsaid: tuple[Unsaid, ...]


def written(problem: Problem) -> Written:
    """Return a problem as `public.problem_of` reads it: the inverse, as far as the format goes.

    With nothing unsaid but `ours` and `empty_number` every grouping has the same scores and violations in
    the problem read back.
    """
    rows = _rows(problem)
    spec = {
        "slots": problem.slots,
        "expert_level": problem.expert_level,
        "groups": [
            {"id": g.id, "topic": g.topic, "min": g.minimum, "max": g.maximum, "optional": g.optional}
            for g in problem.groups
        ],
        "hard": _hard(
            [each for each in problem.rules if _is_said(each) and not isinstance(each, r.SharedHours)]
        ),
        "criteria": [_criterion(aim, problem.people, rows) for aim in problem.aims if _is_said(aim)],
    }
    return Written(spec, rows, tuple(_unsaid(problem, problem_of(spec, rows))))


def _rows(problem: Problem) -> list[dict[str, str]]:
    people, asked = problem.people, _asked(problem)
    found = {name for each in people for name in (*each.categories, *each.numbers, *each.sets)}
    # Aims may be about something that nobody has answered: readers look for the column.
    attributes = sorted(name for name in found | {about for _, about in asked if about} if _is_free(name))
    numbers = {about for sort, about in asked if sort == "number"}
    topics = sorted({topic for each in people for topic in each.expertise} | _wanted(problem))
    return [
        {
            "id": each.id,
            **{name: _cell(each, name, as_number=name in numbers) for name in attributes},
            "needs": ";".join(each.needs or ()),
            "prefs": ";".join(each.wishes or ()),
            "avail": _hours(each, problem.slots),
            "prev_group": each.earlier_group or "",
            **{EXPERTISE + topic: str(each.expertise.get(topic, 0)) for topic in topics},
        }
        for each in people
    ]


def _wanted(problem: Problem) -> set[str]:
    """The topics in which somebody must know something, whether or not anybody does."""
    if not any(isinstance(aim, a.Coverage) for aim in problem.aims):
        return set()
    return {topic for each in problem.people for topic in each.needs or ()}


def _cell(person: Person, attribute: str, *, as_number: bool) -> str:
    """An answer: as it is put, unless a number is asked for that is not read back from it."""
    answer, number = ";".join(person.values_of(attribute)), person.numbers.get(attribute)
    if number is None or (answer and not (as_number and _read(answer) != number)):
        return answer
    return repr(number)


def _read(answer: str) -> float | None:
    try:
        return float(answer)
    except ValueError:
        return None


def _hours(person: Person, slots: int) -> str:
    if person.hours is None:
        return ""
    return "".join("1" if slot in person.hours else "0" for slot in range(slots))


def _is_free(attribute: str) -> bool:
    """Whether an attribute's name is not one of the format's own columns."""
    return attribute not in SPECIAL and not attribute.startswith(EXPERTISE)


def _is_said(thing: r.Rule | a.Aim) -> bool:
    """Whether the format has words for a rule or an aim."""
    if isinstance(thing, r.SharedHours) or (isinstance(thing, r.AtMost) and thing.value is not None):
        return False
    return _is_free(getattr(thing, "attribute", ""))


type Said = r.KeepApart | r.KeepTogether | r.Locked | r.AllowedGroups | r.AtMost | r.AtLeast


def _hard(rules: list[Said]) -> dict[str, Any]:
    hard: dict[str, Any] = {
        "keep_apart": [],
        "keep_together": [],
        "locked": [],
        "allowed": {},
        "max_same": [],
        "min_count": [],
    }
    for rule in rules:
        match rule:
            case r.KeepApart():
                hard["keep_apart"].append([rule.first, rule.second])
            case r.KeepTogether():
                hard["keep_together"].append(list(rule.people))
            case r.Locked():
                hard["locked"].append({"id": rule.person, "group": rule.group})
            case r.AllowedGroups():
                before = hard["allowed"].get(rule.person, rule.groups)
                hard["allowed"][rule.person] = [each for each in before if each in rule.groups]
            case r.AtMost():
                hard["max_same"].append({"attr": rule.attribute, "max": rule.maximum})
            case _:
                least = {"attr": rule.attribute, "value": rule.value, "count": rule.count}
                hard["min_count"].append(least)
    return hard


def _criterion(aim: a.Aim, people: Sequence[Person], rows: list[dict[str, str]]) -> dict[str, Any]:
    fields = {name: value for name, value in to_plain(aim).items() if name != "kind"}
    if isinstance(aim, a.NobodyIsolated) and aim.values is None:
        answered = [each.values_of(aim.attribute) for each in people]
        cells = [row[aim.attribute] for row in rows]
        fields["values"] = sorted({cell for cell, known in zip(cells, answered, strict=True) if known})
    said = {name: value for name, value in fields.items() if value or name not in OURS}
    return {"type": TYPES[type(aim)], **{PUBLIC.get(name, name): value for name, value in said.items()}}


type Asked = tuple[str, str]
"""What rules and aims look at: ("kind" or "number", attribute), or another part of a person and ""."""


def _asked(problem: Problem) -> list[Asked]:
    """What rules and aims look at, in their order, each once."""
    asked: list[Asked] = []
    for thing in (*problem.rules, *problem.aims):
        attribute = getattr(thing, "attribute", "")
        if attribute and _is_said(thing):
            asked.append(("number" if isinstance(thing, NUMERIC) else "kind", attribute))
        asked += [(part, "") for part in _PARTS.get(type(thing), ())]
    return list(dict.fromkeys(asked))


_PARTS: Mapping[type, tuple[str, ...]] = {
    a.TopicWanted: ("needs",),
    a.CommonNeeds: ("needs",),
    a.Coverage: ("needs", "expertise"),
    a.MeetingHours: ("hours",),
    a.Wishes: ("wishes",),
    a.Stability: ("earlier_group",),
}

_LOOKS: Mapping[str, Callable[[Person, str], Any]] = {
    "kind": lambda person, attribute: person.sets.get(attribute) or person.values_of(attribute),
    "number": lambda person, attribute: person.numbers.get(attribute),
    "needs": lambda person, _: None if person.needs is None else frozenset(person.needs),
    "wishes": lambda person, _: person.wishes,
    "expertise": lambda person, _: {topic: level for topic, level in person.expertise.items() if level},
    "hours": lambda person, _: person.hours,
    "earlier_group": lambda person, _: person.earlier_group,
}


def _unsaid(problem: Problem, read: Problem) -> Iterator[Unsaid]:
    for rule in problem.rules:
        if not _is_said(rule):
            yield Unsaid(UnsaidCode.RULE, to_plain(rule)["kind"])
    for aim in problem.aims:
        if not _is_said(aim):
            yield Unsaid(UnsaidCode.AIM, aim.name)
    if problem.worst_group_first:
        yield Unsaid(UnsaidCode.WORST_GROUP_FIRST)
    for sort, about in _asked(problem):
        look = _LOOKS[sort]
        answers = [look(each, about) for each in problem.people]
        changed = [
            before
            for before, person in zip(answers, read.people, strict=True)
            if before != look(person, about)
        ]
        yield from _counted([_code(sort, each) for each in changed], about or sort)
        if sort == "number" and None in answers:
            yield Unsaid(UnsaidCode.EMPTY_NUMBER, about, answers.count(None))
    for aim in problem.aims:
        if any(getattr(aim, name, None) for name in OURS):
            yield Unsaid(UnsaidCode.OURS, aim.name)


def _code(sort: str, before: Any) -> UnsaidCode:
    if before is None or before == ():
        return UnsaidCode.NOT_ANSWERED
    return UnsaidCode.SEVERAL_ANSWERS if sort == "kind" and len(before) > 1 else UnsaidCode.OTHERWISE


def _counted(codes: list[UnsaidCode], about: str) -> Iterator[Unsaid]:
    for code in dict.fromkeys(codes):
        yield Unsaid(code, about, codes.count(code))
