"""The pages and files of attendance and hours, for leaders, staff and funders."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from coppice.communities.models import Membership
from coppice.communities.tests import factories
from coppice.meetings.tests.factories import hold, make_meeting, make_past_meeting
from coppice.programs.models import FunderSeat
from tests.cast import make_person

MARCH, APRIL = (datetime(2026, month, 10, 12, tzinfo=UTC) for month in (3, 4))


@pytest.fixture
def community(db):
    return factories.make_community(name="Rural transport", time_zone="UTC")


def held(community, starts_at, people, *, absent=(), title="Meeting"):
    meeting = make_meeting(
        community, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=90), title=title
    )
    return hold(meeting, present=people, absent=list(absent))


def members(community, count):
    return [
        factories.add_member(
            community, enrollment=factories.enroll(community.program, f"Person {number}", organization="Casa")
        )
        for number in range(count)
    ]


def read(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def funder_of(program):
    person = make_person("funder", "Seat")
    FunderSeat.objects.create(program=program, person=person)
    return person


def test_a_leader_reads_attendance_hours_and_what_was_not_taken(client, community):
    leader = factories.add_member(community, "Rosa", role=Membership.Role.LEADER)
    people = members(community, 3)
    held(community, MARCH, people[:2], absent=[people[2], leader], title="Rides")
    make_past_meeting(community, days_ago=2, title="Nobody ticked")
    client.force_login(leader.person)

    page = client.get(f"/communities/{community.pk}/hours/")

    assert page.status_code == 200
    assert page.context["total"].attendance == "50 % (2 of 4)"
    shown = {section.key: [row.label for row in section.page] for section in page.context["sections"]}
    assert shown == {
        "months": ["March 2026"],
        "organizations": ["Casa", "No organization given"],
        "meetings": ["Rides"],
        "people": ["Person 0", "Person 1", "Person 2", "Rosa"],
    }
    assert [row.label for row in page.context["untaken"]] == ["Nobody ticked"]
    assert "1 meeting is not counted" in text_of(page)


def test_chosen_days_and_presets_narrow_it_and_days_that_cannot_be_are_said(client, community):
    people = members(community, 2)
    for starts_at in (MARCH, APRIL):
        held(community, starts_at, people)
    client.force_login(factories.make_staff(community.program))
    address = f"/communities/{community.pk}/hours/"

    april = client.get(address, {"first": "2026-04-01", "last": "2026-04-30"})
    since = client.get(address, {"first": "2026-03-11"})
    until = client.get(address, {"last": "2026-03-10"})
    quarter = client.get(address, {"span": "quarter"})
    wrong = client.get(address, {"first": "2026-04-01", "last": "2026-03-01"})

    counted = [page.context["total"].figures.contacts for page in (april, since, until, quarter, wrong)]
    assert counted == [2, 2, 2, 0, 4]
    assert [page.status_code for page in (april, since, until, quarter, wrong)] == [200, 200, 200, 200, 422]
    assert "Choose the first day or a later one." in text_of(wrong)
    assert april.context["span"].query == "first=2026-04-01&last=2026-04-30"
    assert [page.context["span"].label for page in (april, since, until)] == [
        "1 April 2026 to 30 April 2026",
        "since 11 March 2026",
        "until 10 March 2026",
    ]


def test_each_table_goes_home_as_a_file_that_no_spreadsheet_runs(client, community):
    people = members(community, 2)
    held(community, MARCH, people[:1], absent=people[1:], title="=HYPERLINK(1)")
    make_meeting(community, starts_at=APRIL, title="Nobody ticked")
    client.force_login(factories.make_staff(community.program))

    def file(table, where="communities", key=community.pk):
        return read(client.get(f"/{where}/{key}/hours.csv?table={table}"))

    assert file("months")[1:] == [["2026-03", "1", "1.50", "1", "1", "1.50", "2", "50"]]
    assert file("organizations")[1:] == [["Casa", "1", "1.50", "1", "1", "1.50", "2", "50"]]
    assert file("communities", "programs", community.program_id)[1:] == [
        ["Rural transport", "1", "1.50", "1", "1", "1.50", "2", "50"]
    ]
    assert file("people")[1:] == [["Person 0", "1", "1", "100", "1.50"], ["Person 1", "0", "1", "0", "0.00"]]
    assert file("meetings")[1:] == [
        [
            "2026-03-10T12:00+00:00",
            "'=HYPERLINK(1)",
            "Rural transport",
            "1.50",
            "yes",
            *["1", "2", "50", "1.50"],
        ],
        ["2026-04-10T12:00+00:00", "Nobody ticked", "Rural transport", "1.00", "no", "", "", "", ""],
    ]
    assert client.get(f"/communities/{community.pk}/hours.csv?table=salaries").status_code == 404


def test_long_tables_come_by_pages_and_on_one_sheet_to_print(client, community):
    people = members(community, 30)
    held(community, MARCH, people)
    client.force_login(factories.make_staff(community.program))
    address = f"/programs/{community.program_id}/hours/"

    def names(query):
        sections = client.get(address, query).context["sections"]
        return [len(section.page) for section in sections if section.key == "people"]

    assert [names(query) for query in ({}, {"people-page": 2}, {"sheet": 1})] == [[25], [5], [30]]


def test_program_staff_read_it_by_community(client, community):
    other = factories.make_community(community.program, name="Boards")
    for each in (community, other):
        held(each, MARCH, members(each, 1))
    client.force_login(factories.make_staff(community.program))

    page = client.get(f"/programs/{community.program_id}/hours/")

    [section] = [each for each in page.context["sections"] if each.key == "communities"]
    assert [(row.label, row.url) for row in section.page] == [
        ("Boards", f"/communities/{other.pk}/hours/"),
        ("Rural transport", f"/communities/{community.pk}/hours/"),
    ]
    assert "By community" in text_of(page)


def test_a_funder_reads_counts_alone(client, community):
    people = members(community, 6)
    held(community, MARCH, people[:5], absent=people[5:], title="Rides")
    client.force_login(funder_of(community.program))

    page = client.get(f"/programs/{community.program_id}/hours/")

    assert page.context["total"].attendance == "83 % (5 of 6)"
    assert [row.label for row in page.context["section"].page] == ["March 2026"]
    for hidden in ("Person", "Casa", "Rides", "Rural transport", ".csv"):
        assert hidden not in text_of(page).partition("<main")[2]


def test_a_month_of_fewer_than_five_people_hides_all_months_from_funders(client, community):
    people = members(community, 6)
    held(community, MARCH, people)
    held(community, APRIL, people[:4])
    client.force_login(funder_of(community.program))

    page = client.get(f"/programs/{community.program_id}/hours/")

    assert page.context["total"].figures.contacts == 10
    assert page.context["section"] is None
    assert "fewer than 5 people came in one of them" in text_of(page)


def test_of_fewer_than_five_people_a_funder_reads_nothing(client, community):
    held(community, MARCH, members(community, 4))
    client.force_login(funder_of(community.program))

    page = client.get(f"/programs/{community.program_id}/hours/")

    assert (page.context["total"], page.context["section"]) == (None, None)
    assert "would be about fewer than 5 people" in text_of(page)


def test_what_one_of_many_expected_did_is_not_told_to_a_funder(client, community):
    people = members(community, 13)
    held(community, MARCH, people[:1], absent=people[1:])
    client.force_login(funder_of(community.program))

    page = client.get(f"/programs/{community.program_id}/hours/")

    assert (page.context["total"], page.context["section"]) == (None, None)
    assert "would be about fewer than 5 people" in text_of(page)


def test_a_file_of_days_that_cannot_be_is_refused_and_others_carry_their_days(client, community):
    held(community, MARCH, members(community, 1))
    client.force_login(factories.make_staff(community.program))

    for address in (f"/communities/{community.pk}/hours.csv", f"/programs/{community.program_id}/hours.csv"):
        wrong = client.get(address, {"first": "2026-12-31", "last": "2026-01-01"})
        named = [
            client.get(address, query).headers["Content-Disposition"].partition("=")[2]
            for query in ({"first": "2026-01-01", "last": "2026-12-31"}, {"first": "2026-01-01"}, {})
        ]

        assert (wrong.status_code, text_of(wrong)) == (422, "Until: Choose the first day or a later one.")
        assert named == ['"months-2026-01-01-2026-12-31.csv"', '"months-2026-01-01.csv"', '"months.csv"']
