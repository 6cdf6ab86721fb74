"""Mail that nobody could read, or that is too much to read: its sender hears of it, once, and so do we."""

from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice import cli, health
from coppice.notifications.inbound import addresses, folders, handling, register, taking
from coppice.notifications.inbound.addresses import Use
from coppice.notifications.inbound.registry import registry
from coppice.notifications.inbound_models import ReceivedMail, ReturnNote
from coppice.notifications.models import Message
from coppice.notifications.tests.factories import make_message, make_person
from coppice.notifications.tests.mails import make_mail
from coppice.programs.models import Staff
from coppice.programs.tests.factories import provider

pytestmark = pytest.mark.django_db

DOMAIN = "in.coppice.example"
TO = f"rural@{DOMAIN}"


@pytest.fixture(autouse=True)
def inbound(settings, monkeypatch) -> None:
    settings.MAIL_INBOUND_DOMAIN = DOMAIN
    settings.INBOUND_WEBHOOK_SECRET = "only-the-provider-knows"
    monkeypatch.setattr(registry, "purposes", {})


def give_up(pk: int) -> ReceivedMail:
    """Try one mail until it is given up."""
    for _attempt in range(len(handling.PAUSES) + 1):
        ReceivedMail.objects.filter(pk=pk).update(next_attempt_at=timezone.now())
        handling.handle_due()
    return ReceivedMail.objects.get(pk=pk)


def bring_to_ana(**headers: str) -> int:
    ana = make_person(email="ana@example.org")
    to = addresses.address(Use.REPLY, make_message(ana, reply_to="thread:12"))
    taking.take(make_mail(to=to, **headers), mail_from="ana@example.org", rcpt_tos=[to])
    return ReceivedMail.objects.get().pk


def breaks(*_mail: object) -> None:
    raise RuntimeError("the room is on fire")


def test_a_mail_that_breaks_five_times_is_told_to_its_sender_and_to_administrators():
    register("thread", breaks)
    admin = Staff.objects.get(provider=provider(administrator=make_person(name="Rosa")), role="admin")
    Staff.objects.create(provider=admin.provider, person=make_person(), role="staff")

    mail = give_up(bring_to_ana())

    assert (mail.state, mail.outcome) == ("failed", "broken")
    [note] = ReturnNote.objects.all()
    assert (note.to_address, "write it in other words" in note.text) == ("ana@example.org", True)
    [told] = Message.objects.filter(occasion="mail-unreadable")
    assert (told.recipient, "coppice read-again" in told.text) == (admin.person, True)
    assert health.arrivals() == health.Condition(
        "arrivals",
        False,
        "Mails that came in this week and could not be read: 1. The log says why. Upgrade Coppice, "
        "then run `coppice read-again`.",
    )


def test_who_looks_after_the_installation_is_told_before_administrators():
    register("thread", breaks)
    provider(administrator=make_person(name="Rosa"))
    keeper = make_person(is_instance_admin=True)

    give_up(bring_to_ana())

    assert Message.objects.get(occasion="mail-unreadable").recipient == keeper


def test_a_mail_that_broke_is_read_again_after_an_upgrade(capsys):
    register("thread", breaks)
    pk = give_up(bring_to_ana()).pk
    register("thread", lambda *_mail: None)

    assert (cli.main(["read-again"]), capsys.readouterr().out) == (0, "Mails that are tried again: 1.\n")
    assert handling.handle_due() == 1
    assert ReceivedMail.objects.get(pk=pk).outcome == "taken"
    assert health.arrivals().is_well


def test_a_machine_whose_mail_breaks_gets_no_answer(monkeypatch):
    monkeypatch.setattr(handling._Handling, "outcome", breaks)

    mail = give_up(bring_to_ana(Auto_Submitted="auto-generated"))

    assert (mail.state, ReturnNote.objects.count()) == ("failed", 0)


def test_what_breaks_even_the_answer_does_not_keep_a_mail_for_ever(monkeypatch):
    register("thread", breaks)
    monkeypatch.setattr(handling, "return_to_sender", breaks)

    assert give_up(bring_to_ana()).state == "failed"


def in_maildir(folder: Path, *mails: bytes) -> tuple[int, int]:
    (folder / "new").mkdir(exist_ok=True)
    for number, mail in enumerate(mails):
        (folder / "new" / f"{number}.mx").write_bytes(mail)
    return folders.take_maildir(folder)


@pytest.mark.parametrize(
    ("limit", "outcome", "words"),
    [("LARGEST", "too_large", "larger than 25 MB"), ("tangled", "too_tangled", "in too many parts")],
)
def test_what_is_too_much_in_a_maildir_is_listed_and_answered_once(
    tmp_path: Path, monkeypatch, limit, outcome, words
):
    if limit == "LARGEST":
        monkeypatch.setattr(taking, "LARGEST", 2000)
    else:
        monkeypatch.setattr(taking.reading, "is_too_tangled", lambda raw: len(raw) > 2000)
    mail = make_mail(to=TO, text="A plan. " * 2000)

    counts = [in_maildir(tmp_path, mail), in_maildir(tmp_path, mail)]

    assert counts == [(0, 1), (0, 1)]
    [row] = ReceivedMail.objects.all()
    assert (row.outcome, row.state, row.from_address, row.size) == (
        outcome,
        "handled",
        "ana@example.org",
        len(mail),
    )
    assert b"A plan." not in bytes(row.raw)
    [note] = ReturnNote.objects.all()
    assert (note.to_address, words in note.text) == ("ana@example.org", True)


def test_what_is_too_much_by_a_webhook_is_answered_too(client, monkeypatch):
    monkeypatch.setattr(taking, "LARGEST", 2000)
    address = reverse("notifications:webhook", args=["raw", "only-the-provider-knows"])

    for _time in range(2):
        client.post(
            f"{address}?from=ben@example.org&to={TO}",
            make_mail(to=TO, text="A plan. " * 2000, Message_ID="<1@x>"),
            content_type="message/rfc822",
        )

    assert [note.to_address for note in ReturnNote.objects.all()] == ["ben@example.org"]


@pytest.mark.parametrize(
    "mail",
    [
        make_mail(to=TO, text="x " * 2000, Auto_Submitted="auto-replied"),
        make_mail(to="x@elsewhere.example", text="x " * 2000),
    ],
)
def test_machines_and_mail_to_nobody_here_get_no_answer(tmp_path: Path, monkeypatch, mail):
    monkeypatch.setattr(taking, "LARGEST", 2000)

    in_maildir(tmp_path, mail)

    assert ReturnNote.objects.count() == 0
