"""Rosters follow what people do with their own account."""

import pytest

from coppice.accounts import actions as accounts
from coppice.accounts.errors import StillNeeded
from coppice.accounts.queries import consequences_of_erasure
from coppice.programs import actions
from coppice.programs.tests import factories

pytestmark = pytest.mark.django_db


def test_a_person_who_renames_themself_is_renamed_on_every_roster() -> None:
    enrollment = actions.enroll(factories.program(), name="A. Silva", email="ana@example.org", by=None)
    person = enrollment.person

    accounts.change_person(person, name="Ana Silva", language="", time_zone="", phone="", by=person)

    enrollment.refresh_from_db()
    assert enrollment.name == "Ana Silva"


def test_an_emptied_name_leaves_the_rosters_alone() -> None:
    enrollment = actions.enroll(factories.program(), name="A. Silva", email="ana@example.org", by=None)
    person = enrollment.person

    accounts.change_person(person, name="", language="", time_zone="", phone="", by=person)

    enrollment.refresh_from_db()
    assert enrollment.name == "A. Silva"


def test_a_new_address_to_sign_in_with_leaves_the_rosters_alone() -> None:
    program = factories.program()
    enrollment = actions.enroll(program, name="Ana", email="ana@old.example", by=None)

    accounts.change_address(enrollment.person, email="ana@new.example", by=enrollment.person)

    enrollment.refresh_from_db()
    assert (enrollment.email, enrollment.person.email) == ("ana@old.example", "ana@new.example")


def test_somebody_erased_is_on_no_current_roster() -> None:
    program = factories.program()
    enrollment = actions.enroll(program, name="Ana", email="ana@example.org", by=None)

    accounts.erase(enrollment.person, by=enrollment.person)

    assert list(program.enrollments.current()) == []
    assert program.enrollments.get().name == ""


def test_the_last_administrator_hands_over_before_they_are_erased(client) -> None:
    rosa = factories.person()
    provider = factories.provider(administrator=rosa)
    lin = actions.add_staff(provider, email="lin@example.org", name="Lin", role="staff", by=rosa)
    client.force_login(rosa)

    asked = client.get("/me/privacy/erasure/").content.decode()
    refused = client.post("/me/privacy/erasure/", {"typed": "erase me"})
    with pytest.raises(StillNeeded):
        accounts.erase(rosa, by=rosa)
    actions.add_staff(provider, email=lin.email, name="Lin", role="admin", by=rosa)
    accounts.erase(rosa, by=rosa)

    rosa.refresh_from_db()
    assert "You are the last administrator of Healthy Start." in asked
    assert (f"/providers/{provider.pk}/staff/" in asked, "Erase me for good" in asked) == (True, False)
    assert refused.status_code == 422
    assert rosa.erased_at is not None


def test_who_is_alone_at_a_provider_is_told_what_follows_and_may_go(client) -> None:
    rosa = factories.person()
    provider = factories.provider(administrator=rosa)
    gone = actions.add_staff(provider, email="lin@example.org", name="Lin", role="admin", by=rosa)
    actions.remove_staff(gone, by=rosa)
    client.force_login(rosa)

    asked = client.get("/me/privacy/erasure/").content.decode()
    erased = client.post("/me/privacy/erasure/", {"typed": "erase me"})

    assert "Nobody else works for Healthy Start." in asked
    assert erased.url == "/erased/"


def test_staff_and_one_of_two_administrators_are_asked_nothing() -> None:
    rosa = factories.person()
    provider = factories.provider(administrator=rosa)
    lin = actions.add_staff(provider, email="lin@example.org", name="Lin", role="staff", by=rosa).person
    second = actions.add_staff(provider, email="ben@example.org", name="Ben", role="admin", by=rosa).person

    assert [consequences_of_erasure(person) for person in (rosa, lin, second)] == [[], [], []]
