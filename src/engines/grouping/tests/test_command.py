"""The command line and the plain values that it reads and writes."""

import io
import json
import subprocess
import sys

import pytest
from hypothesis import given, settings

from engines.grouping import (
    Locked,
    Person,
    Problem,
    ProblemError,
    Proposal,
    feasibility,
    from_plain,
    problem_of,
    solve,
    to_plain,
)
from engines.grouping.__main__ import main
from engines.grouping.tests.cast import groups, people, published, write
from engines.grouping.tests.test_solve import varied

ROWS = [
    {"id": f"p{i}", "area": "north", "years": years, "needs": "t1;t1", "avail": "", "exp_t1": "3"}
    for i, years in enumerate(["1", "many", "nan", "4"])
]
SPEC = {
    "slots": 2,
    "groups": [{"id": "g0", "min": 1, "max": 2, "topic": "t1"}, {"id": "g1", "min": 2, "max": 3}],
    "hard": {"locked": [{"id": "p0", "group": "g0"}]},
    "criteria": [{"id": "years", "type": "balance_num", "attr": "years", "weight": 2}],
}


def test_solves_a_directory_to_csv_and_report(tmp_path, capsys):
    never_reached = {"id": "size", "type": "size", "target": 9, "weight": 1}
    write(tmp_path, {**SPEC, "criteria": [*SPEC["criteria"], never_reached]}, ROWS)
    out = tmp_path / "out.csv"

    code = main(["solve", str(tmp_path), "-o", str(out), "--seconds", "0.005", "--seed", "3"])

    said = json.loads(capsys.readouterr().out)
    lines = out.read_text().splitlines()
    assert code == 0
    assert (said["feasible"], said["seed"]) == (True, 3)
    assert 1_000 < said["trials"] < 100_000
    assert said["violations"] == []
    assert lines[:2] == ["id,group", "p0,g0"]
    assert [line.split(",")[0] for line in lines[1:]] == ["p0", "p1", "p2", "p3"]


def test_reads_the_public_format_with_absent_answers():
    person = problem_of(SPEC, ROWS).people[1]

    assert person == Person(
        "p1",
        categories={"area": "north", "years": "many"},
        needs=("t1",),
        expertise={"t1": 3},
    )
    assert [dict(each.numbers) for each in problem_of(SPEC, ROWS).people] == [
        {"years": 1.0},
        {},
        {},
        {"years": 4.0},
    ]


def test_clash_is_said_with_its_own_exit_code_and_no_file(tmp_path, capsys):
    write(tmp_path, SPEC | {"groups": SPEC["groups"][:1]}, ROWS)

    code = main(["solve", str(tmp_path), "-o", str(tmp_path / "out.csv")])

    said = json.loads(capsys.readouterr().out)
    assert code == 2
    told = "capacity short: 4 needed, 2 possible (g0). to relax: a maximum of 4 in g0; or 1 more groups"
    assert said["reasons"] == [{"text": told, "ids": ["g0"]}]
    assert not said["feasible"]
    assert said["conflicts"][0]["code"] == "capacity_short"
    assert not (tmp_path / "out.csv").exists()


def test_too_many_of_a_kind_is_named_by_the_kind(tmp_path, capsys):
    write(tmp_path, SPEC | {"hard": {"max_same": [{"attr": "area", "max": 1}]}}, ROWS)

    main(["solve", str(tmp_path)])

    assert json.loads(capsys.readouterr().out)["reasons"][0]["ids"] == ["north"]


