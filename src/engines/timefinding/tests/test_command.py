"""The command line reads a question as JSON and prints the answer; a bad one is told in a sentence."""

import io
import json

import pytest

from engines.timefinding import Person, Problem, every, find_times, from_plain, to_plain
from engines.timefinding.__main__ import main
from engines.timefinding.tests.cast import MONDAY, crowd, span


def asked(monkeypatch, capsys, question):
    """The exit code and what was printed."""
    monkeypatch.setattr("sys.stdin", io.StringIO(question))
    return main(), capsys.readouterr()


def test_it_answers_as_its_function_does(monkeypatch, capsys):
    problem = Problem(crowd(6), every(60, MONDAY, MONDAY.replace(day=3)), take=2, repeats=True)

    code, said = asked(monkeypatch, capsys, json.dumps(to_plain(problem)))

    assert (code, json.loads(said.out)) == (0, to_plain(find_times(problem)))
    assert from_plain(Problem, to_plain(problem)) == problem


def test_no_time_is_an_answer_of_its_own(monkeypatch, capsys):
    problem = Problem((Person("p", "UTC", must=True, busy=(span(MONDAY),)),), every(60, MONDAY, MONDAY))

    code, said = asked(monkeypatch, capsys, json.dumps(to_plain(problem)))

    assert (code, json.loads(said.out)) == (2, {"ruled_out": {"p": 1}})


@pytest.mark.parametrize(
    ("question", "complaint"),
    [
        ("{", "Expecting"),
        ("[]", "no Problem"),
        ('{"people": [], "candidates": [{"starts": ["soon"]}]}', "Invalid isoformat"),
        ('{"people": [], "candidates": [], "repeats": 1}', "not true or false"),
        ('{"people": {}, "candidates": []}', "not a list"),
        ('{"people": [], "candidates": [], "take": true}', "not a int"),
        ('{"people": [{"id": "p", "zone": "UTC", "shoe": 9}], "candidates": []}', "shoe"),
    ],
)
def test_a_bad_question_is_told_in_a_sentence(monkeypatch, capsys, question, complaint):
    code, said = asked(monkeypatch, capsys, question)

    assert (code, said.out) == (4, "")
    assert complaint in said.err
