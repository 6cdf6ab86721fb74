"""What an import would do: the same file changes nothing, a corrected one updates, own corrections stay."""

import pytest

from coppice.programs.rosters.comparison import (
    SOMEBODY_ELSE,
    Action,
    FieldChange,
    KnownPerson,
    RowPlan,
    compare,
    index_known,
)
from coppice.programs.rosters.people import RosterOrganization, RosterRow
from coppice.programs.rosters.problems import NOBODY, SAME_PERSON

ANA = RosterRow(
    (2,),
    "Ana Ruiz",
    email="ana@x.org",
    phone="5551234567",
    organizations=(RosterOrganization("Acorn"),),
    attributes={"shirt": "L", "needs": ["boards"]},
)


def known(row: RosterRow, person_id: int = 1, **now) -> KnownPerson:
    """Return a person as imported from a row; `now` is what they have changed since."""
    organizations = now.pop("organizations", [place.name for place in row.organizations])
    return KnownPerson(person_id, {**row.values(), **now}, row.values(), tuple(organizations))


def plan(row: RosterRow, *people: KnownPerson) -> RowPlan:
    (only,) = compare([row], index_known(people))
    return only


def changed(row: RosterRow, **fields) -> RosterRow:
    values = {name: getattr(row, name) for name in row.__dataclass_fields__}
    return RosterRow(**(values | fields))


def test_somebody_new_is_added():
    assert plan(ANA) == RowPlan(ANA, Action.ADD, imported=ANA.values())


def test_the_same_row_again_changes_nothing():
    assert plan(ANA, known(ANA)) == RowPlan(ANA, Action.UNCHANGED, 1, (), ANA.values())


def test_a_corrected_row_changes_only_what_was_corrected():
    corrected = changed(ANA, phone="5557654321", job_title="Director", attributes={"shirt": "M"})

    assert plan(corrected, known(ANA)) == RowPlan(
        corrected,
        Action.CHANGE,
        1,
        (
            FieldChange("phone", "5551234567", "5557654321"),
            FieldChange("job_title", None, "Director"),
            FieldChange("attributes.shirt", "L", "M"),
        ),
        {**ANA.values(), **corrected.values()},
        has_news=True,
    )


def test_somebody_is_found_by_the_address_of_their_account():
    person = KnownPerson(1, {"name": "A. R.", "email": "office@x.org"}, account_email="ana@x.org")

    assert plan(ANA, person).person_id == 1


def test_own_corrections_survive_the_same_file():
    person = known(ANA, name="Ana Ruiz Peña", phone="1", email="ana@home.net")

    assert plan(ANA, person).action == Action.UNCHANGED


def test_a_file_that_catches_up_with_an_own_correction_changes_nothing():
    person = known(ANA, phone="5550000000")
    caught_up = changed(ANA, phone="5550000000")

    assert plan(caught_up, person) == RowPlan(
        caught_up, Action.UNCHANGED, 1, (), caught_up.values(), has_news=True
    )


def test_an_empty_cell_erases_nothing():
    sparse = RosterRow((2,), "Ana Ruiz", email="ana@x.org")

    assert plan(sparse, known(ANA)) == RowPlan(sparse, Action.UNCHANGED, 1, (), ANA.values())


def test_a_row_that_names_nobody_is_skipped_with_its_reason():
    nobody = RosterRow((9,), "", problems=(NOBODY,))

    skipped = plan(nobody, known(ANA))

    assert (skipped.action, skipped.person_id, skipped.reasons) == (Action.SKIP, None, (NOBODY,))


@pytest.mark.parametrize(
    ("imported", "now", "in_file", "after"),
    [
        (["Acorn"], ["Acorn"], ["Oak"], ["Oak"]),
        (["Acorn"], ["Acorn"], ["Acorn", "Oak"], ["Acorn", "Oak"]),
        (["Acorn", "Oak"], ["Acorn", "Oak"], ["oak"], ["Oak"]),
        (["Acorn"], ["Acorn", "Elm"], ["Oak"], ["Elm", "Oak"]),
        (["Acorn"], [], ["Acorn"], None),
        (["Acorn"], ["Oak"], ["Oak"], None),
        (["Acorn"], ["Acorn", "Elm"], ["Acorn"], None),
        (["Acorn"], ["Acorn"], [], None),
    ],
)
def test_organizations_join_what_the_file_and_people_changed(imported, now, in_file, after):
    before = changed(ANA, organizations=tuple(map(RosterOrganization, imported)))
    row = changed(ANA, organizations=tuple(map(RosterOrganization, in_file)))

    changes = plan(row, known(before, organizations=now)).changes

    assert changes == ((FieldChange("organizations", now, after),) if after else ())


