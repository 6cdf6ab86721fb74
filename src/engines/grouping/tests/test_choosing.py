"""Self-selection: what a choice promises is checked by a judge that shares no code with it."""

import itertools
import random
import time
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from engines.grouping import (
    AllowedGroups,
    AtLeast,
    AtMost,
    Choice,
    Clash,
    Dropped,
    DroppedCode,
    Group,
    KeepApart,
    KeepTogether,
    Locked,
    NotFound,
    Person,
    Problem,
    SharedHours,
    Wishes,
    choose,
    violations,
)
from engines.grouping.choosing import Exchange
from engines.grouping.program import Program, Solved
from engines.grouping.proofs import Oracle
from engines.grouping.sheet import Sheet
from engines.grouping.tests.cast import groups, people

TOPICS = ("t0", "t1", "t2", "t3")


def likes(person: Person, topic: str | None) -> int:
    """How much a person likes a topic, the more the better; 0 for one that was not ranked."""
    wishes = list(person.wishes or ())
    return len(wishes) - wishes.index(topic) if topic in wishes else 0


def wrongs(problem: Problem, assignment: dict[str, str]) -> list[tuple]:
    """Who would both rather swap, and who would rather be where room is, though every rule would hold."""
    topic = {group.id: group.topic for group in problem.groups}

    def gains(person: Person, group: str) -> bool:
        return likes(person, topic[group]) > likes(person, topic[assignment[person.id]])

    swaps = [
        (one.id, other.id)
        for one, other in itertools.combinations(problem.people, 2)
        if gains(one, there := assignment[other.id])
        and gains(other, here := assignment[one.id])
        and not violations(problem, {**assignment, one.id: there, other.id: here})
    ]
    moves = [
        (one.id, group.id)
        for one, group in itertools.product(problem.people, problem.groups)
        if gains(one, group.id) and not violations(problem, {**assignment, one.id: group.id})
    ]
    return swaps + moves


@st.composite
def choices(draw) -> Problem:
    """People with ranked topics, groups with limits, and some rules."""
    wishes = st.none() | st.lists(st.sampled_from(TOPICS), unique=True).map(tuple)
    count = draw(st.integers(1, 12))
    here = tuple(
        Person(
            f"p{i}",
            wishes=draw(wishes),
            categories={"area": draw(st.sampled_from(["north", "south"]))},
            hours=draw(st.none() | st.frozensets(st.integers(0, 2), min_size=1)),
            earlier_group=draw(st.sampled_from([None, "g0"])),
        )
        for i in range(count)
    )
    places = tuple(
        Group(
            f"g{g}",
            minimum := draw(st.integers(0, 3)),
            draw(st.integers(max(1, minimum), 7)),
            draw(st.sampled_from((*TOPICS, None))),
            draw(st.sampled_from([True, True, False])),
        )
        for g in range(draw(st.integers(1, 6)))
    )
    person = st.sampled_from([each.id for each in here])
    place = st.sampled_from([each.id for each in places])
    area = st.sampled_from(["north", "south"])
    kinds = [
        st.builds(Locked, person, place),
        st.builds(AllowedGroups, person, st.lists(place, min_size=1, unique=True).map(tuple)),
        st.builds(AtMost, st.just("area"), st.integers(2, 5), st.none() | area),
        st.builds(AtLeast, st.just("area"), area),
        st.builds(SharedHours, st.just(1), st.sampled_from([0.5, 1.0])),
    ]
    if count > 1:
        pair = st.lists(person, min_size=2, max_size=2, unique=True)
        kinds += [pair.map(lambda two: KeepApart(*two)), pair.map(lambda two: KeepTogether(tuple(two)))]
    rules = draw(st.lists(st.one_of(kinds), max_size=3))
    return Problem(here, places, tuple(rules), slots=3)


