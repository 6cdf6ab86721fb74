"""Rows read as people: values made regular, repeats joined, every problem said."""

import random
import time

import pytest

from coppice.lib.tables import Table, read_table, write_csv
from coppice.programs.rosters.comparison import Action, KnownPerson, compare, index_known
from coppice.programs.rosters.matching import NobodyNamed, choose_columns, guess_columns
from coppice.programs.rosters.people import RosterOrganization, RosterReading, RosterRow
from coppice.programs.rosters.problems import SENTENCES, Severity, warning
from coppice.programs.rosters.rows import read_rows

FULL_ROW = {
    "First name": "Ana",
    "Last name": "Ruiz",
    "Email": "ANA@X.org",
    "Phone": "(555) 123-4567",
    "Organization": "Acorn; Oak",
    "County": "Kent",
    "Type of organization": "Food bank; Shelter",
    "Organization lead": "yes",
    "Job title": "Director",
    "Member ID": "M-1",
    "Language": "Español; English",
    "Time zone": "EST",
    "Access needs": "captions",
    "Joined": "25/03/2026",
    "Skills": "boards; budgets",
    "Needs": "staff, money",
    "2nd choice": "Rovers",
    "Top choice": "Robots",
    "3rd choice": "Robots",
    "Who would you like to work with?": "Ana Ruiz",
    "Keep apart from these people": "ana ruiz",
    "Notes": "hello",
    "Timestamp": "2018/02/07 3:48:34PM EST",
    "GPA": "2.50",
    "Shirt": "L",
    "Topics": "health;housing",
}


def table(text: str) -> Table:
    return read_table(text.encode(), "people.csv")


def read(text: str, **options) -> RosterReading:
    roster = table(text)
    return read_rows(roster, guess_columns(roster), **options)


def only_row(text: str, **options) -> RosterRow:
    (row,) = read(text, **options).rows
    return row


def said(text: str, **options) -> list[tuple[tuple[int, ...], list[str]]]:
    """Return which rows are which people, and the codes of what is said about each."""
    return [(row.numbers, [problem.code for problem in row.problems]) for row in read(text, **options).rows]


def test_a_full_row_becomes_regular_values():
    roster = read_table(write_csv(list(FULL_ROW), [list(FULL_ROW.values())]), "people.csv")

    reading = read_rows(roster, guess_columns(roster))

    assert reading.rows == (
        RosterRow(
            numbers=(2,),
            name="Ana Ruiz",
            given_name="Ana",
            family_name="Ruiz",
            has_own_name=True,
            email="ana@x.org",
            phone="5551234567",
            organizations=(
                RosterOrganization("Acorn", "Kent", "Food bank"),
                RosterOrganization("Oak", "Kent", "Shelter"),
            ),
            job_title="Director",
            external_id="M-1",
            language="es",
            time_zone="America/New_York",
            access_needs="captions",
            is_leader=True,
            attributes={
                "languages": ["es", "en"],
                "joined_on": "2026-03-25",
                "expertise": ["boards", "budgets"],
                "needs": ["staff", "money"],
                "wishes": ["Robots", "Rovers"],
                "keep_with": ["Ana Ruiz"],
                "keep_apart": ["ana ruiz"],
                "notes": "hello",
                "answered_at": "2018-02-07T15:48:34-05:00",
                "gpa": 2.5,
                "shirt": "L",
                "topics": ["health", "housing"],
            },
        ),
    )
    assert reading.labels == {"gpa": "GPA", "shirt": "Shirt", "topics": "Topics"}
    assert reading.organizations == reading.rows[0].organizations


def test_values_leave_out_what_the_row_does_not_say():
    row = only_row("Email,Organization,Organization lead,Score\nana@x.org,Acorn,no,0\n")

    assert row.values() == {
        "email": "ana@x.org",
        "organizations": ["Acorn"],
        "is_leader": False,
        "attributes.score": 0,
    }


