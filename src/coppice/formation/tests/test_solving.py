"""The engine in a process of its own: the same answer, told of, stopped, and never left behind."""

import subprocess
from dataclasses import replace
from importlib.util import find_spec

import pytest

from coppice.formation import solving
from engines import grouping
from engines.grouping import Alike, Group, KeepTogether, NobodyIsolated, Person, Problem, SizeNear

pytestmark = pytest.mark.skipif(find_spec("numba") is None, reason="numba has no wheel for this platform")

PROBLEM = Problem(
    people=tuple(Person(f"p{i}") for i in range(7)),
    groups=(Group("a", 2, 5), Group("b", 2, 5)),
    aims=(SizeNear(name="size", target=4),),
)
SEARCH = solving.Search(seed=3, trials=2_000)
CROWD = replace(
    PROBLEM,
    people=tuple(
        Person(f"p{i}", categories={"area": "abcde"[i % 5], "kind": "xyz"[i % 3]}) for i in range(30)
    ),
    groups=tuple(Group(name, 4, 6) for name in "abcdef"),
    aims=(Alike(name="area", attribute="area"), NobodyIsolated(name="kind", attribute="kind")),
)
CLASH = replace(PROBLEM, groups=PROBLEM.groups[:1])
PAIRS = tuple(KeepTogether((f"p{i}", f"p{i + 1}")) for i in (0, 2, 4))
NOT_FOUND = replace(
    PROBLEM, people=PROBLEM.people[:6], groups=(Group("a", 3, 3), Group("b", 3, 3)), rules=PAIRS
)


@pytest.fixture
def apart(monkeypatch):
    """Solve in a process apart, in which nothing is compiled, so that tests need not wait for it."""
    monkeypatch.setattr(grouping, "is_compiled", lambda: True)


@pytest.mark.usefixtures("apart")
@pytest.mark.parametrize("problem", [PROBLEM, CLASH, NOT_FOUND])
def test_a_process_apart_answers_the_same(problem):
    assert solving.solve(problem, SEARCH) == grouping.solve(
        problem, seed=3, trials=SEARCH.trials, bounded=True
    )


@pytest.mark.usefixtures("apart")
def test_progress_is_told_and_the_search_stopped():
    told = []

    outcome = solving.solve(PROBLEM, SEARCH, tell=lambda step: told.append(step) or True)

    assert (told[0].doing, told[0].done, told[0].of) == ("searching", 0, SEARCH.trials)
    assert told[0].best == {"groups": 2, "smallest": 3, "largest": 4}
    assert outcome.trials < SEARCH.trials


def test_progress_is_told_here_too():
    told = []

    outcome = solving.solve(PROBLEM, SEARCH, tell=lambda step: told.append(step) or True)

    score = outcome.score.total
    assert told == [solving.Step("searching", 0, SEARCH.trials, 0, pytest.approx(score), 2, 3, 4)]


def test_only_a_grouping_that_breaks_nothing_is_told_of():
    step = solving.Step("searching", 0, 9, broken=1, groups=2, smallest=3, largest=4)

    assert (step.best, solving.Step("preparing").best) == ({}, {})


@pytest.mark.parametrize("is_apart", [True, False])
def test_a_search_that_was_stopped_can_be_repeated(is_apart, monkeypatch):
    """Whoever stops it stops it when they like; the trials that were done by then say where."""
    monkeypatch.setattr(grouping, "is_compiled", lambda: is_apart)
    told = []
    stopped = solving.solve(CROWD, SEARCH, tell=lambda step: told.append(step) or len(told) == 3)

    again = solving.solve(CROWD, replace(SEARCH, until=stopped.trials))

    assert 0 < stopped.trials < SEARCH.trials
    assert again == stopped


@pytest.mark.parametrize("is_apart", [True, False])
def test_a_search_goes_on_from_a_start(is_apart, monkeypatch):
    monkeypatch.setattr(grouping, "is_compiled", lambda: is_apart)
    start = solving.solve(CROWD, SEARCH).assignment

    onward = solving.solve(CROWD, solving.Search(seed=4, trials=0, start=start))

    assert onward.assignment == start


@pytest.mark.usefixtures("usual_searches")
def test_trials_are_the_usual_ones_of_the_process_that_searches(monkeypatch):
    monkeypatch.setattr(grouping, "is_compiled", lambda: True)
    monkeypatch.setattr(grouping, "is_prepared", lambda: False)
    unprepared = [solving.usual_trials(people) for people in (40, 301)]
    monkeypatch.setattr(grouping, "is_prepared", lambda: True)

    assert unprepared == [40_000, 6_020_000]
    assert solving.usual_trials(40) == 1_000_000


@pytest.mark.usefixtures("apart")
def test_an_engine_that_breaks_says_why(monkeypatch):
    monkeypatch.setattr(grouping, "to_plain", lambda problem: {"kind": "nothing"})

    with pytest.raises(subprocess.CalledProcessError) as raised:
        solving.solve(PROBLEM, SEARCH)

    assert raised.value.returncode == 4
    assert raised.value.stderr.startswith("This problem cannot be read")


@pytest.mark.usefixtures("apart")
def test_an_engine_is_not_left_behind_when_the_job_breaks(monkeypatch):
    started = []
    start = subprocess.Popen

    def starting(*words, **more):
        started.append(start(*words, **more))
        return started[0]

    monkeypatch.setattr(subprocess, "Popen", starting)

    def broken(step):
        raise LookupError

    with pytest.raises(LookupError):
        solving.solve(PROBLEM, SEARCH, tell=broken)

    assert started[0].returncode < 0


def test_few_people_do_not_wait_for_a_compiler(monkeypatch):
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "0")
    crowd = replace(
        PROBLEM, people=tuple(Person(f"p{i}") for i in range(301)), groups=(Group("a", 1, 400),), aims=()
    )
    monkeypatch.setattr(grouping, "is_prepared", lambda: False)
    before = [solving._environment(problem)["NUMBA_DISABLE_JIT"] for problem in (PROBLEM, crowd)]
    monkeypatch.setattr(grouping, "is_prepared", lambda: True)

    assert before == ["1", "0"]
    assert solving._environment(PROBLEM)["NUMBA_DISABLE_JIT"] == "0"
