"""Compiled and plain loops give the same bytes; where compiled code is kept; a search in a process apart."""

import io
import json
import os
import random
import subprocess
import sys
import time
from importlib.util import find_spec

import pytest

from engines.grouping import (
    Problem,
    Proposal,
    from_plain,
    is_compiled,
    is_prepared,
    prepared,
    search,
    solve,
    to_plain,
)
from engines.grouping.__main__ import main
from engines.grouping.native import native_loops
from engines.grouping.tests.cast import groups, people
from engines.grouping.tests.test_kernel import any_problem
from engines.grouping.tests.test_limits import eight
from engines.grouping.tests.test_solve import varied
from engines.grouping.tests.test_windows import many

needs_numba = pytest.mark.skipif(find_spec("numba") is None, reason="numba has no wheel for this platform")
COMMAND = [sys.executable, "-m", "engines.grouping"]


def environment(**more):
    """Ours, with loops compiled."""
    return {**os.environ, "NUMBA_DISABLE_JIT": "0", "PYTHONPATH": ":".join(sys.path), **more}


@pytest.fixture(scope="module")
def compiled():
    """Have the loops compiled, which takes half a minute the first time."""
    subprocess.run([*COMMAND, "prepare"], env=environment(), check=True)


@needs_numba
@pytest.mark.usefixtures("compiled")
def test_compiled_loops_move_the_same_few():
    problem, start = eight(3)
    command = [*COMMAND, "solve", "--json", "--seed", "5", "--trials", "3000", "--most-moves", "3"]

    answer = subprocess.run(
        command,
        input=json.dumps({**to_plain(problem), "start": start}),
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )

    plain = solve(problem, seed=5, trials=3_000, start=start, most_moves=3)
    assert from_plain(Proposal, json.loads(answer.stdout)) == plain


@needs_numba
@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize("seed", [None, 1, 2, 3, 4, 5])
def test_compiled_loops_answer_the_same_bytes(seed):
    problem = varied() if seed is None else any_problem(random.Random(seed), worst_group_first=seed % 2 / 2)
    budget = ["--trials", "20000"] if seed is None else ["--seconds", "0.002"]

    answer = subprocess.run(
        [*COMMAND, "solve", "--json", "--seed", "5", *budget],
        input=json.dumps(to_plain(problem)),
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )

    plain = solve(problem, seed=5, **({"trials": 20_000} if seed is None else {"seconds": 0.002}))
    assert answer.stdout == json.dumps(to_plain(plain)) + "\n"


@needs_numba
@pytest.mark.usefixtures("compiled")
def test_watched_search_tells_and_stops_when_nobody_listens():
    process = subprocess.Popen(
        [*COMMAND, "solve", "--json", "--watched", "--trials", "200000000"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        text=True,
    )
    process.stdin.write(json.dumps(to_plain(varied())) + "\n")
    process.stdin.flush()
    first, later = json.loads(process.stderr.readline()), json.loads(process.stderr.readline())

    started = time.monotonic()
    process.stdin.close()
    answer, rest = process.stdout.read(), process.stderr.read().splitlines()

    assert process.wait() == 0
    assert time.monotonic() - started < 60
    assert (first["doing"], first["done"], first["of"]) == ("searching", 0, 200_000_000)
    assert 0 < later["done"] < 200_000_000
    outcome = from_plain(Proposal, json.loads(answer))
    assert outcome.trials < 200_000_000
    assert all(json.loads(line)["of"] == 200_000_000 for line in rest)


@needs_numba
@pytest.mark.usefixtures("compiled")
def test_search_loads_no_compiler_once_the_loops_are_kept():
    code = (
        "import sys; from engines.grouping import *; "
        "solve(Problem((Person('a'),), (Group('g', 1, 1),)), trials=9); "
        "print([name for name in ('numba', 'numpy', 'llvmlite') if name in sys.modules])"
    )

    said = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True)

    assert said.stdout == "[]\n"


def test_here_nothing_is_compiled(monkeypatch):
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")

    assert (is_compiled(), is_prepared()) == (False, False)
    assert prepared.prepare() is None
    assert native_loops() == {}


@needs_numba
def test_watched_search_says_that_it_prepares_itself(monkeypatch, capsys):
    monkeypatch.setattr("engines.grouping.__main__.is_compiled", lambda: True)
    monkeypatch.setattr("engines.grouping.__main__.is_prepared", lambda: False)
    monkeypatch.setattr("engines.grouping.__main__.prepare", lambda: None)
    problem = Problem(people(2), groups(1, 1, 1))
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(to_plain(problem)) + "\n"))

    main(["solve", "--json", "--watched"])

    assert capsys.readouterr().err == '{"doing": "preparing"}\n'


@needs_numba
@pytest.mark.usefixtures("compiled")
def test_compiled_loops_answer_the_same_bytes_in_windows():
    problem = many(search.WIDE)

    answer = subprocess.run(
        [*COMMAND, "solve", "--json", "--seed", "5", "--trials", "4000"],
        input=json.dumps(to_plain(problem)),
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )

    assert answer.stdout == json.dumps(to_plain(solve(problem, seed=5, trials=4_000))) + "\n"
