"""The best times, proven; fair over a series; honest about zones, clock changes and what people said."""

import random
from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.timefinding import (
    Candidate,
    Found,
    NoTime,
    Person,
    Problem,
    ProblemError,
    Span,
    Why,
    every,
    find_times,
    weekly,
)
from engines.timefinding.choosing import Costs, choose
from engines.timefinding.tests.cast import MONDAY, ZONES, crowd, span
from engines.timefinding.tests.plainly import burden, least

NAIVE = MONDAY.replace(tzinfo=None)
AT = {zone: datetime(2026, 11, 2, 9, tzinfo=ZoneInfo(zone)) for zone in ZONES}


def hours(first, count):
    """Candidates at full hours."""
    return every(60, first, first + timedelta(hours=count - 1))


def hard(person, start, minutes=60):
    """What a meeting then is to one person: the burden and the reasons."""
    found = find_times(Problem((person,), (Candidate((start,)),), minutes=minutes))
    assert isinstance(found, Found)
    return [(each.burden, each.reasons) for each in found.options[0].times[0][0].hard]


@st.composite
def problems(draw):
    number = draw(st.integers(0, 10**6))
    some = random.Random(number)
    people = crowd(draw(st.integers(0, 5)), days=2, seed=number)
    people = tuple(
        Person(
            p.id,
            p.zone,
            usual=p.usual,
            free=p.free,
            if_need_be=p.if_need_be,
            busy=p.busy,
            must=some.random() < 0.2,
            carried=some.randrange(12),
        )
        for p in people
    )
    starts = [MONDAY + timedelta(minutes=15 * some.randrange(180)) for _ in range(14)]
    each = draw(st.integers(1, 2))
    candidates = tuple(Candidate(tuple(starts[k : k + each])) for k in range(0, 14, each))
    take, repeats = draw(st.integers(1, 3)), draw(st.booleans())
    return Problem(
        people, candidates, minutes=draw(st.sampled_from((15, 45, 90))), take=take, repeats=repeats
    )


@given(problems())
@settings(max_examples=60, deadline=None)
def test_no_choice_scores_less_and_every_burden_is_as_told_minute_by_minute(problem):
    found = find_times(problem)

    wanted = least(problem)
    if wanted is None:
        assert isinstance(found, NoTime) or problem.take > len(problem.candidates)
        return
    assert isinstance(found, Found)
    best = found.options[0]
    assert (best.score, found.bound, found.is_best) == (wanted, wanted, True)
    for person in problem.people:
        borne = [
            burden(person, meeting.start, problem.minutes, problem.step)
            for time in best.times
            for meeting in time
        ]
        said = [
            h.burden for time in best.times for meeting in time for h in meeting.hard if h.person == person.id
        ]
        assert best.burdens[person.id] == sum(borne) == sum(said)


def test_each_ones_own_clock_says_what_is_hard():
    honolulu = Person("h", "Pacific/Honolulu")
    auckland = Person("a", "Pacific/Auckland")
    at = datetime(2026, 11, 3, 20, tzinfo=UTC)  # Tuesday 10:00 in Honolulu, Wednesday 9:00 in Auckland

    assert hard(honolulu, at) == hard(auckland, at) == []
    assert hard(Person("l", "Africa/Lagos"), at) == [(3, (Why.LATE,))]
    assert hard(Person("b", "Europe/Berlin"), at) == [(3, (Why.LATE,))]
    assert hard(Person("k", "Asia/Kathmandu"), at) == [(8, (Why.NIGHT,))]
    assert hard(Person("e", "America/New_York"), datetime(2026, 11, 7, 12, tzinfo=UTC)) == [
        (1 + 3, (Why.EARLY, Why.REST_DAY))
    ]


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        (
            "Pacific/Auckland",
            datetime(2026, 9, 26, 13, 45, tzinfo=UTC),
            datetime(2026, 9, 26, 14, tzinfo=UTC),
        ),
        (
            "Australia/Lord_Howe",
            datetime(2026, 10, 3, 15, 15, tzinfo=UTC),
            datetime(2026, 10, 3, 15, 30, tzinfo=UTC),
        ),
        ("Africa/Casablanca", datetime(2026, 2, 15, 1, 45, tzinfo=UTC), datetime(2026, 2, 15, 2, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2026, 11, 2, 0, 0, tzinfo=UTC), datetime(2026, 11, 2, 1, 15, tzinfo=UTC)),
    ],
)
def test_hours_are_counted_on_the_clock_of_that_very_day(zone, before, after):
    usual = frozenset(
        24 * at.weekday() + at.hour for at in (each.astimezone(ZoneInfo(zone)) for each in (before, after))
    )
    person = Person("p", zone, usual=usual)

    for at in (before, after):
        assert hard(person, at, minutes=15) == []
    if zone != "Asia/Kathmandu":
        assert after.astimezone(ZoneInfo(zone)).utcoffset() != before.astimezone(ZoneInfo(zone)).utcoffset()
    away = Person("p", zone, usual=frozenset(range(168)) - usual)
    assert hard(away, after, minutes=15) == [(10, (Why.NOT_USUAL,))]


