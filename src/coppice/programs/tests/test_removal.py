"""People are taken off the roster, and come back: by hand, by their address, by a file."""

import pytest
from django.test import Client
from django.utils import timezone

from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, enroll, make_community, make_program, make_staff
from coppice.history.models import Entry
from coppice.programs import actions, permissions
from coppice.programs.errors import AddressTaken, PersonIsErased
from coppice.programs.models import Enrollment
from coppice.programs.tests.test_roster_imports import SMALL, bring_in

pytestmark = pytest.mark.django_db

State = Membership.State


def verbs() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("verb", flat=True))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (State.INVITED, State.WITHDRAWN, ["membership.withdrawn"]),
        (State.ACTIVE, State.LEFT, ["membership.left"]),
        (State.PAUSED, State.LEFT, ["membership.left"]),
        (State.DECLINED, State.DECLINED, []),
        (State.LEFT, State.LEFT, []),
    ],
)
def test_what_is_open_ends_with_the_place_on_the_roster(before: str, after: str, told: list[str]) -> None:
    membership = add_member(make_community(), state=before)

    actions.end_enrollment(membership.enrollment, by=None)

    membership.refresh_from_db()
    assert membership.state == after
    assert membership.enrollment.ended_at is not None
    assert verbs() == ["enrollment.ended", *told]


def test_places_in_other_programs_and_other_peoples_places_stay() -> None:
    community = make_community()
    tom = add_member(community, state=State.ACTIVE)
    other = add_member(community, state=State.ACTIVE)
    elsewhere = make_community()
    there = add_member(
        elsewhere, enrollment=enroll(elsewhere.program, person=tom.person, name="Tom"), state=State.ACTIVE
    )

    actions.end_enrollment(tom.enrollment, by=None)

    for membership in (other, there):
        membership.refresh_from_db()
        assert (membership.state, membership.enrollment.ended_at) == (State.ACTIVE, None)


def test_taking_off_and_putting_back_twice_changes_nothing_more() -> None:
    tom = enroll(make_program())

    first = actions.end_enrollment(tom, by=None).ended_at
    assert actions.end_enrollment(tom, by=None).ended_at == first
    actions.readmit(tom, by=None)
    assert actions.readmit(tom, by=None).ended_at is None

    assert verbs() == ["enrollment.ended", "enrollment.readmitted"]


def test_who_had_themself_erased_is_not_put_back() -> None:
    tom = enroll(make_program(), ended_at=timezone.now())
    tom.person.erased_at = timezone.now()
    tom.person.save(update_fields=["erased_at"])

    with pytest.raises(PersonIsErased):
        actions.readmit(tom, by=None)

    assert list(Enrollment.objects.taken_off()) == []


def test_adding_the_same_address_brings_somebody_back_with_what_is_said_now() -> None:
    program = make_program()
    tom = actions.enroll(program, name="Tom", email="tom@example.org", phone="+15550100", by=None)
    with pytest.raises(AddressTaken):
        actions.enroll(program, name="Tom", email="tom@example.org", by=None)
    actions.end_enrollment(tom, by=None)

    again = actions.enroll(
        program, name="Tom Whitehorse", email="tom@example.org", phone="", job_title="Driver", by=None
    )

    again.refresh_from_db()
    assert (again.pk, again.ended_at) == (tom.pk, None)
    assert (again.name, again.phone, again.job_title) == ("Tom Whitehorse", "+15550100", "Driver")


def test_a_file_brings_somebody_back_and_its_preview_says_so() -> None:
    program = make_program()
    bring_in(program, SMALL.encode())
    rosa = Enrollment.objects.get(email="rosa@example.org")
    actions.end_enrollment(rosa, by=None)

    roster_import = actions.begin_import(program, content=SMALL.encode(), filename="again.csv", by=None)
    actions.match_columns(roster_import, chosen={}, by=None)
    roster_import.refresh_from_db()
    line = roster_import.lines.get(enrollment=rosa)
    assert (line.action, line.has_problems) == ("change", True)
    assert "brings them back" in str(line.problems[-1].sentence)

    actions.start_applying(roster_import, by=None)
    counts = actions.apply_import(roster_import.pk)
    rosa.refresh_from_db()
    assert (counts["change"], counts["add"], rosa.ended_at) == (1, 0, None)
    assert bring_in(program, SMALL.encode())["unchanged"] == 2


def test_staff_take_somebody_off_read_what_ends_and_put_them_back(client: Client) -> None:
    program = make_program()
    rosa = make_staff(program)
    tom = enroll(program, name="Tom Whitehorse")
    client.force_login(rosa)

    assert f"/enrollments/{tom.pk}/removal/" in client.get(f"/enrollments/{tom.pk}/").text
    assert "open invitations" in client.get(f"/enrollments/{tom.pk}/removal/").text
    client.post(f"/enrollments/{tom.pk}/removal/")
    assert "Tom Whitehorse" in client.get(f"/programs/{program.pk}/people/?show=left").text
    assert "Off the roster since" in client.get(f"/enrollments/{tom.pk}/").text
    assert not program.enrollments.current().exists()

    client.post(f"/enrollments/{tom.pk}/readmission/")
    assert program.enrollments.current().get() == tom


def test_putting_back_the_erased_is_refused_in_words(client: Client) -> None:
    program = make_program()
    tom = enroll(program, ended_at=timezone.now())
    tom.person.erased_at = timezone.now()
    tom.person.save(update_fields=["erased_at"])
    client.force_login(make_staff(program))

    refused = client.post(f"/enrollments/{tom.pk}/readmission/", follow=True)

    assert "had themself erased" in refused.text
    assert not program.enrollments.current().exists()


def test_only_the_programs_staff_take_people_off() -> None:
    tom = enroll(make_program())

    assert permissions.can_end_enrollment(make_staff(tom.program), tom)
    assert not permissions.can_end_enrollment(make_staff(make_program()), tom)
    assert not permissions.can_end_enrollment(tom.person, tom)