def test_not_found_writes_the_nearest_and_says_so(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(feasibility, "MOST_NUMBERS", 0)
    hard = {"keep_together": [["p0", "p1"], ["p2", "p3"]]}
    sizes = [{"id": "g0", "min": 1, "max": 1}, {"id": "g1", "min": 3, "max": 3}]
    write(tmp_path, {"groups": sizes, "hard": hard}, ROWS)

    code = main(["solve", str(tmp_path), "--trials", "20", "-o", str(tmp_path / "out.csv")])

    said = json.loads(capsys.readouterr().out)
    assert code == 3
    assert said["feasible"] is None
    assert [each["code"] for each in said["violations"]] != []
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 5


@pytest.mark.parametrize(
    ("spec", "rows"),
    [
        ({}, ROWS),
        (SPEC | {"groups": [{"id": "g0", "min": 3, "max": 1}]}, ROWS),
        (SPEC | {"criteria": [{"type": "unheard"}]}, ROWS),
        (SPEC, [ROWS[0] | {"exp_t1": "lots"}]),
    ],
)
def test_unreadable_problem_is_refused_with_a_sentence(spec, rows, tmp_path, capsys):
    write(tmp_path, spec, rows)

    code = main(["solve", str(tmp_path)])

    said = capsys.readouterr()
    assert (code, said.out) == (4, "")
    assert said.err.startswith("This problem cannot be read: ")


def test_json_in_and_json_out_as_a_process():
    problem = varied()

    answer = subprocess.run(
        [sys.executable, "-m", "engines.grouping", "solve", "--json", "--trials", "100", "--seed", "5"],
        input=json.dumps(to_plain(problem)),
        env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        check=True,
        text=True,
    )

    assert from_plain(Proposal, json.loads(answer.stdout)) == solve(problem, seed=5, trials=100)


def test_json_mode_goes_on_from_a_start_and_stops_where_it_is_told(monkeypatch, capsys):
    problem = varied()
    start = solve(problem, seed=5, trials=100).assignment
    asked = json.dumps({**to_plain(problem), "start": start})
    monkeypatch.setattr(sys, "stdin", io.StringIO(asked))
    looks = []

    def look(progress):
        looks.append(progress.done)
        return progress.done >= 40

    main(["solve", "--json", "--trials", "400", "--seed", "6", "--until", "40"])

    expected = solve(problem, seed=6, trials=400, start=start, progress=look)
    assert from_plain(Proposal, json.loads(capsys.readouterr().out)) == expected
    assert (len(looks) > 2, expected.trials) == (True, looks[-1])


def test_json_mode_writes_outcomes_of_every_kind(monkeypatch, capsys):
    problem = Problem(people(2), groups(1, 1, 1))
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(to_plain(problem))))

    code = main(["solve", "--json"])

    assert code == 2
    assert json.loads(capsys.readouterr().out)["kind"] == "clash"


def test_absent_fields_take_their_defaults():
    plain = {
        "people": [{"id": "p0", "numbers": {"years": 3}, "needs": [], "hours": [1, 0]}],
        "groups": [{"id": "g0", "minimum": 1, "maximum": 2}],
        "rules": [{"kind": "locked", "person": "p0", "group": "g0"}],
        "slots": 2,
    }

    assert from_plain(Problem, plain) == Problem(
        (Person("p0", numbers={"years": 3.0}, needs=(), hours=frozenset({0, 1})),),
        groups(1, 1, 2),
        rules=(Locked("p0", "g0"),),
        slots=2,
    )


@pytest.mark.parametrize(
    "plain",
    [
        [],
        {"people": [], "groups": [], "colour": "green"},
        {"people": [], "groups": [], "rules": [{"kind": "unheard"}]},
        {"people": [], "groups": [], "slots": "two"},
        {"people": "everybody", "groups": []},
        {"people": [{"id": "p0", "wishes": 3}], "groups": []},
        {"people": [{"id": "p0", "needs": [3]}], "groups": []},
        {"people": [{"id": "p0"}, {"id": "p0"}], "groups": []},
    ],
)
def test_plain_values_of_the_wrong_sort_are_refused(plain):
    with pytest.raises(ProblemError):
        from_plain(Problem, plain)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(published())
def test_problems_and_answers_survive_being_written_down(case):
    spec, rows, _ = case
    problem = problem_of(spec, rows)
    outcome = solve(problem, trials=50)

    again = from_plain(Problem, json.loads(json.dumps(to_plain(problem))))
    outcome_again = from_plain(type(outcome), json.loads(json.dumps(to_plain(outcome))))

    assert again == problem
    assert outcome_again == outcome


