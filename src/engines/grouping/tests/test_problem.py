"""Problems that contradict themselves, and groupings with wrong names."""

import pytest

from engines.grouping import (
    AllowedGroups,
    AtMost,
    Coverage,
    EnoughOf,
    Group,
    KeepApart,
    KeepTogether,
    MeetingHours,
    Person,
    Problem,
    ProblemError,
    SharedHours,
    SizeNear,
    violations,
)
from engines.grouping.tests.cast import groups, people


@pytest.mark.parametrize(
    ("parts", "complaint"),
    [
        ({"people": people(1) * 2}, "person p0 appears twice"),
        ({"groups": groups(1, 1, 2) * 2}, "group g0 appears twice"),
        ({"aims": (Coverage(name="c"), Coverage(name="c"))}, "aim c appears twice"),
        ({"groups": (Group("g", 3, 2),)}, "group g: a minimum of 3 and a maximum of 2"),
        ({"groups": (Group("g", 0, 0),)}, "group g: a minimum of 0 and a maximum of 0"),
        ({"people": (Person("p", hours=frozenset({2})),), "slots": 2}, "person p: hours outside the 2 slots"),
        ({"worst_group_first": 1.5}, "worst_group_first is not between 0 and 1"),
        ({"rules": (KeepTogether(("p0", "who")),)}, "KeepTogether names the unknown person who"),
        ({"rules": (AllowedGroups("p0", ("where",)),)}, "AllowedGroups names the unknown group where"),
        ({"rules": (KeepApart("p0", "p0"),)}, "p0 cannot be kept apart from themselves"),
        ({"rules": (AtMost("area", -1),)}, "at most -1 of area"),
        ({"rules": (SharedHours(1, quorum=0),)}, "a quorum of 0"),
        ({"aims": (Coverage(name="c", weight=-1),)}, "aim c: a weight of -1"),
        ({"aims": (SizeNear(name="s", target=0),)}, "aim s: a target of 0"),
        ({"aims": (MeetingHours(name="h", target=1, quorum=2),)}, "aim h: a quorum of 2"),
        ({"aims": (EnoughOf(name="e", attribute="a", value="v", count=0),)}, "aim e: a count of 0"),
    ],
)
def test_problem_without_sense_is_refused(parts, complaint):
    with pytest.raises(ProblemError, match=f"^{complaint}$"):
        Problem(**{"people": people(2), "groups": groups(1, 1, 2)} | parts)


def test_grouping_with_unknown_names_is_a_violation():
    problem = Problem(
        (Person("a", hours=frozenset({0})), Person("b", hours=frozenset({1}))),
        groups(1, 1, 2),
        rules=(SharedHours(1), AtMost("area", 1, "north")),
        slots=2,
    )

    found = violations(problem, {"a": "g0", "who": "g0", "b": "where"})
    together = violations(problem, {"a": "g0", "b": "g0"})

    assert [(str(each.code), each.people) for each in found] == [
        ("unknown_person", ("who",)),
        ("unknown_group", ("b",)),
        ("unplaced", ("b",)),
    ]
    assert [(str(each.code), each.groups, each.amount) for each in together] == [
        ("too_few_hours", ("g0",), 1)
    ]


def test_at_most_of_one_value_leaves_the_others_alone():
    crowd = (*people(2, categories={"area": "south"}), Person("n", categories={"area": "north"}))
    problem = Problem(crowd, groups(1, 3, 3), rules=(AtMost("area", 1, "north"), AtMost("area", 1)))

    found = violations(problem, {"p0": "g0", "p1": "g0", "n": "g0"})

    assert [(each.people, each.value, each.rule) for each in found] == [
        (("p0", "p1"), "south", problem.rules[1])
    ]
