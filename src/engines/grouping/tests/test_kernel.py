"""The loops of the search: what they keep of every group is what the measures and rules say of it."""

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.grouping import (
    Alike,
    AlikeNumbers,
    AllowedGroups,
    AtLeast,
    AtMost,
    Balanced,
    CommonNeeds,
    Coverage,
    Diverse,
    DiverseNumbers,
    EnoughOf,
    Group,
    KeepApart,
    KeepTogether,
    Locked,
    MeetingHours,
    NobodyIsolated,
    Person,
    Problem,
    Proportional,
    SharedHours,
    SizeNear,
    Stability,
    TopicWanted,
    Wishes,
    table,
    walk,
)
from engines.grouping import layout as at
from engines.grouping.compiled import real, whole
from engines.grouping.judge import Judge
from engines.grouping.kernel import load, swap_gain
from engines.grouping.sheet import Sheet
from engines.grouping.table import memory_of
from engines.grouping.tests.cast import groups, people

CLOSE = 1e-6  # numbers that are all alike have a spread of the root of a rounding error
seeds = st.integers(0, 2**32)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(seeds)
def test_worth_and_breach_stay_true_through_every_change(seed):
    sheet, t, r = placed(any_problem(random.Random(seed)), seed)

    assert_true(sheet, t, r)
    walk.repair(t, r, 400)
    assert_true(sheet, t, r)
    if is_broken(t):
        return
    for warmth in (9.0, 0.3, 0.0):
        walk.wander(t, r, 300, warmth)
        assert_true(sheet, t, r)
    walk.activate(t, r, 1 + seed % 7, 1)
    walk.wander(t, r, 200, 9.0)
    assert_true(sheet, t, r)
    walk.take_back(t, r)

    assert_true(sheet, t, r)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(seeds)
def test_exchange_of_two_people_is_foretold(seed):
    draw = random.Random(seed)
    sheet, t, r = placed(any_problem(draw), seed)
    judge = Judge(sheet)
    rows = members(sheet, t)
    used = [g for g, here in enumerate(rows) if here]
    spare = t[at.AT_WORTH] + t[at.G]

    for _ in range(20):
        g, h = draw.choice(used), draw.choice(used)
        i, j = draw.choice(rows[g]), draw.choice(rows[h])
        if g == h:
            continue
        here = [k for k in rows[g] if k != i] + [j]
        there = [k for k in rows[h] if k != j] + [i]
        true = judge.worth(here, g), judge.worth(there, h)

        assert swap_gain(t, r, g, h, i, j, -1.0)
        assert (r[spare], r[spare + 1]) == pytest.approx(true, abs=CLOSE)
        assert not swap_gain(t, r, g, h, i, j, sum(true) + 2 * CLOSE)
        assert swap_gain(t, r, g, h, i, j, sum(true) - 2 * CLOSE)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(seeds)
def test_exchange_is_foretold_while_the_search_is_soft(seed):
    draw = random.Random(seed)
    sheet, t, r = placed(any_problem(draw), seed)
    hard = [r[t[at.AT_WORTH] + g] for g in range(t[at.G])]
    walk.soften(t, r, 0.5)
    rows = members(sheet, t)
    alone = [[i for i in here if len(sheet.units[t[t[at.AT_UNIT_OF] + i]]) == 1] for here in rows]
    used = [g for g, here in enumerate(alone) if here]
    spare = t[at.AT_WORTH] + t[at.G]

    for g, h in itertools.permutations(used, 2):
        i, j = draw.choice(alone[g]), draw.choice(alone[h])
        assert swap_gain(t, r, g, h, i, j, -1.0)
        foretold = r[spare], r[spare + 1]
        one, other = t[t[at.AT_UNIT_OF] + i], t[t[at.AT_UNIT_OF] + j]
        walk.exchange(t, t[at.G], g, one, other)
        walk.exchange(t, t[at.G] + 1, h, other, one)
        assert foretold == pytest.approx((load(t, r, t[at.G], g), load(t, r, t[at.G] + 1, h)), abs=CLOSE)

    walk.soften(t, r, 0.0)
    assert [r[t[at.AT_WORTH] + g] for g in range(t[at.G])] == pytest.approx(hard)


def test_soft_hours_show_the_way_to_a_slot_that_two_people_miss():
    crowd = (*people(2, hours=frozenset()), *(Person(f"q{i}", hours=frozenset({0})) for i in range(4)))
    aims = (MeetingHours(name="hours", target=1),)
    _, t, r = placed(Problem(crowd, groups(1, 1, 6), aims=aims, slots=1, worst_group_first=0.5), 1)
    values = []

    for share in (0.0, 0.5):
        walk.soften(t, r, share)
        values.append(walk.value(t, r))

    assert values == pytest.approx([0.0, 6 * 0.5 * 0.25])


