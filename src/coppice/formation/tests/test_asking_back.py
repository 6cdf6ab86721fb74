"""What a form or a page asks back, rather than guess: which of two people, which proposal, whose hours."""

import zipfile
from io import BytesIO

import pytest
from django.urls import reverse

from coppice.communities import actions as communities
from coppice.communities.models import Community
from coppice.communities.tests.factories import enroll, make_program, make_staff
from coppice.formation import actions, tasks
from coppice.formation.explaining import explanation_of
from coppice.formation.rules import Kind
from coppice.formation.sight import Sight
from coppice.formation.tests.factories import (
    columns_of,
    founded,
    make_proposal,
    make_published,
    make_roster,
    members,
    start_formation,
)

pytestmark = pytest.mark.django_db

TERMS = {"name": "R", "reason": "stable_team", "minimum": 7, "maximum": 9, "about": "nothing", "fairness": 0}


@pytest.fixture
def program():
    program = make_program()
    make_roster(program)
    return program


@pytest.fixture
def staff(program, client):
    person = make_staff(program)
    client.force_login(person)
    return person


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_of_two_people_with_one_name_the_form_asks_which(program, staff, client):
    ana, twin, other = program.enrollments.order_by("pk")[:3]
    program.enrollments.filter(pk__in=[ana.pk, twin.pk]).update(name="Ana Ruiz")
    program.enrollments.filter(pk=twin.pk).update(email="")
    address = reverse("formation:formations", args=[program.pk])
    typed = {**TERMS, "kind_0": "people_apart", "people_0": f"Ana Ruiz, {other.name}"}

    refused = client.post(address, typed)
    told = text_of(refused)
    assert (refused.status_code, program.formations.count()) == (422, 0)
    assert "2 people are called “Ana Ruiz”" in told
    house = ana.affiliations.get().organization.name
    assert f"Ana Ruiz #{ana.pk} ({house}, {ana.email})" in told
    assert f"Ana Ruiz #{twin.pk} ({twin.affiliations.get().organization.name})" in told

    named = {**typed, "people_0": f"Ana Ruiz #{twin.pk}, {other.name}"}
    assert client.post(address, named).status_code == 302
    formation = program.formations.get()
    assert formation.rules[0]["people"] == sorted([twin.pk, other.pk])
    settings = text_of(client.get(reverse("formation:settings", args=[formation.pk])))
    assert f"Ana Ruiz #{twin.pk}; {other.name}" in settings
    nobody = client.post(address, {**typed, "people_0": f"Ana Ruiz #{other.pk}, {other.name}"})
    assert "Nobody on the roster is called" in text_of(nobody)


def test_people_without_anything_to_tell_them_apart_have_their_numbers():
    program = make_program()
    first, second = (enroll(program, "Bo Li") for _ in range(2))
    program.enrollments.update(email="")

    assert Sight(program).introduced([first.pk, second.pk]) == [f"Bo Li #{first.pk}", f"Bo Li #{second.pk}"]


def test_who_asks_for_a_name_that_two_have_may_mean_either():
    program = make_program()
    first, second = (enroll(program, "Bo Li") for _ in range(2))
    asker = enroll(program, "Ana Ruiz", attributes={"keep_with": ["Bo Li"]})

    company = Sight(program).company

    assert [(each.kind, each.first, each.second) for each in company] == [
        (Kind.PEOPLE_TOGETHER, first.pk, asker.pk),
        (Kind.PEOPLE_TOGETHER, second.pk, asker.pk),
    ]
    assert {name for each in company for name in each.names} == {
        "Ana Ruiz",
        f"Bo Li #{first.pk}",
        f"Bo Li #{second.pk}",
    }


@pytest.mark.parametrize(
    ("attributes", "status"),
    [({}, 422), ({"free_hours": ["some day"]}, 422), ({"free_hours": ["mon-09", "mon-10"]}, 302)],
)
def test_hours_that_must_be_shared_have_to_be_given_by_somebody(program, staff, client, attributes, status):
    program.enrollments.update(attributes=attributes)
    typed = {**TERMS, "kind_0": "shared_hours", "amount_0": 1}

    answer = client.post(reverse("formation:formations", args=[program.pk]), typed)

    assert answer.status_code == status
    assert ("Nobody has given hours yet, so this cannot hold." in text_of(answer)) is (status == 422)


def test_a_proposal_beside_itself_is_no_comparison(program, staff, client):
    formation = make_proposal(program)
    actions.propose_again(formation, by=None)

    tasks.propose.call(formation_id=formation.pk)
    address = reverse("formation:comparison", args=[formation.pk])

    page = text_of(client.get(address, {"first": 1, "second": 1}))

    assert "You chose Proposal 1 twice, and nothing differs from itself." in page
    assert "It moves" not in page
    assert page.count("selected") == 2
    assert "twice" not in text_of(client.get(address, {"first": 1, "second": 2}))


def test_the_problem_of_nobody_is_a_zip_all_the_same(client):
    program = make_program()
    client.force_login(make_staff(program))
    formation = make_proposal(program, reason=Community.Reason.WHOLE_COHORT)

    answer = client.get(reverse("formation:problem", args=[formation.pk]))

    assert answer.status_code == 200
    assert zipfile.ZipFile(BytesIO(answer.content)).read("participants.csv") == b"id\n"


def test_after_publication_the_explanation_is_as_published_and_counts_who_is_there_now_apart(program):
    formation = make_published(program)
    first, second, _third = founded(formation)
    assert explanation_of(formation, hides_few=False).people == "24 people in 3 communities."
    communities.leave(members(first)[0], by=None)
    late = [enroll(program, f"Late {number}") for number in range(2)]
    actions.place_late(formation, places={each.pk: second.pk for each in late[:1]}, by=None)

    told = explanation_of(formation, hides_few=False)

    assert (told.people, told.since) == (
        "24 people in 3 communities.",
        ["One person has come.", "One person has left or said no.", "By now 24 people are in 3 communities."],
    )
    communities.leave(members(first)[0], by=None)
    told = explanation_of(formation, hides_few=False)
    assert (told.people, told.since[-1]) == (
        "24 people in 3 communities.",
        "By now 23 people are in 3 communities.",
    )


def test_before_publication_the_explanation_counts_places(program):
    formation = make_proposal(program)

    assert len(columns_of(formation)) == 3
    assert explanation_of(formation, hides_few=False).people == "24 people in 3 communities."
    assert start_formation(program).on_table is None