@pytest.mark.parametrize(
    ("header", "cell", "code"),
    [
        ("Email", "ana at x.org", "bad_email"),
        ("Email", "ana@x.org; ana@home.net", "second_email"),
        ("Phone", "ask Bo", "bad_phone"),
        ("Joined", "soon", "bad_date"),
        ("Joined", "01/03/2026", "unclear_date"),
        ("Time zone", "somewhere", "bad_time_zone"),
        ("Language", "Klingon", "unknown_language"),
        ("Organization lead", "perhaps", "bad_yes"),
        ("Busy on Monday", "whenever", "bad_hours"),
        ("Job title", "x" * 201, "too_long"),
        ("Who would you like to work with?", "Bo Lo", "misspelt_person"),
        ("Who would you like to work with?", "Zoe", "unknown_person"),
    ],
)
def test_what_cannot_be_read_is_said_and_the_person_kept(header, cell, code):
    fields = {
        "Email": "email",
        "Phone": "phone",
        "Joined": "joined_on",
        "Time zone": "time_zone",
        "Language": "language",
        "Organization lead": "is_leader",
        "Busy on Monday": "busy_hours",
        "Job title": "job_title",
        "Who would you like to work with?": "keep_with",
    }
    roster = read_table(write_csv(["Name", header], [["Ana", cell], ["Bo Li", ""]]), "people.csv")

    ana, _bo = read_rows(roster, choose_columns(roster.header, {0: "full_name", 1: fields[header]})).rows

    assert [(problem.code, problem.severity) for problem in ana.problems] == [(code, Severity.WARN)]
    assert "{" not in str(ana.problems[0].sentence)
    assert (ana.name, ana.is_skipped) == ("Ana", False)


def test_every_sentence_can_be_filled_in():
    values = {"text": "x", "other": "y", "rows": "2 + 3", "count": 2}

    assert not [code for code in SENTENCES if "{" in str(warning(code, **values).sentence)]


def test_an_undecided_column_of_dates_follows_the_given_order():
    text = "Name,Joined\nAna,01/03/2026\n"

    assert only_row(text, day_first=True).attributes == {"joined_on": "2026-03-01"}
    assert only_row(text, day_first=False).attributes == {"joined_on": "2026-01-03"}
    assert only_row(text).attributes == {}


def test_row_that_names_nobody_is_skipped_and_says_so():
    rows = read("Name,Email,Shirt\n,,L\nAna,ana@x.org,M\n").rows

    assert [(row.numbers, row.is_skipped) for row in rows] == [((2,), True), ((3,), False)]
    assert rows[0].problems[0].code == "nobody"


def test_person_without_a_name_is_called_by_what_is_known():
    rows = read("ID,Email,Phone\n17,,\n,ana.ruiz@x.org,\n,,+64 21 555 1234\n").rows

    assert [(row.name, row.has_own_name, row.values().get("name")) for row in rows] == [
        ("Person 17", False, None),
        ("ana.ruiz", False, None),
        ("+64215551234", False, None),
    ]


def test_roster_without_a_column_for_people_is_refused():
    roster = table("Shirt\nL\n")

    with pytest.raises(NobodyNamed):
        read_rows(roster, guess_columns(roster))


def test_later_answer_of_the_same_person_wins_but_blanks_erase_nothing():
    row = only_row("Name,Email,Shirt,Notes\nAna,ana@x.org,L,first\nAna,ANA@x.org,M,\n")

    assert (row.numbers, row.attributes) == ((2, 3), {"shirt": "M", "notes": "first"})
    assert [str(problem.sentence) for problem in row.problems] == [
        "Rows 2 + 3 are the same person. Where they differ, the last one counts."
    ]


def test_one_person_in_two_organizations_by_two_rows_or_one_cell():
    by_rows = only_row(
        "Name,Email,Organization\nAna,ana@x.org,Acorn\nAna,ana@x.org,Oak\nAna,ana@x.org,acorn\n"
    )
    by_cell = only_row("Name,Email,Organization\nAna,ana@x.org,Acorn; Oak\n")

    assert by_rows.organizations == by_cell.organizations
    assert by_cell.organizations == (RosterOrganization("Acorn"), RosterOrganization("Oak"))
    assert [problem.code for problem in by_rows.problems] == ["several_organizations", "repeated"]