def test_says_what_no_grouping_can_surpass(tmp_path, capsys):
    never_reached = {"id": "size", "type": "size", "target": 9, "weight": 2}
    write(tmp_path, {**SPEC, "criteria": [*SPEC["criteria"], never_reached]}, ROWS)

    code = main(["bound", str(tmp_path)])

    said = json.loads(capsys.readouterr().out)
    assert code == 0
    assert said["is_possible"]
    assert said["objective"] == pytest.approx((1 + (1 * 1 + 3 * 3) / 4 / 9) / 2)


def test_says_that_no_grouping_holds_every_rule(tmp_path, capsys):
    write(tmp_path, {**SPEC, "hard": {"locked": [{"id": f"p{i}", "group": "g0"} for i in range(3)]}}, ROWS)

    code = main(["bound", str(tmp_path)])

    assert code == 2
    assert not json.loads(capsys.readouterr().out)["is_possible"]


def test_solves_and_says_how_near_it_is(tmp_path, capsys):
    write(tmp_path, SPEC, ROWS)

    code = main(["solve", str(tmp_path), "--trials", "100", "--bound"])

    said = json.loads(capsys.readouterr().out)
    assert code == 0
    assert said["score"]["objective"] <= said["bound"] <= 1


WISHED = {
    "groups": [{"id": f"g{k}", "min": 2, "max": 3, "topic": f"t{k}", "optional": True} for k in range(3)]
}
WISHERS = [
    {"id": f"p{i}", "prefs": prefs} for i, prefs in enumerate(["t0;t1", "t0;t2", "t1;t0", "t1", "t2;t0"])
]


def test_gives_everybody_the_best_topic_there_is_room_for(tmp_path, capsys):
    write(tmp_path, WISHED, WISHERS)
    out = tmp_path / "out.csv"

    code = main(["choose", str(tmp_path), "-o", str(out)])

    said = json.loads(capsys.readouterr().out)
    assert code == 0
    assert said["met"] == {"p0": 1, "p1": 1, "p2": 1, "p3": 1, "p4": 2}
    assert [(each["group"], each["code"], each["wished"]) for each in said["dropped"]] == [
        ("g2", "gave_way", 2)
    ]
    assert out.read_text().splitlines()[1:] == ["p0,g0", "p1,g0", "p2,g1", "p3,g1", "p4,g0"]


def test_choice_that_cannot_be_is_a_clash_for_programs_too(monkeypatch, capsys):
    crowded = Problem(people(3), groups(1, 1, 2))
    roomy = Problem(people(3, wishes=("t0",)), groups(1, 1, 3, topic="t0"))

    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(to_plain(crowded))))
    clashing = main(["choose", "--json"])
    clash = json.loads(capsys.readouterr().out)
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(to_plain(roomy))))
    chosen = main(["choose", "--json"])
    choice = json.loads(capsys.readouterr().out)

    assert (clashing, clash["kind"]) == (2, "clash")
    assert (chosen, choice["kind"], choice["met"]) == (0, "choice", {"p0": 1, "p1": 1, "p2": 1})


def test_begins_from_a_file_and_lets_few_move(tmp_path, capsys):
    write(tmp_path, {**SPEC, "hard": {}}, ROWS)
    earlier, out = tmp_path / "earlier.csv", tmp_path / "out.csv"
    earlier.write_text("id,group\np0,g1\np1,g0\np2,g1\np3,g1\n")
    command = ["solve", str(tmp_path), "-o", str(out), "--trials", "500", "--start", str(earlier)]

    assert main([*command, "--most-moves", "0"]) == 0
    still = json.loads(capsys.readouterr().out)
    assert main([*command, "--most-moves", "1"]) == 0
    said = json.loads(capsys.readouterr().out)

    assert still["moved"] == []
    assert len(said["moved"]) <= 1
    with pytest.raises(SystemExit):
        main([*command, "--most-moves", "-1"])


def test_says_when_the_earlier_grouping_cannot_be_read(tmp_path, capsys):
    write(tmp_path, SPEC, ROWS)
    other = tmp_path / "other.csv"
    other.write_text("name,place\np0,g1\n")

    assert main(["solve", str(tmp_path), "--start", str(other), "--most-moves", "1"]) == 4
    assert "other.csv has no columns id and group" in capsys.readouterr().err