@settings(max_examples=40, deadline=None, derandomize=True)
@given(seeds)
def test_three_weakest_groups_are_known(seed):
    some = {"count": 8, "number": 6} if seed % 3 else {}
    problem = any_problem(random.Random(seed), worst_group_first=0.5, **some)
    sheet, t, r = placed(problem, seed)

    if not is_broken(t):
        walk.wander(t, r, 200, 1.0)

    scores = sorted(r[t[at.AT_WORTH] + g] / len(here) for g, here in enumerate(members(sheet, t)) if here)
    lowest = [g for g in t[t[at.AT_LOWEST] :][:3] if g >= 0]
    found = [r[t[at.AT_WORTH] + g] / t[t[at.AT_SIZE] + g] for g in lowest]
    assert found == pytest.approx(scores[:3])
    objective = 0.5 * sum(r[t[at.AT_WORTH] + g] for g in range(len(problem.groups)))
    assert walk.value(t, r) == pytest.approx(objective + 0.5 * len(problem.people) * scores[0])


def test_weakest_groups_are_known_while_groups_empty_and_fill():
    aims = (SizeNear(name="size", target=3),)
    sheet, t, r = placed(Problem(people(4), groups(3, 0, 4), aims=aims, worst_group_first=0.5), 1)
    sizes = set()

    for _ in range(20_000):
        walk.wander(t, r, 1, 9.0)
        sizes.add(tuple(len(here) for here in members(sheet, t)))
        scores = {len(here): 1 - min(1.0, abs(len(here) - 3) / 3) for here in members(sheet, t) if here}
        total = sum(len(here) * scores[len(here)] for here in members(sheet, t) if here)
        assert walk.value(t, r) == pytest.approx(0.5 * total + 0.5 * 4 * min(scores.values()))

    assert any(4 in each for each in sizes)
    assert (1, 1, 2) in sizes


def test_a_set_of_groups_changes_alone():
    sheet, t, r = placed(any_problem(random.Random(3), count=40, number=8), 3)
    walk.repair(t, r, 3_000)
    walk.activate(t, r, 2, 1)
    before = members(sheet, t)

    walk.wander(t, r, 2_000, 9.0)

    active = [g for g in range(8) if t[t[at.AT_IS_ACTIVE] + g]]
    after = members(sheet, t)
    changed = [g for g in range(8) if sorted(before[g]) != sorted(after[g])]
    assert 2 <= len(active) <= 4
    assert changed
    assert set(changed) <= set(active)
    walk.take_back(t, r)
    assert [sorted(here) for here in members(sheet, t)] == [sorted(here) for here in before]


def test_a_group_takes_in_no_more_than_its_row_holds():
    sheet = Sheet(Problem(people(30), groups(2, 0, 15)))
    memory = memory_of(sheet, 1)
    t, r = whole(memory.whole), real(memory.real)
    room = t[at.ROOM]
    walk.place(t, r, whole(list(range(30))), whole([0] * room + [1] * (30 - room)), 30)

    assert not walk.try_units(t, r, 29, 0, -1, 0.0, 99)
    assert len(members(sheet, t)[0]) == room


def placed(problem, seed):
    """The sheet and the two arrays of a problem, everybody placed."""
    sheet = Sheet(problem)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "KEPT_VALUES", 2 if seed % 2 else 64)
        memory = memory_of(sheet, seed)
    t, r = whole(memory.whole), real(memory.real)
    walk.begin(t, r)
    seats = [group.maximum for group in sheet.groups]
    units = len(sheet.units)
    walk.construct(t, r, whole(list(range(units))), units, whole(seats), 2)
    return sheet, t, r


def is_broken(t):
    """Whether a hard rule is broken; the walk goes on only when none is."""
    return t[t[at.AT_WHOLE]] > 0


def members(sheet, t):
    """The people of each group, by number."""
    found = []
    for g in range(len(sheet.groups)):
        first = t[at.AT_MEMBER] + g * t[at.ROOM]
        found.append([int(i) for i in t[first : first + t[t[at.AT_SIZE] + g]]])
    return found


def assert_true(sheet, t, r):
    """What the arrays say of every group is what the measures and rules say of its people."""
    judge = Judge(sheet)
    rows = members(sheet, t)
    worths = [judge.worth(here, g) for g, here in enumerate(rows)]
    breaches = [judge.breach(here, g) for g, here in enumerate(rows)]
    people = len(sheet.people)
    assert sorted(i for here in rows for i in here) == list(range(people))
    assert [r[t[at.AT_WORTH] + g] for g in range(len(rows))] == pytest.approx(worths, abs=CLOSE)
    assert [t[t[at.AT_BREACH] + g] for g in range(len(rows))] == breaches
    assert t[t[at.AT_WHOLE]] == sum(breaches)
    assert r[t[at.AT_TOTAL]] == pytest.approx(sum(worths), abs=10 * CLOSE)
    where = [t[t[at.AT_AT] + t[t[at.AT_UNIT_OF] + i]] for i in range(people)]
    assert where == [g for i in range(people) for g, here in enumerate(rows) if i in here]


