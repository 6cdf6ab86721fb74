"""The board of a program: topics in order of what is missing, with numbers, depth and the first people."""

import csv
import io

import pytest
from django.urls import reverse
from django.utils import translation

from coppice.communities.tests.factories import enroll, make_person, make_program, make_staff
from coppice.profiles.board import SHOWN, finding_of, reach_of_program, reach_of_staff, rows_of, with_people
from coppice.profiles.models import Expertise, Need
from coppice.profiles.tests.factories import make_topic, need, offer
from coppice.programs.models import Affiliation, Enrollment

pytestmark = pytest.mark.django_db


@pytest.fixture
def program():
    return make_program()


def test_what_nobody_offers_comes_first_then_what_most_people_need(program):
    rosa, tom = enroll(program, "Rosa"), enroll(program, "Tom")
    make_topic(program, "Quiet")
    for name in ("Boards", "Grants"):
        need(rosa, name)
    need(tom, "Boards", urgency=Need.Urgency.NOW)
    offer(tom, "Boards", level=Expertise.Level.SHOWS)
    offer(rosa, "Boards", level=Expertise.Level.BEGUN)
    need(rosa, topic="", text="A van")

    rows = rows_of(reach_of_staff(program))

    assert [(row.name, row.needs, row.urgent, row.offers, row.depth, row.has_nobody) for row in rows] == [
        ("Grants", 1, 0, 0, "", True),
        ("Boards", 2, 1, 2, "1 can show others, 1 has tried it", False),
        ("Quiet", 0, 0, 0, "", False),
        ("In their own words", 1, 0, 0, "", False),
    ]
    assert [(row.need_width, row.offer_width) for row in rows] == [(50, 0), (100, 100), (0, 0), (50, 0)]


def test_the_first_people_of_a_topic_are_those_whose_need_comes_first(program):
    people = [enroll(program, f"Person {number}") for number in range(SHOWN + 2)]
    for number, each in enumerate(people):
        need(each, urgency=Need.Urgency.NOW if number == 5 else Need.Urgency.SOMETIME)
        offer(
            each, topic="", text="Maps", level=Expertise.Level.SHOWS if number == 4 else Expertise.Level.BEGUN
        )
    Need.objects.filter(enrollment=people[3]).update(state=Need.State.PRIORITIZED)
    Expertise.objects.filter(enrollment=people[4]).update(state=Expertise.State.PAUSED)

    reach = reach_of_staff(program)
    grants, own_words = with_people(rows_of(reach), reach)

    assert [each.enrollment.name[-1] for each in grants.first_needs] == ["3", "5", "0", "1"]
    assert [each.enrollment.name[-1] for each in own_words.first_offers] == ["0", "1", "2", "3"]
    assert (grants.more_needs, grants.more_offers, own_words.more_offers) == (2, 0, 2)


def test_the_finding_says_what_is_missing_or_that_nothing_is(program):
    rosa = enroll(program, "Rosa")
    reach = reach_of_staff(program)
    make_topic(program)
    found = [finding_of(rows_of(reach), sees_all=reach.sees_all)]
    need(rosa, audience="program")
    need(rosa, "Boards", audience="program")
    shared = reach_of_program(program)
    found += [finding_of(rows_of(each), sees_all=each.sees_all) for each in (reach, shared)]
    offer(rosa, audience="program")
    offer(rosa, "Boards", audience="staff")
    found += [finding_of(rows_of(each), sees_all=each.sees_all) for each in (reach, shared)]
    Expertise.objects.update(audience="program")
    found.append(finding_of(rows_of(shared), sees_all=shared.sees_all))

    assert found == [
        "",
        "2 topics have a need and nobody who can be asked for help: Grants, Boards.",
        "Of what is shared with you, 2 topics have a need and nobody who can be asked for help: "
        "Grants, Boards.",
        "Every topic that somebody needs has somebody who offers help.",
        "Of what is shared with you, one topic has a need and nobody who can be asked for help: Boards.",
        "Every need about a topic that is shared with you has somebody who offers help.",
    ]


def test_who_may_not_be_asked_at_the_moment_is_no_help(client, program):
    need(enroll(program, "Rosa"))
    Expertise.objects.filter(pk=offer(enroll(program, "Mei")).pk).update(state="paused")
    client.force_login(make_staff(program))

    page = client.get(reverse("profiles:board", args=[program.pk])).text

    assert [row.has_nobody for row in rows_of(reach_of_staff(program))] == [True]
    assert ("Nobody at the moment" in page, "Mei" in page, "Nobody yet" in page) == (True, True, False)


def test_who_was_taken_off_the_roster_is_on_no_board(program):
    rosa = enroll(program, "Rosa")
    need(rosa)
    Enrollment.objects.update(ended_at=rosa.enrolled_at)

    assert [row.needs for row in rows_of(reach_of_staff(program))] == [0]


def test_people_of_the_program_see_what_is_shared_with_everybody_and_leads_of_organizations_nothing(
    client, program
):
    rosa, tom = enroll(program, "Rosa"), enroll(program, "Tom", organization="Casa Verde")
    lead = enroll(program, "Lead", organization="Casa Verde")
    Affiliation.objects.filter(enrollment=lead).update(is_lead=True)
    need(rosa, audience="program", text="For everybody")
    need(rosa, "Boards", text="For some")
    paths = [
        reverse("profiles:board", args=[program.pk]),
        reverse("profiles:topic", args=[program.pk, make_topic(program).pk]),
        reverse("profiles:board_file", args=[program.pk]),
    ]

    def read(person):
        client.force_login(person)
        return [client.get(path) for path in paths]

    codes = {
        person: [answer.status_code for answer in read(person)] for person in (lead.person, make_person())
    }
    for_tom, for_staff = read(tom.person), read(make_staff(program))

    assert list(codes.values()) == [[403] * 3, [404] * 3]
    told = [
        [[words in answer.text for answer in answers] for answers in (for_tom, for_staff)]
        for words in ("For everybody", "For some")
    ]
    assert told == [[[True] * 3] * 2, [[False] * 3, [True, False, True]]]
    rows = list(csv.reader(io.StringIO(for_staff[2].content.decode("utf-8-sig"))))
    assert [(row[4], row[8]) for row in rows[1:]] == [
        ("For some", "Their communities"),
        ("For everybody", "Everybody in the program"),
    ]


def test_the_depth_is_said_in_the_readers_language(program):
    offer(enroll(program, "Rosa"), level=Expertise.Level.DOES)

    with translation.override("es"):
        assert rows_of(reach_of_program(program))[0].depth == ""
        assert "1" in rows_of(reach_of_staff(program))[0].depth