@settings(max_examples=200)
@given(choices(), st.integers(0, 5))
def test_nobody_would_rather_swap_or_go_where_room_is(problem, seed):
    choice = choose(problem, seed=seed)

    if isinstance(choice, Choice):
        assignment = choice.proposal.assignment
        assert violations(problem, assignment) == ()
        assert wrongs(problem, assignment) == []
        assert set(choice.met) == {person.id for person in problem.people if person.wishes}
        assert choose(problem, seed=seed) == choice


def crowd(count: int, topics: int, *, seed: int = 1, wishes: int = 5) -> tuple[Person, ...]:
    """People whose wishes are the more often for a topic the lower its number."""
    draw = random.Random(seed)
    shares = [1 / (1 + k) for k in range(topics)]
    found = []
    for i in range(count):
        wished: dict[str, None] = {}
        while len(wished) < wishes:
            wished[f"t{draw.choices(range(topics), shares)[0]}"] = None
        found.append(
            Person(f"p{i}", wishes=tuple(wished), categories={"org": f"o{draw.randrange(count // 4)}"})
        )
    return tuple(found)


def topics(count: int, minimum: int, maximum: int) -> tuple[Group, ...]:
    return tuple(Group(f"g{k}", minimum, maximum, f"t{k}", optional=True) for k in range(count))


def test_a_thousand_people_and_forty_topics_take_less_than_two_seconds():
    problem = Problem(crowd(1_000, 40), topics(40, 20, 40))
    begun = time.process_time()

    choice = choose(problem, seed=3)

    assert time.process_time() - begun < 2
    assert wrongs_at_size(problem, choice.proposal.assignment) == []
    assert choice.dropped


def wrongs_at_size(problem: Problem, assignment: dict[str, str]) -> list[tuple]:
    """The same for very many people with no rules but sizes."""
    topic = {group.id: group.topic for group in problem.groups}
    wants = {
        (assignment[person.id], group.id)
        for person in problem.people
        for group in problem.groups
        if likes(person, group.topic) > likes(person, topic[assignment[person.id]])
    }
    sizes = {g.id: sum(place == g.id for place in assignment.values()) for g in problem.groups}
    roomy = {g.id for g in problem.groups if 0 < sizes[g.id] < g.maximum}
    free = {g.id for g in problem.groups if sizes[g.id] > g.minimum}
    return [(g, h) for g, h in wants if (h, g) in wants or (h in roomy and g in free)]


def test_tells_which_topics_were_dropped_and_whose_wish_was_met():
    here = (
        *(Person(f"a{i}", wishes=("t0", "t1")) for i in range(4)),
        Person("b", wishes=("t2", "t0")),
        Person("c", wishes=("t1", "t0")),
        Person("d", wishes=("t9",)),
        Person("e"),
    )
    apart = tuple(AllowedGroups(name, ("must",)) for name in "de")
    problem = Problem(here, (Group("must", 1, 9), *topics(3, 3, 6)), apart)

    choice = choose(problem)

    assert choice.dropped == (
        Dropped("g1", "t1", DroppedCode.GAVE_WAY, wished=5, first=1, minimum=3),
        Dropped("g2", "t2", DroppedCode.TOO_FEW_WISHED, wished=1, first=1, minimum=3),
    )
    assert choice.met == {"a0": 1, "a1": 1, "a2": 1, "a3": 1, "b": 2, "c": 2, "d": 0}


def test_equal_claims_are_settled_by_lot_and_not_by_the_list():
    problem = Problem(people(8, wishes=("t0", "t1")), (Group("g0", 2, 2, "t0"), Group("g1", 6, 6, "t1")))
    turned = replace(problem, people=problem.people[::-1])
    lucky = [
        frozenset(name for name, rank in choose(problem, seed=seed).met.items() if rank == 1)
        for seed in range(40)
    ]

    assert all(len(each) == 2 for each in lucky)
    assert len(set(lucky)) > 10
    assert set().union(*lucky) == {person.id for person in problem.people}
    assert [choose(turned, seed=seed).met for seed in range(3)] == [
        dict(reversed(choose(problem, seed=seed).met.items())) for seed in range(3)
    ]