def any_problem(draw, *, count=None, number=None, worst_group_first=0.0):
    """A problem with aims and rules of every kind, many values, slots and topics, and missing answers."""
    count = count or draw.randint(6, 40)
    number = number or draw.randint(2, 6)
    slots = draw.choice([3, 40, 70, 140])
    topics = [f"t{k}" for k in range(draw.choice([3, 8, 80]))]
    places = [f"v{k}" for k in range(draw.choice([2, 4, 90]))]
    names = [f"p{i}" for i in range(count)]
    crowd = tuple(_person(draw, name, topics, places, slots, number) for name in names)
    size = -(-count // number)
    every = _aims(draw)
    return Problem(
        people=crowd,
        groups=tuple(_group(draw, g, size, topics) for g in range(number)),
        rules=_rules(draw, names, number),
        aims=tuple(draw.sample(every, draw.randint(1, len(every)))),
        slots=slots,
        worst_group_first=worst_group_first,
    )


def _group(draw, g, size, topics):
    maximum = size + draw.randint(1, 4)
    return Group(f"g{g}", draw.randint(0, size), maximum, draw.choice(topics), draw.random() < 0.3)


def _person(draw, name, topics, places, slots, number):
    def perhaps(value):
        return value if draw.random() < 0.8 else None

    several = draw.sample(places, draw.randint(0, 2))
    years, place = perhaps(draw.randint(0, 30)), perhaps(draw.choice(places))
    free = draw.choice([0.2, 0.6, 0.95])
    return Person(
        name,
        categories={"place": place} if place else {},
        numbers={"years": float(years), "same": 4.0} if years is not None else {},
        sets={"several": frozenset(several)} if draw.random() < 0.8 else {},
        needs=perhaps(tuple(draw.sample(topics, draw.randint(0, 3)))),
        wishes=perhaps(tuple(draw.sample(topics, 2))),
        expertise={topic: draw.randint(0, 4) for topic in topics if draw.random() < 0.3},
        hours=perhaps(frozenset(slot for slot in range(slots) if draw.random() < free)),
        earlier_group=perhaps(f"g{draw.randint(0, number)}"),
    )


def _aims(draw):
    def weight():
        return float(draw.choice([0, 1, 1, 2, 3]))

    return [
        Alike(name="alike", attribute="place", weight=weight()),
        Alike(name="alike sets", attribute="several", weight=weight()),
        Diverse(name="diverse", attribute="place", weight=weight()),
        AlikeNumbers(name="alike numbers", attribute="years", weight=weight()),
        DiverseNumbers(name="diverse numbers", attribute="years", weight=weight()),
        Balanced(name="balanced", attribute="years", weight=weight()),
        Balanced(name="tolerated", attribute="years", weight=weight(), tolerance=0.3, strict=True),
        Balanced(name="all the same", attribute="same", weight=weight()),
        Balanced(name="nobody told", attribute="nothing", weight=weight()),
        Proportional(name="proportional", attribute="place", value="v1", weight=weight()),
        Proportional(name="strictly", attribute="place", value="v0", weight=weight(), strict=True),
        Alike(name="strictly alike", attribute="several", weight=weight(), strict=True),
        EnoughOf(name="enough", attribute="several", value="v0", count=2, weight=weight()),
        NobodyIsolated(name="isolated", attribute="several", at_least=3, weight=weight()),
        NobodyIsolated(name="watched", attribute="place", values=("v0", "v1"), weight=weight()),
        TopicWanted(name="topic", weight=weight()),
        Wishes(name="wishes", weight=weight()),
        CommonNeeds(name="common", weight=weight()),
        Coverage(name="coverage", weight=weight()),
        MeetingHours(name="all", target=3, weight=weight()),
        MeetingHours(name="most", target=5, quorum=0.6, weight=weight()),
        Stability(name="stay", weight=weight()),
        SizeNear(name="size", target=5, weight=weight()),
    ]


def _rules(draw, names, number):
    some = draw.sample(names, 6)
    rules = [
        KeepApart(some[0], some[1]),
        KeepTogether((some[1], some[2], some[3])),
        Locked(some[4], f"g{draw.randrange(number)}"),
        AllowedGroups(some[5], ("g0", "g1")),
        AtMost("place", draw.randint(1, 4)),
        AtMost("several", 3, value="v1"),
        AtLeast("place", "v0", 1),
        SharedHours(draw.randint(1, 3), quorum=draw.choice([0.5, 1.0])),
    ]
    return tuple(rule for rule in rules if draw.random() < 0.4)
