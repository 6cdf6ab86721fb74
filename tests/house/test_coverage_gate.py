"""The coverage gates: whom each one holds to what."""

from pathlib import PurePath

from tests.house.coverage_gate import GATES, Measure, explain_shortfall, unreached


def names_of_gates_over(path):
    return [gate.name for gate in GATES if gate.holds(PurePath(path))]


def test_each_file_stands_before_its_gates():
    assert names_of_gates_over("src/engines/grouping/rules.py") == ["engines", "all of src"]
    assert names_of_gates_over("src/coppice/programs/actions.py") == ["actions and permissions", "all of src"]
    assert names_of_gates_over("src/coppice/programs/actions/rosters.py") == [
        "actions and permissions",
        "all of src",
    ]
    assert names_of_gates_over("src/coppice/programs/views.py") == ["all of src"]


def test_shortfall_is_told_with_its_denominator_and_the_worst_file_first():
    measures = [
        Measure(PurePath("src/engines/pairing/rounds.py"), reached=9, total=10, missing=(4,)),
        Measure(PurePath("src/engines/pairing/seats.py"), reached=10, total=10),
        Measure(PurePath("src/engines/grouping/rules.py"), reached=6, total=10, missing=(2, 3, 8, 9)),
    ]

    assert explain_shortfall(GATES[0], measures) == ("Tests reach 25 of 30 places (83.33%), not 100 %.")
    assert unreached(measures).splitlines() == [
        "src/engines/grouping/rules.py: 2-3, 8-9",
        "src/engines/pairing/rounds.py: 4",
    ]


def test_gate_is_reached_at_its_very_figure_and_over_no_files():
    overall = GATES[-1]

    assert explain_shortfall(overall, [Measure(PurePath("src/a.py"), reached=95, total=100)]) == ""
    assert explain_shortfall(overall, []) == ""
    assert explain_shortfall(overall, [Measure(PurePath("src/a.py"), reached=94, total=100)]) != ""
