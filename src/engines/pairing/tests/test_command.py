"""The command line reads a question as JSON and prints the answer; a bad one is told in a sentence."""

import io
import json
import subprocess
import sys

import pytest
from hypothesis import given, settings

from engines.pairing import Problem, ProblemError, from_plain, join, pair, repair, to_plain
from engines.pairing.__main__ import main
from engines.pairing.tests.cast import crowd, lively, problems


def asked(monkeypatch, capsys, question, *words):
    """The exit code and what was printed."""
    monkeypatch.setattr("sys.stdin", io.StringIO(question))
    code = main(list(words))
    return code, capsys.readouterr()


def test_each_command_answers_as_its_function_does(monkeypatch, capsys):
    problem = Problem(lively(9), rounds=2)
    groups = [["p0000", "p0001"], ["p0002", "p0003"]]
    plain = to_plain(problem)
    question = json.dumps({**plain, "groups": groups})

    code, said = asked(monkeypatch, capsys, json.dumps(plain), "pair", "--seed", "7")
    assert (code, json.loads(said.out)) == (0, to_plain(pair(problem, seed=7)))
    code, said = asked(monkeypatch, capsys, question, "repair")
    assert (code, json.loads(said.out)) == (0, to_plain(repair(problem, groups)))
    code, said = asked(monkeypatch, capsys, question, "join")
    assert (code, json.loads(said.out)) == (0, to_plain(join(problem, groups)))


@pytest.mark.parametrize(
    ("question", "command", "complaint"),
    [
        ("{", "pair", "Expecting"),
        ("[]", "pair", "this is no Problem"),
        ("[]", "join", "a problem with groups is expected"),
        ("{}", "pair", "this is no Problem"),
        ('{"people": []}', "join", "None is not a list"),
        ('{"people": [], "seats": 3}', "pair", "seats"),
        ('{"people": [{"id": 5}]}', "pair", "5 is not a str"),
        ('{"people": [], "rounds": true}', "pair", "True is not a int"),
        ('{"people": [{"id": "a"}, {"id": "a"}]}', "pair", "person a appears twice"),
    ],
)
def test_a_question_that_cannot_be_read_is_told_in_a_sentence(
    monkeypatch, capsys, question, command, complaint
):
    code, said = asked(monkeypatch, capsys, question, command)

    assert (code, said.out) == (4, "")
    assert said.err.startswith("This question cannot be read: ")
    assert complaint in said.err


@settings(max_examples=30)
@given(problem=problems())
def test_a_problem_comes_back_from_json(problem):
    assert from_plain(Problem, json.loads(json.dumps(to_plain(problem)))) == problem


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"size": 5}, "groups of 5"),
        ({"rounds": -1}, "-1 rounds"),
        ({"never": (("p00", "p00"),)}, "never together: p00, p00"),
        ({"never": (("p00", "p01", "p02"),)}, "are not two people"),
    ],
)
def test_what_makes_no_sense_is_refused(change, complaint):
    with pytest.raises(ProblemError, match=complaint):
        Problem(crowd(3), **change)


def test_needs_have_weights_from_one_to_nine():
    with pytest.raises(ProblemError, match="a need of 0 in law"):
        Problem(crowd(1, needs={"law": 0}))


def test_another_process_gives_the_same_answer():
    problem = Problem(lively(40), rounds=3)

    done = subprocess.run(
        [sys.executable, "-m", "engines.pairing", "pair", "--seed", "3"],
        input=json.dumps(to_plain(problem)),
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": "src", "PYTHONHASHSEED": "99"},
    )

    assert json.loads(done.stdout) == to_plain(pair(problem, seed=3))