def test_what_was_said_of_a_time_goes_before_what_is_usual_and_busy_before_both():
    at = AT["Africa/Lagos"]
    said = {"usual": frozenset({24 * 3})}

    assert hard(Person("p", "Africa/Lagos", **said), at) == [(10, (Why.NOT_USUAL,))]
    assert hard(Person("p", "Africa/Lagos", **said, free=(span(at),)), at) == []
    assert hard(Person("p", "Africa/Lagos", **said, free=(span(at, 59),)), at) == [(10, (Why.NOT_USUAL,))]
    assert hard(Person("p", "Africa/Lagos", **said, if_need_be=(span(at),)), at) == [(2, (Why.IF_NEED_BE,))]
    ends = at + timedelta(minutes=59, seconds=30)
    busy = Person("p", "Africa/Lagos", free=(span(at),), busy=(span(ends),))
    assert hard(busy, at) == [(16, (Why.BUSY,))]
    assert hard(Person("p", "Africa/Lagos", busy=(span(at + timedelta(hours=1)),)), at) == []


def test_who_must_come_rules_times_out_and_is_named_when_none_is_left():
    first = AT["Africa/Lagos"]
    boss = Person("boss", "Africa/Lagos", must=True, busy=(span(first, 180),))
    crew = tuple(Person(f"c{n}", "Africa/Lagos", busy=(span(first + timedelta(hours=3)),)) for n in range(5))

    found = find_times(Problem((boss, *crew), hours(first, 4)))
    nothing = find_times(Problem((boss, *crew), hours(first, 3)))

    assert isinstance(found, Found)
    assert found.options[0].times[0][0].start == first + timedelta(hours=3)
    assert [each.person for each in found.options[0].times[0][0].hard if each.is_away] == [p.id for p in crew]
    assert nothing == NoTime({"boss": 3})


def test_two_halves_of_the_world_take_turns_and_who_bore_much_is_spared():
    halves = (
        *(Person(f"n{n}", "America/New_York") for n in range(3)),
        *(Person(f"a{n}", "Australia/Perth") for n in range(3)),
    )
    week = weekly(60, MONDAY, times=3)

    one = find_times(Problem(halves, week))
    two = find_times(Problem(halves, week, take=2, repeats=True))
    tired = tuple(Person(p.id, p.zone, carried=40 if p.id < "n" else 0) for p in halves)
    spared = find_times(Problem(tired, week))

    assert isinstance(one, Found)
    assert isinstance(two, Found)
    assert isinstance(spared, Found)
    assert two.is_best
    assert max(two.options[0].burdens.values()) <= 2 * max(one.options[0].burdens.values())
    assert spared.options[0].burdens["a0"] <= one.options[0].burdens["a0"]
    assert spared.options[0].burdens["a0"] < spared.options[0].burdens["n0"]


