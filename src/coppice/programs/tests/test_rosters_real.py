"""The rosters of other people's tools, guessed exactly and read to the last row."""

from pathlib import Path

import pytest

from coppice.lib.tables import Table, TableRefused, read_table
from coppice.programs.rosters.comparison import Action, KnownPerson, compare, index_known
from coppice.programs.rosters.matching import guess_columns
from coppice.programs.rosters.rows import RosterReading, read_rows

ROSTERS = Path(__file__).resolve().parents[5] / "shared" / "data" / "rosters"

pytestmark = pytest.mark.skipif(
    not ROSTERS.is_dir(), reason="needs the rosters in ../shared beside the checkout"
)

WEEK = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]


def real(filename: str) -> Table:
    return read_table((ROSTERS / filename).read_bytes(), filename)


def read(filename: str) -> RosterReading:
    return read_rows(real(filename), guess_columns(real(filename)))


def fields(filename: str) -> list[str]:
    return [match.field.value for match in guess_columns(real(filename))]


def test_columns_of_groupeng_are_guessed():
    matches = guess_columns(real("groupeng_sample_class_1.csv"))

    assert [(match.field.value, match.key) for match in matches] == [
        ("external_id", ""),
        ("attribute", "gpa"),
        ("attribute", "gender"),
        ("attribute", "ethnicity"),
        ("attribute", "major"),
        ("attribute", "skill1"),
        ("attribute", "skill2"),
        ("attribute", "skill3"),
        ("attribute", "project_choice"),
    ]


def test_people_of_groupeng_are_read():
    reading = read("groupeng_sample_class_1.csv")

    assert (len(reading.rows), [row for row in reading.rows if row.problems]) == (105, [])
    assert [row.name for row in reading.rows] == [f"Person {number}" for number in range(1, 106)]
    assert reading.rows[2].values() == {
        "external_id": "3",
        "attributes.gpa": 3.2148217272,
        "attributes.gender": "M",
        "attributes.ethnicity": "-",
        "attributes.major": "EE",
        "attributes.skill1": "-",
        "attributes.skill2": "y",
        "attributes.skill3": "-",
        "attributes.project_choice": "automotive",
    }


def test_columns_of_gruepr_are_guessed():
    matches = guess_columns(real("gruepr_testdata.csv"))

    assert fields("gruepr_testdata.csv") == [
        *["timestamp", "given_name", "family_name", "email"],
        *["attribute"] * 5,
        *["wish"] * 3,
        *["busy_hours"] * 7,
        *["attribute", "keep_with", "keep_apart", "notes"],
    ]
    assert [match.rank for match in matches[9:12]] == [1, 2, 3]
    assert [match.weekday for match in matches[12:19]] == WEEK


def test_people_of_gruepr_are_read():
    reading = read("gruepr_testdata.csv")
    carmelita = next(row for row in reading.rows if row.email == "c.clausing@school.edu")

    assert [row.numbers for row in reading.rows] == [(number,) for number in range(2, 34)]
    assert (carmelita.name, carmelita.given_name) == ("Carmelita Clausing", "Carmelita")
    assert reading.rows[2].attributes["keep_with"] == ["Bryan Blackwelder", "Araceli Andrzejewski"]
    assert reading.rows[0].attributes["wishes"] == ["Autonomous Rover", "Drone Swarm", "Smart Greenhouse"]
    assert reading.rows[0].attributes["answered_at"] == "2018-02-07T15:48:34-05:00"
    assert reading.rows[0].attributes["free_hours"] == [
        *["sun-11", "sun-12", "sun-17", "sun-18", "mon-13", "mon-14", "tue-17", "tue-18", "wed-13", "wed-14"],
        *["thu-13", "thu-14", "fri-11", "fri-12", "fri-15", "fri-16", "sat-13", "sat-14"],
    ]
    assert [
        (row.numbers[0], [str(each.sentence) for each in row.problems])
        for row in reading.rows
        if row.problems
    ] == [
        (3, ["Araceli Andrejewski is not in this file. Is it Araceli Andrzejewski? Mend the name."]),
        (32, ["Zenun Zel is not in this file. Is it Zenun Zell? Mend the name."]),
    ]


def test_columns_of_gruepr_with_duplicates_are_guessed():
    assert fields("gruepr_testdata_duplicates.csv") == [
        *["timestamp", "given_name", "family_name", "email"],
        *["attribute"] * 4,
        *["busy_hours"] * 7,
        *["attribute", "notes"],
    ]


def test_people_who_answered_twice_are_joined_and_their_last_answer_counts():
    reading = read("gruepr_testdata_duplicates.csv")
    harriet = next(row for row in reading.rows if row.email == "student.h@school.edu")

    assert len(reading.rows) == 32
    assert [(row.numbers, [each.code for each in row.problems]) for row in reading.rows if row.problems] == [
        ((9, 34), ["repeated"]),
        ((14, 35), ["repeated"]),
        ((19, 36), ["repeated"]),
    ]
    assert [slot for slot in harriet.attributes["free_hours"] if slot.startswith("sat")] == []


@pytest.mark.parametrize(
    ("filename", "code", "row"),
    [
        ("groupeng_sample_rules.json", "not_a_spreadsheet", None),
        ("groupeng_sample_specification.groupeng", "too_many_cells", 16),
    ],
)
def test_what_is_no_roster_is_refused(filename, code, row):
    with pytest.raises(TableRefused) as refused:
        real(filename)
    assert (refused.value.code, refused.value.row) == (code, row)


@pytest.mark.parametrize(
    "filename", ["groupeng_sample_class_1.csv", "gruepr_testdata.csv", "gruepr_testdata_duplicates.csv"]
)
def test_importing_the_same_file_again_changes_nothing(filename):
    rows = read(filename).rows
    first = compare(rows, {})
    known = [KnownPerson(place, plan.row.values(), plan.imported) for place, plan in enumerate(first)]

    again = compare(rows, index_known(known))

    assert {plan.action for plan in first} == {Action.ADD}
    assert [(plan.action, plan.person_id) for plan in again] == [
        (Action.UNCHANGED, n) for n in range(len(rows))
    ]