def test_rules_beside_sizes_are_held_and_wishes_served_all_the_same():
    apart = tuple(KeepApart(f"p{i}", f"p{i + 1}") for i in range(0, 30, 2))
    problem = Problem(crowd(120, 8), topics(8, 8, 24), (AtMost("org", 2), *apart))

    choice = choose(problem, seed=1)

    assert violations(problem, choice.proposal.assignment) == ()
    assert wrongs(problem, choice.proposal.assignment) == []
    assert sum(rank == 1 for rank in choice.met.values()) > 60


def test_what_cannot_be_is_said_and_what_is_not_found_as_well(monkeypatch):
    crowded = Problem(people(3, wishes=("t0",)), groups(1, 1, 2))
    odd = Problem(
        tuple(Person(f"p{i}", hours=frozenset({i})) for i in range(4)),
        groups(2, 2, 2),
        (SharedHours(1, 0.9),),
        slots=4,
    )

    assert isinstance(choose(crowded), Clash)
    assert isinstance(choose(odd), Clash)
    monkeypatch.setattr(Oracle, "is_possible", lambda self: None)
    assert isinstance(choose(odd), NotFound)


def test_utilities_of_the_aim_decide_between_many_first_and_few_last():
    here = (*people(2, wishes=("t0",)), Person("x", wishes=("t0", "t1", "t2")))
    places = Group("g0", 1, 1, "t0"), Group("g1", 1, 1, "t1"), Group("g2", 1, 1, "t2")
    problem = Problem(here, places, aims=(Wishes(name="wishes", utilities=(1.0, 0.9)),))

    met = choose(problem, seed=1).met

    assert met["x"] == 2
    assert sorted(met.values()) == [0, 1, 2]


def test_without_an_allotment_the_search_finds_a_start(monkeypatch):
    monkeypatch.setattr(Program, "solve", lambda self: Solved([], []))

    choice = choose(Problem(crowd(20, 4, wishes=2), topics(4, 3, 10)), seed=1)

    assert choice.proposal.violations == ()


def test_whoever_would_both_rather_swap_does_whatever_the_start():
    here = Person("a", wishes=("t0",)), Person("b", wishes=("t1",)), Person("c", wishes=("t0",))
    sizes = Group("g0", 1, 1, "t0"), Group("g1", 2, 2, "t1")
    sheet = Sheet(Problem(here, sizes, (Locked("c", "g1"),)))
    begun = {"a": "g1", "b": "g0", "c": "g1"}
    places = [sheet.group_at[begun[person.id]] for person in sheet.people]

    Exchange(sheet, places, random.Random(1)).settle()

    ended = {p.id: sheet.groups[g].id for p, g in zip(sheet.people, places, strict=True)}
    assert ended == {"a": "g0", "b": "g1", "c": "g1"}


def settled(groups: tuple[Group, ...], wishes: dict[str, str], begun: dict[str, str]) -> dict[str, str]:
    """Where people end who wish one topic each and begin in these groups."""
    sheet = Sheet(Problem(tuple(Person(name, wishes=(topic,)) for name, topic in wishes.items()), groups))
    places = [sheet.group_at[begun[person.id]] for person in sheet.people]
    Exchange(sheet, places, random.Random(1)).settle()
    return {p.id: sheet.groups[g].id for p, g in zip(sheet.people, places, strict=True)}


def test_one_who_has_swapped_does_not_swap_again():
    sizes = Group("g0", 2, 2, "t0"), Group("g1", 1, 1, "t1")

    ended = settled(sizes, {"a": "t1", "b": "t1", "c": "t0"}, {"a": "g0", "b": "g0", "c": "g1"})

    assert ended["c"] == "g0"
    assert {ended["a"], ended["b"]} == {"g0", "g1"}


def test_the_last_may_leave_a_group_that_need_not_be():
    sizes = Group("g0", 1, 2, "t0", optional=True), Group("g1", 1, 2, "t1")

    assert settled(sizes, {"a": "t1", "b": "t1"}, {"a": "g0", "b": "g1"}) == {"a": "g1", "b": "g1"}