@pytest.mark.parametrize(
    ("rows", "people"),
    [
        (["Ana,ana@x.org,,,", "Ana R,ANA@X.ORG,,,"], [((2, 3), ["repeated"])]),
        (["Ana,,7,,", "Ana,,7,,"], [((2, 3), ["repeated"])]),
        (["Ana,,7,,", "Bo,bo@x.org,8,,", "Ana,ana@x.org,7,,"], [((2, 4), ["repeated"]), ((3,), [])]),
        (["Ana,,,555 123 4567,", "Ana,,,5551234567,"], [((2, 3), ["repeated"])]),
        (["Ana,,,5551234567,", "Bo,,,5551234567,"], [((2,), []), ((3,), [])]),
        (["Ana,,,,Acorn", "Ana,,,,acorn"], [((2, 3), ["repeated"])]),
        (["Ana,,,,Acorn", "Ana,,,,Oak"], [((2,), []), ((3,), [])]),
        (["Ana,a@x.org,,,Acorn", "Ana,b@x.org,,,Acorn"], [((2,), []), ((3,), [])]),
        (["Ana,a@x.org,7,,", "Bo,b@x.org,7,,"], [((2,), []), ((3,), ["same_id"])]),
        (["Ana,a@x.org,7,,", "Ana,b@x.org,7,,"], [((2, 3), ["repeated"])]),
        (["Ana,a@x.org,7,,", "Bo,a@x.org,7,,"], [((2, 3), ["repeated", "names_differ"])]),
        (["Ana,a@x.org,,,", "Bo,a@x.org,,,"], [((2,), ["shared_address"]), ((3,), ["shared_address"])]),
        (["A. Ruiz,a@x.org,,,", "Ana Ruiz Paz,a@x.org,,,"], [((2, 3), ["repeated"])]),
        (["Ruiz Ana,a@x.org,,,", "Ana Ruiz,a@x.org,,,"], [((2, 3), ["repeated"])]),
        (
            ["Ana Paz,a@x.org,,,", "Bo Paz,A@x.org,,,", "Ana Paz,a@x.org,,,", "Bo Paz,a@x.org,,,"],
            [((2, 4), ["repeated", "shared_address"]), ((3, 5), ["repeated", "shared_address"])],
        ),
        (
            ["Cy,,,,", "Ana,a@x.org,,,", "Cy,a@x.org,,,"],
            [((2, 4), ["repeated", "shared_address"]), ((3,), ["shared_address"])],
        ),
        (["Ana,,,,", "Ana,,,,", "Ana,,,,"], [((2, 3, 4), ["repeated"])]),
    ],
)
def test_who_is_the_same_person(rows, people):
    assert said("Name,Email,Member ID,Phone,Organization\n" + "\n".join(rows)) == people


def test_two_people_with_one_address_are_both_kept_and_told_to_be_checked():
    rows = read("Name,Email\nAnna Smith,dup@x.org\nBob Smith,dup@x.org\n").rows

    assert [(row.name, row.email) for row in rows] == [("Anna Smith", "dup@x.org"), ("Bob Smith", "")]
    sentence = (
        "Rows 2 + 3 have one address, dup@x.org, and the names Anna Smith / Bob Smith. We take them for "
        "different people, so that nobody is lost, and leave the address with the first. Give each an "
        "address of their own; or, if they are one person, the same name."
    )
    assert [[str(problem.sentence) for problem in row.problems] for row in rows] == [[sentence]] * 2


def test_organizations_remember_the_last_area_that_was_given():
    reading = read(
        "Name,Organization,Area,Organization type\n"
        "Ana,Acorn,Kent,\nBo,ACORN,,Shelter\nCy,Oak,,\nDi,acorn,Essex,\n"
    )

    assert reading.organizations == (
        RosterOrganization("Acorn", "Essex", "Shelter"),
        RosterOrganization("Oak"),
    )


def test_one_organization_is_spelled_one_way():
    rows = read("Name,Organization\nAna,Acorn; ACORN\nBo,acorn!\nCy,N/A\n").rows

    assert [row.organizations for row in rows] == [
        (RosterOrganization("Acorn"),),
        (RosterOrganization("Acorn"),),
        (),
    ]


def test_what_only_says_nothing_is_no_problem():
    row = only_row("Name,Email,Phone,Time zone,Needs,Keep with\nAna,-,N/A,none,n/a,nobody\n")

    assert (row.problems, row.values()) == ((), {"name": "Ana"})


def test_several_columns_of_one_list_add_up():
    row = only_row(
        "Name,Needs,What do you want to learn?,Notes,Comments\nAna,boards,boards; money,first,second\n"
    )

    assert row.attributes == {"needs": ["boards", "money"], "notes": "first\nsecond"}


