"""Rosters follow what people do with their own account."""

import pytest

from coppice.accounts import actions as accounts
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
