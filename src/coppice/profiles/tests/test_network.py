"""Who could help whom: ties of needs and offers, as a picture, a table, a matrix, as far as a reader sees."""

import csv
import io

import pytest
from django.urls import reverse

from coppice.communities.tests.factories import (
    add_member,
    enroll,
    make_community,
    make_program,
    make_staff,
)
from coppice.profiles.board import reach_of_program, reach_of_staff
from coppice.profiles.models import Expertise
from coppice.profiles.network import Tie, matrix_of, weave_of
from coppice.profiles.tests.factories import make_topic, need, offer
from coppice.ui.networks import MOST_LINKED

pytestmark = pytest.mark.django_db


@pytest.fixture
def program():
    return make_program()


@pytest.fixture
def people(program):
    """Ana can help Bo and Cy with grants and Bo with boards; Bo can help Ana with maps; Di needs a van."""
    ana, bo, cy, di = (enroll(program, name) for name in ("Ana", "Bo", "Cy", "Di"))
    for each in (ana, bo, cy):
        need(each, "Grants", audience="program")
    need(bo, "Boards", audience="program")
    need(ana, "Maps", audience="staff")
    need(di, "Vans", audience="program")
    for topic in ("Grants", "Boards"):
        offer(ana, topic, audience="program")
    offer(bo, "Maps", audience="program")
    return [each.pk for each in (ana, bo, cy, di)]


def ids(program, *names):
    return tuple(make_topic(program, name).pk for name in names)


def test_ties_lead_from_who_offers_to_who_needs_and_never_to_oneself(program, people):
    ana, bo, cy, di = people
    weave = weave_of(reach_of_staff(program))

    assert weave.ties(people) == [
        Tie(ana, bo, tuple(sorted(ids(program, "Grants", "Boards")))),
        Tie(ana, cy, ids(program, "Grants")),
        Tie(bo, ana, ids(program, "Maps")),
    ]
    assert (weave.helping, weave.helped) == ({ana: 3, bo: 1}, {bo: 2, cy: 1, ana: 1})
    assert (weave.people, weave.loose, weave.fragile) == ([ana, bo, cy, di], 1, 4)
    assert weave.beside(cy) == [cy, ana]
    assert matrix_of(weave.ties(people), people) == [[0, 2, 1, 0], [1, 0, 0, 0], [0] * 4, [0] * 4]


def test_what_is_not_shared_with_the_reader_and_who_may_not_be_asked_make_no_tie(program, people):
    ana, bo, cy, _di = people
    Expertise.objects.filter(topic__name="Boards").update(state="paused")

    weave = weave_of(reach_of_program(program))

    assert weave.ties(people) == [Tie(ana, bo, ids(program, "Grants")), Tie(ana, cy, ids(program, "Grants"))]
    assert weave.about(ids(program, "Maps")[0]).ties(people) == []


def test_counts_of_ties_are_those_of_the_ties_themselves(program):
    people = [enroll(program, f"Person {number}") for number in range(12)]
    for number, each in enumerate(people):
        need(each, f"Topic {number % 3}", audience="program")
        offer(each, f"Topic {number % 4}", audience="program")

    weave = weave_of(reach_of_staff(program))
    ties = weave.ties(weave.people)

    for side, counted in (("helper", weave.helping), ("needer", weave.helped)):
        listed: dict[int, int] = {}
        for tie in ties:
            listed[getattr(tie, side)] = listed.get(getattr(tie, side), 0) + len(tie.topics)
        assert listed == counted


def test_the_page_shows_picture_table_and_matrix_and_can_be_narrowed(client, program, people):
    client.force_login(make_staff(program))
    path = reverse("profiles:network", args=[program.pk])

    whole = client.get(path)
    near = client.get(path, {"person": people[2], "size": "large"})
    about = client.get(path, {"topic": ids(program, "Maps")[0]})
    odd = client.get(path, {"person": "x", "topic": "999999", "size": "huge"})

    assert "2 people could help, 3 could be helped. 1 person is not tied in" in whole.text
    assert "4 needs rest on one person alone" in whole.text
    assert whole.text.count('<a href="?person=') == 4
    assert [row.name for row in near.context["rows"]] == ["Cy", "Ana"]
    assert ("Around Cy" in near.text, "is-large" in near.text) == (True, True)
    assert "<strong>Cy</strong>: Grants" in near.text
    assert {row.name: len(row.helps) for row in about.context["rows"]} == {"Bo": 1, "Ana": 0}
    assert odd.context["rows"] == whole.context["rows"]


def test_the_file_is_the_matrix_of_what_is_shown(client, program, people):
    client.force_login(make_staff(program))

    answer = client.get(reverse("profiles:adjacency", args=[program.pk]), {"person": people[2]})

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows == [["rows could help, columns need", "Cy", "Ana"], ["Cy", "0", "0"], ["Ana", "1", "0"]]


def test_a_picture_holds_so_many_and_says_how_many_more_at_the_same_number_of_queries(
    client, program, django_assert_max_num_queries
):
    for number in range(MOST_LINKED + 5):
        each = enroll(program, f"Person {number}")
        need(each, audience="program")
        offer(each, "Boards", audience="program")
    client.force_login(make_staff(program))

    with django_assert_max_num_queries(12):
        page = client.get(reverse("profiles:network", args=[program.pk]))

    assert len(page.context["rows"]) == MOST_LINKED
    assert "5 more people" in page.text


def test_nothing_said_is_said(client, program):
    client.force_login(make_staff(program))
    assert "No picture yet" in client.get(reverse("profiles:network", args=[program.pk])).text


def test_a_community_has_its_own_among_its_members(client):
    community = make_community()
    rosa, tom = add_member(community, "Rosa"), add_member(community, "Tom")
    elsewhere = add_member(make_community(community.program), "Else")
    need(rosa.enrollment)
    offer(tom.enrollment)
    offer(elsewhere.enrollment, audience="program")
    client.force_login(rosa.person)

    page = client.get(reverse("communities:network", args=[community.pk]))
    file = client.get(reverse("communities:adjacency", args=[community.pk]))

    assert {row.name: [other.name for other in row.helps] for row in page.context["rows"]} == {
        "Rosa": [],
        "Tom": ["Rosa"],
    }
    assert "Else" not in page.text + file.content.decode()