def test_area_of_a_person_without_an_organization_is_kept():
    assert only_row("Name,Area\nAna,Kent\n").attributes == {"area": "Kent"}


def test_busy_hours_become_free_ones_within_the_hours_asked_about():
    rows = read(
        "Name,Busy [Monday],Busy [Tuesday]\nAna,8AM;9AM,\nBo,11AM,all day\nCy,,\nDi,none,8AM-10AM\n"
    ).rows

    assert [row.attributes.get("free_hours") for row in rows] == [
        ["mon-10", "mon-11", "tue-08", "tue-09", "tue-10", "tue-11"],
        ["mon-08", "mon-09", "mon-10"],
        None,
        ["mon-08", "mon-09", "mon-10", "mon-11", "tue-10", "tue-11"],
    ]


def test_free_hours_are_taken_as_they_are():
    rows = read("Name,When are you available?\nAna,Mon 9-11; Tue 14:00-15:00\nBo,Fri 9-10\n").rows

    assert [row.attributes["free_hours"] for row in rows] == [["mon-09", "mon-10", "tue-14"], ["fri-09"]]


def test_a_week_without_any_named_hour_is_the_usual_day():
    row = only_row("Name,Busy [Monday],Busy [Tuesday]\nAna,all day,none\n")

    assert row.attributes["free_hours"] == [f"tue-{hour:02}" for hour in range(8, 22)]


def test_fifty_thousand_rows_are_read_and_compared():
    chance = random.Random(7)
    header = [
        "Name",
        "Email",
        "Organization",
        "Phone",
        "Time zone",
        "Joined",
        "Score",
        "Busy [Monday]",
        "Notes",
    ]
    rows = [
        [
            f"Ana {number % 49_000} Ruiz",
            f"ana{number % 49_000}@x.org",
            f"Organization {chance.randrange(900)}",
            f"+64 21 {number:07}",
            chance.choice(["EST", "America/Lima", "GMT+2"]),
            "25/03/2026",
            chance.randrange(100),
            "8AM;9AM;noon",
            "note",
        ]
        for number in range(50_000)
    ]
    content = write_csv(header, rows)

    started = time.process_time()
    roster = read_table(content, "people.csv")
    reading = read_rows(roster, guess_columns(roster))
    known = index_known(
        KnownPerson(place, row.values(), row.values(), tuple(o.name for o in row.organizations))
        for place, row in enumerate(reading.rows)
    )
    plans = compare(reading.rows, known)
    print(f"50,000 rows read, matched and compared in {time.process_time() - started:.1f} CPU seconds")

    assert len(reading.rows) == 49_000
    assert sum(len(row.numbers) for row in reading.rows) == 50_000
    assert {plan.action for plan in plans} == {Action.UNCHANGED}
    assert [plan.person_id for plan in plans] == list(range(49_000))


@pytest.mark.parametrize("name", ["TOTAL", "Sum", "Grand total", "Total: 34", "Total general", "Subtotal"])
def test_a_row_that_looks_like_a_total_says_so(name):
    (row,) = read(f"Name,Email\n{name},\n").rows

    assert [problem.code for problem in row.problems] == ["perhaps_a_total"]
    assert name.split(":")[0] in str(row.problems[0].sentence)
    assert not row.is_skipped


def test_a_total_among_the_ids_says_so():
    (row,) = read("ID,Email\nTotal,\n").rows

    assert [problem.code for problem in row.problems] == ["perhaps_a_total"]


@pytest.mark.parametrize("name", ["Totah Sumner", "Summer Totally", "Ana Total Ruiz"])
def test_names_that_only_resemble_a_total_are_names(name):
    assert read(f"Name,Email\n{name},\n").rows[0].problems == ()


def test_the_mailbox_of_an_office_without_a_name_says_so():
    rows = read("Name,Email\n,info@acorn.org\n,office@acorn.org\n,ana@acorn.org\nAna,help@acorn.org\n").rows

    assert [[problem.code for problem in row.problems] for row in rows] == [
        ["role_mailbox"],
        ["role_mailbox"],
        [],
        [],
    ]
    assert "info@acorn.org" in str(rows[0].problems[0].sentence)
