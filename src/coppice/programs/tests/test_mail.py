"""Mail that could not be sent: shown to staff with the server's answer, and sent again."""

import pytest
from django.test import Client

from coppice.accounts.models import Person
from coppice.history.models import Entry
from coppice.notifications.errors import NotFailed
from coppice.notifications.inbound_models import AddressStanding
from coppice.notifications.models import Message
from coppice.notifications.tests.factories import make_message, make_person
from coppice.programs import actions
from coppice.programs.models import Enrollment, Program
from coppice.programs.tests import factories

pytestmark = pytest.mark.django_db


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


@pytest.fixture
def ana(program: Program) -> Enrollment:
    return actions.enroll(program, name="Ana on the roster", email="ana@example.org", by=None)


def failed(program: Program, recipient: Person, **fields) -> Message:
    return make_message(
        recipient,
        **{
            "scope": program.scope,
            "state": Message.State.FAILED,
            "attempts": 7,
            "trouble": Message.Trouble.ADDRESS,
            "last_error": "550 5.1.1 no such person",
            **fields,
        },
    )


def entries() -> list[tuple]:
    wanted = Entry.objects.filter(verb__startswith="mail.").order_by("pk")
    return list(wanted.values_list("verb", "actor__name", "about", "detail"))


def test_the_page_says_to_whom_why_not_and_what_to_do(page: Client, program: Program, ana: Enrollment):
    failed(program, ana.person)

    text = page.get(f"/programs/{program.pk}/mail/").text

    assert "Ana on the roster" in text
    assert "ana@example.org" in text
    assert "The address was refused. Correct it, then send again." in text
    assert "The mail server's answer: 550 5.1.1 no such person" in text
    assert f'href="/enrollments/{ana.pk}/"' in text
    assert "0 sent, 0 waiting, 1 could not be sent." in text


def test_one_mail_is_sent_again_once(page: Client, program: Program, ana: Enrollment):
    message = failed(program, ana.person)
    other = failed(program, ana.person)
    address = f"/programs/{program.pk}/mail/{message.pk}/resending/"

    first = page.post(address, {"once": "1"}, follow=True)
    page.post(address, {"once": "1"})
    late = page.post(address, {"once": "2"}, follow=True)

    message.refresh_from_db()
    other.refresh_from_db()
    assert (message.state, message.attempts, message.trouble, message.last_error) == ("waiting", 0, "", "")
    assert other.state == Message.State.FAILED
    assert "On its way again, to ana@example.org." in first.text
    assert "There is nothing to send again." in late.text
    assert entries() == [("mail.sent_again", "Rosa Medina", ana.person_id, {})]


def test_a_corrected_address_is_used_and_told_before(page: Client, program: Program, ana: Enrollment):
    message = failed(program, ana.person)
    actions.change_enrollment(ana, email="ana.ruiz@example.org", organizations=[], by=None)

    told = page.get(f"/programs/{program.pk}/mail/").text
    page.post(f"/programs/{program.pk}/mail/{message.pk}/resending/", {"once": "1"})

    message.refresh_from_db()
    assert "It will go to ana.ruiz@example.org, which is their address now." in told
    assert (message.state, message.to_address) == ("waiting", "ana.ruiz@example.org")


def test_all_of_the_program_and_its_provider_are_sent_again(page: Client, program: Program, ana: Enrollment):
    ben = factories.person("Ben Ode")
    other_program = factories.program(name="Another program")
    mine = [
        failed(program, ana.person),
        failed(program, ana.person, to_address="old@example.org"),
        failed(program, ben, scope=program.provider.scope),
    ]
    theirs = failed(other_program, ben)
    sent = failed(program, ben, state=Message.State.SENT)

    answer = page.post(f"/programs/{program.pk}/mail/resending/", {"once": "1"}, follow=True)
    again = page.post(f"/programs/{program.pk}/mail/resending/", {"once": "2"}, follow=True)

    states = dict(Message.objects.values_list("pk", "state"))
    assert states == {each.pk: "waiting" for each in mine} | {theirs.pk: "failed", sent.pk: "sent"}
    assert [Message.objects.get(pk=each.pk).to_address for each in mine] == [
        "ana@example.org",
        "ana@example.org",
        ben.email,
    ]
    assert "3 mails are on their way again." in answer.text
    assert "There is nothing to send again." in again.text
    assert entries() == [("mail.all_sent_again", "Rosa Medina", None, {"count": 3})]


