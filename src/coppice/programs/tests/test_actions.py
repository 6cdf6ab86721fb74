"""Programs are created and changed, people enrolled, staff added and removed."""

from datetime import date

import pytest

from coppice.accounts.actions import change_address, change_person
from coppice.accounts.models import Person
from coppice.history.models import Entry
from coppice.notifications.models import Message
from coppice.programs import actions
from coppice.programs.errors import AddressTaken, AwardEndsTooEarly, LastAdministrator
from coppice.programs.models import Affiliation, Enrollment, FunderSeat, Program, Staff
from coppice.programs.tests import factories

pytestmark = pytest.mark.django_db


def test_a_provider_begins_with_its_administrator() -> None:
    rosa = factories.person()

    provider = actions.create_provider("Healthy Start", administrator=rosa, time_zone="America/Chicago")

    post = provider.staff.get()
    assert (post.person, post.role, provider.time_zone) == (rosa, Staff.Role.ADMIN, "America/Chicago")
    assert list(Entry.objects.of(provider.scope).values_list("verb", flat=True)) == ["provider.created"]


def test_a_program_has_its_topics_in_order_and_is_recorded() -> None:
    rosa = factories.person()
    provider = factories.provider(administrator=rosa)

    program = actions.create_program(
        provider,
        name="Rural transport",
        award_starts=date(2026, 1, 1),
        award_ends=date(2027, 1, 1),
        topics=["Vans", "Drivers", "Vans", " "],
        by=rosa,
    )

    assert list(program.topics.values_list("name", flat=True)) == ["Vans", "Drivers"]
    assert program.state == Program.State.ACTIVE
    entry = Entry.objects.of(program.scope).get()
    assert (entry.verb, entry.actor, entry.subject_name) == ("program.created", rosa, "Rural transport")


def test_an_award_cannot_end_before_it_starts() -> None:
    with pytest.raises(AwardEndsTooEarly):
        actions.create_program(
            factories.provider(),
            name="Backwards",
            award_starts=date(2027, 1, 1),
            award_ends=date(2026, 1, 1),
            by=factories.person(),
        )

    assert Program.objects.count() == 0


def test_changing_a_program_records_just_what_changed() -> None:
    rosa = factories.person()
    program = factories.program()
    actions.change_program(program, by=rosa, topics=["Vans"], name="Rides")

    actions.change_program(program, by=rosa, topics=["Vans"], name="Rides")

    assert (program.name, list(program.topics.values_list("name", flat=True))) == ("Rides", ["Vans"])
    entry = Entry.objects.of(program.scope).get()
    assert entry.detail == {"changed": ["name", "topics"]}


def test_a_mail_test_goes_to_the_person_acting_and_its_arrival_ticks_the_step() -> None:
    rosa = factories.person()
    program = factories.program()

    actions.test_mail(program, by=rosa)

    message = Message.objects.get()
    assert (message.recipient, message.scope) == (rosa, program.scope)
    assert f"/programs/{program.pk}/setup/" in message.text
    assert program.mail_tested_at is None

    arrived = actions.confirm_mail(program, by=rosa).mail_tested_at
    again = actions.confirm_mail(program, by=rosa).mail_tested_at

    assert (arrived is not None, again) == (True, arrived)
    assert Entry.objects.filter(verb="program.mail_arrived", actor=rosa).count() == 1


def test_staff_are_added_told_and_given_their_post_back() -> None:
    rosa = factories.person()
    provider = factories.provider(administrator=rosa)
    post = actions.add_staff(
        provider, email="Lin@Example.org", name="Lin Zhao", role=Staff.Role.STAFF, by=rosa
    )
    actions.remove_staff(post, by=rosa)

    again = actions.add_staff(provider, email="lin@example.org", name="Other", role=Staff.Role.ADMIN, by=rosa)

    assert (again.pk, again.is_active, again.role, again.person.name) == (post.pk, True, "admin", "Lin Zhao")
    assert again.name == "Other"
    assert Message.objects.filter(recipient=again.person).count() == 1


def test_a_post_and_a_seat_keep_what_was_typed_whatever_the_account_says() -> None:
    rosa = factories.person()
    program = factories.program(factories.provider(administrator=rosa))
    lin = factories.person("Linh of Elsewhere", email="lin@example.org")
    post = actions.add_staff(
        program.provider, email="LIN@example.org", name="Lin Zhao", role="staff", by=rosa
    )
    seat = actions.seat_funder(program, email="LIN@example.org", name="Ms Zhao", by=rosa)

    change_address(lin, email="elsewhere@example.org", by=lin)
    change_person(lin, name="Linh Elsewhere", language="", time_zone="", phone="", by=lin)
    again = actions.add_staff(program.provider, email="lin@example.org", name="Lin", role="staff", by=rosa)
    seated = actions.seat_funder(program, email="lin@example.org", name="Ms Lin Zhao", by=rosa)

    assert (post.person, seat.person, again, seated) == (lin, lin, post, seat)
    assert (again.called, again.email, str(again)) == ("Lin", "lin@example.org", "Lin, Program staff")
    assert (seated.called, seated.email, str(seated)) == (
        "Ms Lin Zhao",
        "lin@example.org",
        "Ms Lin Zhao · Rural transport",
    )
    assert set(
        Message.objects.filter(occasion__regex="^(staff-added|funder)").values_list("to_address", flat=True)
    ) == {"lin@example.org"}
    names = Entry.objects.filter(verb__in=["staff.added", "funder.seated"]).values_list(
        "subject_name", flat=True
    )
    assert [name for name in names if "Elsewhere" in name] == []