def test_a_weekly_series_keeps_its_time_of_day_and_leaves_out_what_the_clock_skips():
    zone = ZoneInfo("America/New_York")
    found = weekly(30, datetime(2027, 3, 1, tzinfo=zone), times=3)

    at_ten = next(each for each in found if each.starts[0] == datetime(2027, 3, 4, 10, tzinfo=zone))
    assert [start.astimezone(UTC).hour for start in at_ten.starts] == [15, 15, 14]
    assert [start.hour for start in at_ten.starts] == [10, 10, 10]
    walls = {each.starts[0].replace(tzinfo=None) for each in found}
    assert len(found) == 7 * 48 - 2
    assert datetime(2027, 3, 7, 2, 30) not in walls  # on the 14th there is no half past two


def test_others_beside_the_best_are_not_near_it():
    people = crowd(12)

    found = find_times(Problem(people, every(15, MONDAY, MONDAY + timedelta(days=3))), options=4, apart=180)

    assert isinstance(found, Found)
    starts = sorted(option.times[0][0].start for option in found.options)
    assert len(starts) == 4
    assert all(later - earlier >= timedelta(hours=3) for earlier, later in pairwise(starts))
    assert [option.score for option in found.options] == sorted(option.score for option in found.options)


def test_a_proof_that_takes_too_long_is_not_claimed_and_its_bound_holds():
    draw = random.Random(3)
    table = np.array([[draw.randrange(12) for _ in range(40)] for _ in range(8)])
    together, alone = 2 * (table.T @ table), (table * table).sum(axis=0)
    costs = Costs(0, alone, together)

    short, whole = (choose(costs, 4, repeats=False, nodes=nodes) for nodes in (3, 10**6))

    assert whole.is_proven
    assert whole.bound == whole.cost <= short.cost
    assert not short.is_proven
    assert short.bound <= whole.cost


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"minutes": 50}, "50 minutes are no whole number of steps of 15"),
        ({"take": 5}, "5 of 4 times cannot be taken"),
        ({"candidates": ()}, "1 of 0 times"),
        ({"candidates": (Candidate(()),)}, "a candidate without a start"),
        ({"candidates": (Candidate(()), Candidate((MONDAY,)))}, "as many starts as the others"),
        ({"candidates": (Candidate((datetime(2026, 1, 1),)),)}, "a start without a zone"),
        ({"people": (Person("p", "UTC"), Person("p", "UTC"))}, "person p appears twice"),
        ({"people": (Person("p", "Mars/Olympus"),)}, "there is no zone Mars/Olympus"),
        ({"people": (Person("p", "UTC", usual=frozenset({168})),)}, "an hour that no week has"),
        ({"people": (Person("p", "UTC", carried=-1),)}, "a burden of -1"),
        ({"people": (Person("p", "UTC", free=(Span(NAIVE, MONDAY),)),)}, "person p: a time without a zone"),
        ({"people": (Person("p", "UTC", busy=(span(MONDAY, -5),)),)}, "ends before it starts"),
    ],
)
def test_a_question_that_contradicts_itself_is_refused(change, complaint):
    sound = {"people": (Person("p", "UTC"),), "candidates": hours(MONDAY, 4)}

    with pytest.raises(ProblemError, match=complaint):
        Problem(**{**sound, **change})


def test_of_one_candidate_both_halves_of_a_series_are_taken_and_without_people_all_is_easy():
    one = (Candidate((MONDAY,)),)

    alone = find_times(Problem((Person("p", "UTC"),), one, take=2, repeats=True))
    nobody = find_times(Problem((), hours(MONDAY, 3), take=2))
    only = find_times(Problem((Person("p", "UTC"),), one))

    assert isinstance(alone, Found)
    assert isinstance(nobody, Found)
    assert isinstance(only, Found)
    assert (alone.options[0].score, len(alone.options[0].times)) == ((2 * 8) ** 2, 2)
    assert (nobody.options[0].score, nobody.is_best) == (0, True)
    assert (only.options[0].score, only.is_best) == (64, True)


def test_the_proof_finds_what_exchanges_of_one_time_do_not():
    draw = random.Random(34)
    table = np.array([[draw.randrange(9) for _ in range(8)] for _ in range(4)])
    costs = Costs(0, (table * table).sum(axis=0), 2 * (table.T @ table))

    best = choose(costs, 3, repeats=False)

    assert (best.cost, best.is_proven) == (328, True)
    assert min(costs.of(chosen) for chosen in combinations(range(8), 3)) == 328