def test_a_mail_of_another_program_is_not_sent_from_here(page: Client, program: Program, ana: Enrollment):
    other = factories.program(name="Another program")
    theirs = failed(other, ana.person)

    answers = [
        page.post(f"/programs/{place.pk}/mail/{theirs.pk}/resending/", {"once": "1"}).status_code
        for place in (program, other)
    ]

    theirs.refresh_from_db()
    assert (answers, theirs.state) == ([404, 404], "failed")


def test_what_has_left_is_not_sent_again(program: Program, ana: Enrollment, rosa: Person):
    message = failed(program, ana.person, state=Message.State.SENT)

    with pytest.raises(NotFailed):
        actions.send_again(program, message, by=rosa)

    assert entries() == []


def test_somebody_on_no_roster_is_written_to_at_their_own_address(program: Program, rosa: Person):
    message = failed(program, factories.person("Fran", email=None), to_address="fran@example.org")

    actions.send_again(program, message, by=rosa)

    assert Message.objects.get().to_address == "fran@example.org"


@pytest.mark.parametrize(
    ("state", "trouble", "words"),
    [
        ("waiting", "server", "We keep trying."),
        ("failed", "server", "Show its answer to whoever runs it"),
        ("failed", "unreachable", "When it is back, send again."),
        ("failed", "password", "When the mail settings are right, send again."),
        ("failed", "content", "when that is mended, send again."),
        ("failed", "unwritable", "Correct it, then send again."),
        ("sent", "", ""),
    ],
)
def test_every_trouble_says_what_to_do(state: str, trouble: str, words: str):
    advice = str(Message(state=state, trouble=trouble).advice)

    assert words in advice
    assert bool(advice) is bool(words)


def test_history_says_it_in_words(page: Client, program: Program, ana: Enrollment):
    message = failed(program, ana.person)
    page.post(f"/programs/{program.pk}/mail/{message.pk}/resending/", {"once": "1"})

    assert (
        "sent a failed mail to Ana on the roster again" in page.get(f"/programs/{program.pk}/history/").text
    )


def test_an_address_that_refuses_mail_is_shown_and_tried_again(
    page: Client, program: Program, ana: Enrollment, rosa: Person
):
    message = make_message(ana.person, scope=program.scope, to_address="ana@old.example")
    kept_back = {"state": Message.State.WITHHELD, "trouble": Message.Trouble.PAUSED}
    waits = make_message(ana.person, scope=program.scope, to_address="ana@old.example", **kept_back)
    paused = {"hard": 3, "last_said": "550 5.1.1 no such person", "paused_at": message.created_at}
    standing = AddressStanding.objects.create(person=ana.person, address="ana@old.example", **paused)
    AddressStanding.objects.create(person=make_person(), address="mia@old.example", **paused)

    shown = page.get(f"/programs/{program.pk}/mail/").text
    answer = page.post(f"/programs/{program.pk}/mail/addresses/{standing.pk}/trial/", follow=True)

    assert "Addresses that refuse mail" in shown
    assert "550 5.1.1 no such person" in shown
    assert "ana@old.example" in shown
    assert "mia@old.example" not in shown
    waits.refresh_from_db()
    assert (waits.state, waits.to_address) == (Message.State.WAITING, "ana@example.org")
    assert "Mail goes there again, and 1 that waited is on its way." in answer.text
    assert "Addresses that refuse mail" not in answer.text
    assert entries() == [("mail.address_tried_again", rosa.name, ana.person.pk, {})]