def test_the_last_administrator_stays() -> None:
    rosa = factories.person()
    provider = factories.provider(administrator=rosa)

    with pytest.raises(LastAdministrator):
        actions.remove_staff(provider.staff.get(), by=rosa)

    assert provider.staff.get().is_active


def test_an_administrator_may_go_when_another_is_left() -> None:
    rosa = factories.person()
    provider = factories.provider(administrator=rosa)
    second = actions.add_staff(provider, email="lin@example.org", name="Lin", role=Staff.Role.ADMIN, by=rosa)

    actions.remove_staff(second, by=rosa)

    assert list(provider.staff.filter(is_active=True).values_list("person", flat=True)) == [rosa.pk]


def test_a_funder_is_seated_once() -> None:
    rosa = factories.person()
    program = factories.program()
    seat = actions.seat_funder(program, email="f@example.org", name="Frances", by=rosa)

    again = actions.seat_funder(program, email="f@example.org", name="Frances", by=rosa)

    assert again == seat
    assert FunderSeat.objects.count() == Message.objects.count() == 1


def test_enrolling_links_the_account_that_exists_and_leaves_it_alone() -> None:
    known = factories.person("Ana Silva", email="ana@example.org")
    program = factories.program()

    enrollment = actions.enroll(
        program, name="A. Silva", email="ANA@example.org", organizations=["Pantry", ""], by=None
    )

    known.refresh_from_db()
    assert (enrollment.person, enrollment.name, known.name) == (known, "A. Silva", "Ana Silva")
    assert enrollment.contact_mode == Enrollment.ContactMode.EMAIL
    assert list(enrollment.organizations.values_list("name", flat=True)) == ["Pantry"]


@pytest.mark.parametrize(("phone", "mode"), [("+1 555 0100", "phone"), ("", "paper")])
def test_without_an_address_people_take_part_by_phone_or_paper(phone: str, mode: str) -> None:
    enrollment = actions.enroll(factories.program(), name="Tom Whitehorse", phone=phone, by=None)

    assert (enrollment.contact_mode, enrollment.person.email) == (mode, None)


def test_an_address_is_on_a_roster_once() -> None:
    program = factories.program()
    actions.enroll(program, name="Ana", email="ana@example.org", by=None)

    with pytest.raises(AddressTaken):
        actions.enroll(program, name="Ana again", email="ana@example.org", by=None)

    assert program.enrollments.count() == 1


def test_mending_a_row_gives_an_account_its_missing_address() -> None:
    program = factories.program()
    enrollment = actions.enroll(program, name="Tom", organizations=["Pantry", "Clinic"], by=None)

    actions.change_enrollment(
        enrollment, by=None, organizations=["Clinic", "Youth"], name="Tom W", email="tom@example.org"
    )

    enrollment.person.refresh_from_db()
    assert (enrollment.name, enrollment.person.email) == ("Tom W", "tom@example.org")
    assert set(enrollment.organizations.values_list("name", flat=True)) == {"Clinic", "Youth"}
    entry = Entry.objects.of(program.scope).first()
    assert entry is not None
    assert entry.detail == {"changed": ["email", "name", "organizations"]}


def test_mending_nothing_records_nothing() -> None:
    enrollment = actions.enroll(factories.program(), name="Tom", organizations=["Pantry"], by=None)
    before = Entry.objects.count()

    actions.change_enrollment(enrollment, by=None, organizations=["Pantry"], name="Tom")

    assert Entry.objects.count() == before


def test_a_changed_address_stays_with_the_program_when_an_account_has_another() -> None:
    program = factories.program()
    factories.person("Lin", email="lin@example.org")
    tom = actions.enroll(program, name="Tom", by=None)

    actions.change_enrollment(tom, by=None, organizations=[], email="lin@example.org")

    assert Person.objects.get(pk=tom.person_id).email is None
    assert tom.email == "lin@example.org"


def test_mending_cannot_take_another_ones_address() -> None:
    program = factories.program()
    actions.enroll(program, name="Ana", email="ana@example.org", by=None)
    tom = actions.enroll(program, name="Tom", by=None)

    with pytest.raises(AddressTaken):
        actions.change_enrollment(tom, by=None, organizations=[], email="ana@example.org")

    assert Affiliation.objects.count() == 0


def test_the_last_administrator_cannot_be_made_less() -> None:
    rosa = factories.person()
    provider = factories.provider(administrator=rosa)
    lin = actions.add_staff(provider, email="lin@example.org", name="Lin", role="admin", by=rosa).person
    lin.is_active = False  # a suspended administrator looks after nothing
    lin.save()

    with pytest.raises(LastAdministrator):
        actions.add_staff(provider, email=rosa.email, name="Rosa", role="staff", by=rosa)

    assert provider.staff.get(person=rosa).role == Staff.Role.ADMIN


def test_one_of_two_administrators_can_be_made_less() -> None:
    rosa = factories.person()
    provider = factories.provider(administrator=rosa)
    actions.add_staff(provider, email="lin@example.org", name="Lin", role="admin", by=rosa)

    post = actions.add_staff(provider, email=rosa.email, name="Rosa", role="staff", by=rosa)

    assert post.role == Staff.Role.STAFF
