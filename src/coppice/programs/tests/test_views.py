"""The pages of programs, by those who may and those who may not."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from coppice.accounts.models import Person
from coppice.notifications.models import Message
from coppice.programs import actions, permissions
from coppice.programs.models import (
    Affiliation,
    Enrollment,
    FunderSeat,
    Organization,
    Program,
    Provider,
    Staff,
)
from coppice.programs.tests import factories
from coppice.programs.wording import Words, words_for

pytestmark = pytest.mark.django_db

FRAME = {
    "name": "Rural transport",
    "award_starts": "2026-01-01",
    "award_ends": "2027-01-01",
    "topics": "Vans\nDrivers",
    "community_word": "circle",
    "language": "en",
    "time_zone": "America/Chicago",
    "call_after_days": "30",
}


@pytest.fixture
def rosa() -> Person:
    return factories.person()


@pytest.fixture
def program(rosa: Person) -> Program:
    return factories.program(factories.provider(administrator=rosa))


@pytest.fixture
def page(client: Client, rosa: Person) -> Client:
    client.force_login(rosa)
    return client


def test_a_program_is_created_from_the_form(page: Client, program: Program) -> None:
    shown = page.get("/programs/new/")
    created = page.post("/programs/new/", {**FRAME, "name": "New one", "provider": program.provider_id})

    made = Program.objects.get(name="New one")
    assert shown.status_code == 200
    assert created.url == f"/programs/{made.pk}/setup/"
    assert list(made.topics.values_list("name", flat=True)) == ["Vans", "Drivers"]
    assert words_for(made) == Words(community="learning circle", communities="learning circles")


@pytest.mark.parametrize(
    "wrong",
    [
        {"award_ends": "2025-01-01"},
        {"community_word": "own"},
        {"topics": "x" * 121},
        {"time_zone": "Mars/Base"},
        {"name": ""},
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(page: Client, program: Program, wrong: dict) -> None:
    answer = page.post("/programs/new/", {**FRAME, **wrong, "provider": program.provider_id})

    assert answer.status_code == 422
    assert "aria-invalid" in answer.content.decode()
    assert list(Program.objects.all()) == [program]


def test_somebody_of_two_providers_chooses_one(page: Client, program: Program, rosa: Person) -> None:
    second = factories.provider("Second", administrator=rosa)

    page.post("/programs/new/", {**FRAME, "name": "New one", "provider": second.pk})

    assert Program.objects.get(name="New one").provider == second
    assert "Second" in page.get("/programs/new/").content.decode()


def test_a_program_is_changed(page: Client, program: Program) -> None:
    program.topics.create(name="Vans")
    shown = page.get(f"/programs/{program.pk}/edit/").content.decode()

    changed = page.post(
        f"/programs/{program.pk}/edit/",
        {**FRAME, "community_word": "own", "own_word": "guild", "own_word_plural": "guilds"},
    )
    wrong = page.post(f"/programs/{program.pk}/edit/", {**FRAME, "name": ""})

    program.refresh_from_db()
    assert "Vans" in shown
    assert (changed.url, wrong.status_code) == (f"/programs/{program.pk}/", 422)
    assert words_for(program) == Words(community="guild", communities="guilds")


def test_a_test_mail_is_sent_from_the_page(page: Client, program: Program) -> None:
    answer = page.post(f"/programs/{program.pk}/mail-test/")

    assert answer.url == f"/programs/{program.pk}/setup/"
    assert Message.objects.count() == 1


def test_a_test_mail_counts_once_it_is_said_to_have_arrived(page: Client, program: Program) -> None:
    setup, arrival = f"/programs/{program.pk}/setup/", f"/programs/{program.pk}/mail-test/arrival/"
    page.post(f"/programs/{program.pk}/mail-test/")
    waiting = page.get(setup).content.decode()
    Message.objects.update(state="sent")
    sent = page.get(setup).content.decode()
    Message.objects.update(state="failed", trouble="address")
    failed = page.get(setup).content.decode()

    arrived = page.post(arrival, follow=True).content.decode()

    address = Message.objects.get().to_address
    assert f"Did the mail to {address} arrive?" in waiting
    assert "It has not left yet." in waiting
    assert "It has left: the mail server took it." in sent
    assert "The address was refused." in failed
    assert ("2 of 5 steps done." in arrived, "Did the mail" in arrived) == (True, False)


def test_the_roster_is_listed_searched_and_taken_away(page: Client, program: Program) -> None:
    empty = page.get(f"/programs/{program.pk}/people/").content.decode()
    actions.enroll(program, name="Ana Silva", email="ana@example.org", organizations=["Pantry"], by=None)
    actions.enroll(program, name="=Tom", organizations=["Clinic"], by=None)

    everybody = page.get(f"/programs/{program.pk}/people/").content.decode()
    by_organization = page.get(f"/programs/{program.pk}/people/?q=pantry").content.decode()
    nobody = page.get(f"/programs/{program.pk}/people/?q=zzz").content.decode()
    file = page.get(f"/programs/{program.pk}/people.csv").content.decode("utf-8-sig")

    assert "Nobody is on the roster yet" in empty
    assert "2 people on the roster." in everybody
    assert "Ana Silva" in by_organization
    assert "=Tom" not in by_organization
    assert "Nobody matches" in nobody
    assert "Ana Silva,ana@example.org" in file
    assert "\n=Tom" not in file


def test_one_person_is_added_and_mended_by_hand(page: Client, program: Program) -> None:
    shown = page.get(f"/programs/{program.pk}/people/new/")
    added = page.post(
        f"/programs/{program.pk}/people/new/",
        {
            "name": "Tom",
            "email": "",
            "phone": "+1 555",
            "contact_mode": "email",
            "organizations": "Pantry\nClinic",
        },
    )
    tom = Enrollment.objects.get()
    Enrollment.objects.filter(pk=tom.pk).update(
        language="mi", time_zone="EST5EDT", attributes={"Van size": 12}
    )
    form = page.get(f"/enrollments/{tom.pk}/").content.decode()
    mended = page.post(
        f"/enrollments/{tom.pk}/",
        {"name": "Tom W", "email": "tom@example.org", "contact_mode": "email", "organizations": "Clinic"},
    )

    tom.refresh_from_db()
    assert shown.status_code == 200
    assert (added.status_code, mended.status_code) == (302, 302)
    assert "Van size" in form
    assert 'value="mi"' in form
    assert (tom.name, tom.email, tom.organizations.get().name) == ("Tom W", "tom@example.org", "Clinic")


def test_an_address_taken_is_said_beside_the_field(page: Client, program: Program) -> None:
    actions.enroll(program, name="Ana", email="ana@example.org", by=None)
    tom = actions.enroll(program, name="Tom", by=None)
    again = {"name": "Tom", "email": "ana@example.org", "contact_mode": "email"}

    added = page.post(f"/programs/{program.pk}/people/new/", again)
    mended = page.post(f"/enrollments/{tom.pk}/", again)

    assert (added.status_code, mended.status_code) == (422, 422)
    assert "Somebody on this roster has that address" in added.content.decode()


def test_administrators_add_and_end_posts(page: Client, program: Program, rosa: Person) -> None:
    address = f"/providers/{program.provider_id}/staff/"
    shown = page.get(address).content.decode()
    added = page.post(address, {"name": "Lin", "email": "lin@example.org", "role": "staff"})
    wrong = page.post(address, {"name": "Lin", "email": "no", "role": "staff"})
    lin = Staff.objects.get(person__name="Lin")
    ended = page.post(f"{address}{lin.pk}/end/")
    last = page.post(f"{address}{program.provider.staff.get(person=rosa).pk}/end/", follow=True)

    lin.refresh_from_db()
    assert str(rosa) in shown
    assert (added.status_code, wrong.status_code, ended.status_code) == (302, 422, 302)
    assert not lin.is_active
    assert "This is the last administrator" in last.content.decode()


def test_staff_who_do_not_administer_cannot(client: Client, program: Program) -> None:
    lin = factories.person("Lin Zhao")
    Staff.objects.create(provider=program.provider, person=lin)
    client.force_login(lin)

    answers = [
        client.get(f"/providers/{program.provider_id}/staff/").status_code,
        client.post(
            f"/providers/{program.provider_id}/staff/{program.provider.staff.first().pk}/end/"
        ).status_code,
        client.get(f"/providers/{factories.provider('Other').pk}/staff/").status_code,
    ]

    assert answers == [403, 403, 404]


def test_a_funder_is_seated_from_the_page(page: Client, program: Program) -> None:
    shown = page.get(f"/programs/{program.pk}/funders/")
    seated = page.post(f"/programs/{program.pk}/funders/", {"name": "Frances", "email": "f@example.org"})
    wrong = page.post(f"/programs/{program.pk}/funders/", {"name": "", "email": ""})

    assert (shown.status_code, seated.status_code, wrong.status_code) == (200, 302, 422)
    assert FunderSeat.objects.get().person.name == "Frances"


BROKEN = "Ana\r\nBcc: all@example.org\x00\u2028Silva"
MENDED = "Ana Bcc: all@example.org Silva"


def test_names_stand_on_one_line_by_whatever_door_they_come(
    page: Client, program: Program, rosa: Person
) -> None:
    page.post(
        f"/programs/{program.pk}/edit/",
        {**FRAME, "name": BROKEN, "topics": "Vans\x07\u202e  and\tdrivers\r\nTrucks"},
    )
    page.post(
        f"/providers/{program.provider_id}/staff/",
        {"name": BROKEN, "email": "l@example.org", "role": "staff"},
    )
    page.post(f"/programs/{program.pk}/funders/", {"name": BROKEN, "email": "f@example.org"})
    page.post("/me/", {"name": BROKEN, "language": "", "time_zone": "", "phone": ""})
    enrollment = actions.enroll(program, name=BROKEN, organizations=[BROKEN], by=rosa)

    program.refresh_from_db()
    rosa.refresh_from_db()
    named = [
        program.name,
        Staff.objects.get(email="l@example.org").name,
        FunderSeat.objects.get().name,
        rosa.name,
        enrollment.name,
        Organization.objects.get().name,
    ]
    assert named == [MENDED] * len(named)
    assert list(program.topics.values_list("name", flat=True)) == ["Vans and drivers", "Trucks"]


def test_history_and_mail_are_told_in_words(page: Client, program: Program, rosa: Person) -> None:
    actions.test_mail(program, by=rosa)
    actions.enroll(program, name="Ana Silva", by=rosa)
    Message.objects.update(state="failed", last_error="550 no such user")

    history = page.get(f"/programs/{program.pk}/history/").content.decode()
    mail = page.get(f"/programs/{program.pk}/mail/").content.decode()

    assert "tested the mail" in history
    assert "put Ana Silva on the roster" in history
    assert "550 no such user" in mail


def test_predicates_tell_staff_leads_and_funders_apart(program: Program, rosa: Person) -> None:
    outsider, lead, funder = (factories.person(name) for name in ("Out Sider", "Le Ad", "Fun Der"))
    organization = Organization.objects.create(program=program, name="Pantry")
    enrollment = Enrollment.objects.create(program=program, person=lead, name="Le Ad")
    Affiliation.objects.create(enrollment=enrollment, organization=organization, is_lead=True)
    FunderSeat.objects.create(program=program, person=funder)

    told = {
        person.name: (
            permissions.is_staff_of(person, program.provider),
            permissions.can_administer(person, program.provider),
            permissions.can_create_program(person),
            permissions.can_run(person, program),
            permissions.can_read_summary(person, program),
            permissions.can_read_organization(person, organization),
            permissions.can_run_program_of(person, enrollment),
            permissions.can_edit_enrollment(person, enrollment),
        )
        for person in (rosa, outsider, lead, funder)
    }

    assert told == {
        "Rosa Medina": (True,) * 8,
        "Out Sider": (False,) * 8,
        "Le Ad": (False, False, False, False, False, True, False, False),
        "Fun Der": (False, False, False, False, True, False, False, False),
    }


def test_where_somebody_works_is_asked_once_of_each_reader(
    program: Program, rosa: Person, django_assert_num_queries
) -> None:
    reader = Person.objects.get(pk=rosa.pk)

    with django_assert_num_queries(1):
        answers = [permissions.can_run(reader, program) for _ in range(3)]

    assert answers == [True, True, True]


def test_who_lost_their_post_runs_nothing_from_the_next_page_on(page: Client, program: Program, rosa) -> None:
    before = page.get(f"/programs/{program.pk}/people/").status_code

    program.provider.staff.filter(person=rosa).update(is_active=False)

    assert (before, page.get(f"/programs/{program.pk}/people/").status_code) == (200, 404)


def test_what_a_roster_says_is_shown_in_words(page: Client, program: Program) -> None:
    ana = Enrollment.objects.create(
        program=program,
        person=factories.person("Ana Silva"),
        name="Ana Silva",
        attributes={
            "topics": ["Volunteer retention", "Cold storage"],
            "joined_on": "2026-03-01",
            "van_size": 12,
            "drives": True,
            "smokes": False,
        },
    )

    shown = page.get(f"/enrollments/{ana.pk}/").text

    for said in (
        "<dt>Topics</dt><dd>Volunteer retention, Cold storage</dd>",
        "<dt>Joined on</dt><dd>2026-03-01</dd>",
        "<dt>Van size</dt><dd>12</dd>",
        "<dt>Drives</dt><dd>Yes</dd>",
        "<dt>Smokes</dt><dd>No</dd>",
    ):
        assert said in shown


def test_time_zones_are_offered_by_city_as_on_every_form(page: Client, program: Program) -> None:
    assert (
        '<option value="America/Chicago">Chicago (Central Time)</option>' in page.get("/programs/new/").text
    )


def test_nobody_sees_a_provider() -> None:
    assert Provider.objects.visible_to(type("Nobody", (), {"is_authenticated": False})()).count() == 0


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"call_after_days": "999999"}, "Give 365 or less."),
        ({"call_after_days": "0"}, "Give 1 or more."),
        ({"call_after_days": "-3"}, "Give 0 or more."),
        ({"award_ends": "9999-12-31"}, "Give a day from the year 2000 to 2100."),
        ({"award_starts": "0001-01-01"}, "Give a day from the year 2000 to 2100."),
    ],
)
def test_a_slip_of_the_keyboard_is_said_beside_the_field(
    page: Client, program: Program, wrong: dict, sentence: str
) -> None:
    refused = page.post(f"/programs/{program.pk}/edit/", {**FRAME, **wrong})

    program.refresh_from_db()
    assert (refused.status_code, program.call_after_days) == (422, 30)
    assert sentence in refused.content.decode()


@pytest.mark.parametrize(
    "wrong", [{"call_after_days": 0}, {"call_after_days": 366}, {"award_ends": date(9999, 12, 31)}]
)
def test_the_database_refuses_what_no_form_lets_through(program: Program, wrong: dict) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Program.objects.filter(pk=program.pk).update(**wrong)


def test_the_last_administrator_is_told_beside_the_role(page: Client, program: Program, rosa: Person) -> None:
    address = f"/providers/{program.provider_id}/staff/"

    refused = page.post(address, {"name": "Rosa", "email": rosa.email, "role": "staff"})

    assert refused.status_code == 422
    assert "This is the last administrator." in refused.content.decode()