@pytest.mark.parametrize(
    ("row", "person", "action"),
    [
        (
            RosterRow((2,), "Ana", email="ana@x.org"),
            RosterRow((2,), "Ana R", email="ana@x.org"),
            Action.CHANGE,
        ),
        (RosterRow((2,), "Ana", external_id="7"), RosterRow((2,), "Ana", external_id="7"), Action.UNCHANGED),
        (
            RosterRow((2,), "Ana", email="new@x.org", external_id="7"),
            RosterRow((2,), "Ana", email="old@x.org", external_id="7"),
            Action.CHANGE,
        ),
        (
            RosterRow((2,), "Bo", email="bo@x.org", external_id="7"),
            RosterRow((2,), "Ana", email="ana@x.org", external_id="7"),
            Action.ADD,
        ),
        (
            RosterRow((2,), "Ana", email="ana@x.org", phone="5551234567"),
            RosterRow((2,), "Ana", phone="5551234567"),
            Action.CHANGE,
        ),
        (RosterRow((2,), "Bo", phone="5551234567"), RosterRow((2,), "Ana", phone="5551234567"), Action.ADD),
        (RosterRow((2,), "Ana"), RosterRow((2,), "ANA"), Action.CHANGE),
        (RosterRow((2,), "Bo", email="b@x.org"), RosterRow((2,), "Ana", email="a@x.org"), Action.ADD),
    ],
)
def test_who_is_known_already(row, person, action):
    assert plan(row, known(person)).action == action


def test_person_known_only_by_name_is_found_after_joining_an_organization():
    person = known(RosterRow((2,), "Ana"), organizations=["Elm"])

    assert plan(RosterRow((2,), "Ana"), person).action == Action.UNCHANGED


def test_made_up_name_never_replaces_a_real_one():
    row = RosterRow((2,), "Person 7", has_own_name=False, external_id="7")

    assert plan(row, known(row, name="Ana Ruiz")).action == Action.UNCHANGED


def test_a_known_person_is_matched_once_by_the_row_with_the_stronger_sign():
    by_name = RosterRow((2,), "Ana Ruiz", organizations=(RosterOrganization("Acorn"),))

    plans = compare([by_name, ANA], index_known([known(ANA)]))

    assert [(each.action, each.person_id) for each in plans] == [(Action.ADD, None), (Action.UNCHANGED, 1)]


BAY = (RosterOrganization("Bay"),)
MOVED = changed(ANA, name="ANA  RUÍZ", email="ana@new.org", phone="")


@pytest.mark.parametrize(
    ("row", "now"),
    [
        (MOVED, {}),
        (changed(MOVED, organizations=BAY, phone="5551234567"), {"phone": "555 123-4567"}),
        (changed(MOVED, organizations=()), {"organizations": []}),
        (changed(MOVED, organizations=()), {}),
        (changed(MOVED, external_id="9"), {"external_id": "7"}),
    ],
    ids=[
        "same organization",
        "same phone",
        "no organization at all",
        "none in the file",
        "other IDs",
    ],
)
def test_a_namesake_with_a_new_address_is_asked_about_and_left_out(row, now):
    ana = known(changed(ANA, organizations=()) if "organizations" in now else ANA, **now)

    asked = plan(row, ana)

    assert (asked.action, asked.person_id, asked.may_be, asked.is_open) == (Action.SKIP, None, (1,), True)
    assert asked.reasons == (SAME_PERSON,)


@pytest.mark.parametrize(
    "row",
    [
        changed(MOVED, name="Ana Rey"),
        changed(MOVED, organizations=(RosterOrganization("Harbor"),)),
        changed(MOVED, has_own_name=False),
    ],
    ids=["another name", "another organization", "a name that was made up"],
)
def test_somebody_who_is_not_alike_is_added_unasked(row):
    assert plan(row, known(ANA)) == RowPlan(row, Action.ADD, imported=row.values())


def test_whoever_is_in_the_file_with_their_address_is_not_asked_about():
    plans = compare([ANA, MOVED], index_known([known(ANA)]))

    assert [each.action for each in plans] == [Action.UNCHANGED, Action.ADD]
    assert plans[1].may_be == ()


def test_whoever_was_taken_off_the_roster_is_not_asked_about():
    gone = KnownPerson(1, ANA.values(), ANA.values(), ("Acorn",), has_left=True)

    assert plan(MOVED, gone).action == Action.ADD


def test_the_same_person_keeps_their_row_and_gets_the_address():
    [answered] = compare([MOVED], index_known([known(ANA)]), {2: 1})

    assert (answered.action, answered.person_id, answered.is_open, answered.reasons) == (
        Action.CHANGE,
        1,
        False,
        (),
    )
    assert FieldChange("email", "ana@x.org", "ana@new.org") in answered.changes


def test_somebody_else_is_added():
    [answered] = compare([MOVED], index_known([known(ANA)]), {2: SOMEBODY_ELSE})

    assert (answered.action, answered.person_id, answered.is_open) == (Action.ADD, None, False)


def test_an_answer_about_somebody_who_is_no_namesake_counts_for_nothing():
    [asked] = compare([MOVED], index_known([known(ANA)]), {2: 99})

    assert (asked.action, asked.is_open) == (Action.SKIP, True)


def test_two_namesakes_are_both_offered_and_nobody_is_two_rows():
    both = index_known([known(ANA), known(changed(ANA, email="ana@other.org", phone=""), 2)])
    rows = [MOVED, changed(MOVED, numbers=(3,), email="ana@third.org")]

    plans = compare(rows, both, {2: 2, 3: 2})

    assert [(each.action, each.person_id, each.may_be) for each in plans] == [
        (Action.CHANGE, 2, (1, 2)),
        (Action.SKIP, None, (1, 2)),
    ]
