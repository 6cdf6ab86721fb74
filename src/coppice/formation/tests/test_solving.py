"""The engine in a process of its own: the same answer, told of, stopped, and never left behind."""

import subprocess
from dataclasses import replace
from importlib.util import find_spec

import pytest

from coppice.formation import solving
from engines import grouping
from engines.grouping import Group, KeepTogether, Person, Problem, SizeNear

pytestmark = pytest.mark.skipif(find_spec("numba") is None, reason="numba has no wheel for this platform")

PROBLEM = Problem(
    people=tuple(Person(f"p{i}") for i in range(7)),
    groups=(Group("a", 2, 5), Group("b", 2, 5)),
    aims=(SizeNear(name="size", target=4),),
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
    assert solving.solve(problem, seed=3) == grouping.solve(problem, seed=3)


@pytest.mark.usefixtures("apart")
def test_progress_is_told_and_the_search_stopped():
    told = []

    outcome = solving.solve(PROBLEM, seed=3, tell=lambda *step: told.append(step) or True)

    assert told[0] == ("searching", 0, grouping.default_trials(7))
    assert outcome.trials < grouping.default_trials(7)


def test_progress_is_told_here_too():
    told = []

    solving.solve(PROBLEM, seed=3, tell=lambda *step: told.append(step) or True)

    assert told == [("searching", 0, grouping.default_trials(7))]


@pytest.mark.usefixtures("apart")
def test_an_engine_that_breaks_says_why(monkeypatch):
    monkeypatch.setattr(grouping, "to_plain", lambda problem: {"kind": "nothing"})

    with pytest.raises(subprocess.CalledProcessError) as raised:
        solving.solve(PROBLEM, seed=3)

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

    def broken(*step):
        raise LookupError

    with pytest.raises(LookupError):
        solving.solve(PROBLEM, seed=3, tell=broken)

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
