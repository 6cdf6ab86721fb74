"""Delivery to a real mail server on loopback: once, in the right form, with pauses when it fails."""

import re
import smtplib
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import dkim
import pytest
from anymail.exceptions import (
    AnymailAPIError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
    AnymailUnsupportedFeature,
)
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.mail import mailers
from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.test import Client
from django.utils import timezone

from coppice.accounts.actions import erase
from coppice.lib.dkim_signing import signer, signing
from coppice.notifications import actions, delivery, tasks
from coppice.notifications.inbound import addresses
from coppice.notifications.inbound.addresses import Addressed, Use
from coppice.notifications.mail import build
from coppice.notifications.models import Line, Message, Mute
from coppice.notifications.subscriptions import unsubscribe_url
from coppice.notifications.tests.conftest import Post
from coppice.notifications.tests.factories import make_message, make_person
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def pass_time(message: Message, pause: timedelta) -> None:
    """Let a message wait so long without anybody waiting."""
    message.refresh_from_db()
    assert message.next_attempt_at - timezone.now() <= pause
    assert message.next_attempt_at - timezone.now() > pause - timedelta(minutes=1)
    Message.objects.filter(pk=message.pk).update(next_attempt_at=timezone.now())


def test_mail_arrives_with_its_headers_and_both_twins(post: Post, settings):
    settings.BASE_URL = "https://coppice.example"
    settings.MAIL_FROM = "Coppice <post@coppice.example>"
    ana = make_person(email="ana@example.org")
    message = make_message(
        ana, sender_name="Ana via Rural transport", list_key="community:3", list_name="Rural transport"
    )

    taken = delivery.deliver_due()

    message.refresh_from_db()
    assert (taken, message.state, message.sent_at is not None) == (1, Message.State.SENT, True)
    [mail] = post.mails
    headers = {name: mail[name] for name, _ in mail.items() if name != "X-Peer"}
    assert headers | {"Content-Type": ""} == {
        "Subject": "First meeting",
        "From": "Ana via Rural transport <post@coppice.example>",
        "To": "ana@example.org",
        "Message-ID": message.message_id,
        "Date": mail["Date"],
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "List-Id": '"Rural transport" <community-3.coppice.example>',
        "List-Unsubscribe": f"<{unsubscribe_url(ana.pk, 'community:3')}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "MIME-Version": "1.0",
        "Content-Type": "",
    }
    assert mail["Date"].datetime == message.created_at.replace(microsecond=0)
    assert mail.get_body(("plain",)).get_content().splitlines() == ["Say whether you come."]
    assert "<p>Say whether you come.</p>" in mail.get_body(("html",)).get_content()


def test_a_reply_goes_to_an_address_of_its_reader_alone(post: Post, settings):
    settings.MAIL_INBOUND_DOMAIN = "in.coppice.example"
    settings.MAIL_FROM = "Coppice <post@coppice.example>"
    ana, ben = make_person(), make_person()
    one = make_message(ana, reply_to="thread:12", sender_name="Mia, via Rural transport")
    make_message(ben, reply_to="thread:12", sender_name="Mia, via Rural transport")
    make_message(ben)

    delivery.deliver_due()

    replies = [mail["Reply-To"] for mail in post.mails]
    [to_ana] = replies[0].addresses
    assert (to_ana.display_name, to_ana.domain) == ("Mia, via Rural transport", "in.coppice.example")
    assert len(to_ana.username) <= 64
    assert addresses.read(to_ana.addr_spec.upper()) == Addressed(use=Use.REPLY, message=one)
    assert replies[1].addresses[0].username != to_ana.username
    assert replies[2] is None
    assert [mail["From"].addresses[0].addr_spec for mail in post.mails] == ["post@coppice.example"] * 3
    assert addresses.read(post.senders[0]) == Addressed(use=Use.BOUNCE, message=one)


def test_an_address_that_was_not_made_here_says_nothing(settings):
    settings.MAIL_INBOUND_DOMAIN = "in.coppice.example"
    message = make_message(reply_to="thread:12")
    made = addresses.address(Use.REPLY, message)
    forged = [
        made.replace("reply+", "bounce+"),
        made.replace("-", "-a"),
        made.replace("in.coppice", "out.coppice"),
        "reply+@in.coppice.example",
        "reply+zzzzzzzzzzzzzzzz-a@in.coppice.example",
        "reply+é-ü@in.coppice.example",
        "mia@in.coppice.example",
        "",
    ]

    assert [addresses.read(each) for each in forged] == [None] * len(forged)

    stop_links = type(message.recipient).objects.filter(pk=message.recipient_id)
    stop_links.update(link_secret="another")
    assert addresses.read(made) is None


def test_one_click_of_a_mail_program_works_with_what_came_over_the_wire(post: Post, settings):
    settings.BASE_URL = "https://communities-of-practice.a-long-name-of-a-provider.example.org"
    ana = make_person()
    first = make_message(ana, list_key="community:3", list_name="Rural transport", thread="meeting:1")
    make_message(ana, list_key="community:3", list_name="Rural transport", thread="meeting:1")
    Message.objects.update(
        message_id=Concat(Value("<" + 60 * "a"), Cast("pk", CharField()), Value("@long.example.org>"))
    )
    delivery.deliver_due()
    first.refresh_from_db()
    # Mail programs read these letter by letter: folded or encoded, they are no links and no ids.
    [(url,), (thread,)] = (
        re.findall(rb"^" + name + rb": <(.+)>\r$", post.raw[1], re.MULTILINE)
        for name in (b"List-Unsubscribe", b"References")
    )
    one_click = re.search(rb"^List-Unsubscribe-Post: (\S+)=(\S+)\r$", post.raw[1], re.MULTILINE)
    assert one_click is not None
    address = urlsplit(url.decode())
    program = Client(enforce_csrf_checks=True)

    opened = program.get(address.path, secure=True)
    before = Mute.objects.count()
    posted = program.post(
        address.path, {one_click[1].decode(): one_click[2].decode()}, secure=True, follow=False
    )

    assert f"<{thread.decode()}>" == first.message_id
    assert (address.scheme, address.netloc) == ("https", urlsplit(settings.BASE_URL).netloc)
    assert (opened.status_code, before) == (200, 0)
    assert (posted.status_code, dict(posted.cookies)) == (200, {})
    assert Mute.objects.get().person == ana
    make_message(ana, list_key="community:3")
    assert delivery.deliver_due() == 0


def test_links_in_headers_are_whole_in_text_too(settings):
    settings.BASE_URL = "https://communities-of-practice.a-long-name-of-a-provider.example.org"
    message = make_message(list_key="community:3", subject="Schöne Grüße " * 10)

    text = build(message).message().as_string()
    subject = re.search(r"^Subject: .*\n(?: .*\n)*", text, re.MULTILINE)

    assert f"\nList-Unsubscribe: <{unsubscribe_url(message.recipient_id, 'community:3')}>\n" in text
    assert subject is not None
    assert max(len(line) for line in subject[0].splitlines()) <= 78  # words with accents still are folded


def test_one_click_is_not_claimed_without_https(post: Post, settings):
    settings.BASE_URL = "http://127.0.0.1:8000"
    make_message(list_key="community:3", list_name='Grüne "Wege"')

    delivery.deliver_due()

    [mail] = post.mails
    assert (mail["List-Unsubscribe-Post"], mail["List-Id"]) == (None, "<community-3.127.0.0.1>")


def test_personal_mail_has_no_list(post: Post):
    make_message()

    delivery.deliver_due()

    [mail] = post.mails
    assert [name for name, _ in mail.items() if name.startswith("List-")] == []


def test_calendar_file_travels_with_its_method(post: Post):
    make_message(
        attachments=[
            {
                "filename": "meeting.ics",
                "content_type": "text/calendar; method=REQUEST; charset=utf-8",
                "text": "BEGIN:VCALENDAR\r\nSUMMARY:Ñandú\r\nEND:VCALENDAR\r\n",
            }
        ]
    )

    delivery.deliver_due()

    [file] = post.mails[0].iter_attachments()
    [invitation] = [part for part in post.mails[0].walk() if part.get_content_type() == "text/calendar"]
    body = post.mails[0].get_payload()[0]
    assert [part.get_content_type() for part in body.iter_parts()] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    assert (body.get_content_type(), invitation["Content-Type"].params["method"]) == (
        "multipart/alternative",
        "REQUEST",
    )
    assert (file.get_content_type(), file.get_filename()) == ("application/ics", "meeting.ics")
    for part in (file, invitation):
        assert (
            part.get_payload(decode=True).decode() == "BEGIN:VCALENDAR\r\nSUMMARY:Ñandú\r\nEND:VCALENDAR\r\n"
        )


def test_mails_of_a_thread_refer_to_the_first(post: Post):
    ana = make_person()
    first = make_message(ana, thread="meeting:5")
    make_message(ana, thread="meeting:5")
    make_message(thread="meeting:5")

    delivery.deliver_due()

    assert [(mail["In-Reply-To"], mail["References"]) for mail in post.mails] == [
        (None, None),
        (first.message_id, first.message_id),
        (None, None),
    ]


def test_what_is_not_due_stays(post: Post):
    make_message(state=Message.State.SENT)
    make_message(state=Message.State.FAILED)
    make_message(next_attempt_at=timezone.now() + timedelta(minutes=1))

    assert (delivery.deliver_due(), post.mails) == (0, [])


def test_muted_suspended_and_erased_people_get_nothing(post: Post):
    ana, ben, cleo, dora = (make_person() for _ in range(4))
    Mute.objects.create(person=ana, list_key="community:3")
    Mute.objects.create(person=dora, list_key="community:3", until=timezone.now() - timedelta(days=1))
    for person in (ana, ben, cleo, dora):
        make_message(person, list_key="community:3")
    ben.is_active = False
    ben.save()
    cleo.erased_at = timezone.now()
    cleo.save()

    delivery.deliver_due()

    states = {message.recipient_id: message.state for message in Message.objects.all()}
    withheld = Message.State.WITHHELD
    assert states == {ana.pk: withheld, ben.pk: withheld, cleo.pk: withheld, dora.pk: Message.State.SENT}
    assert [mail["To"] for mail in post.mails] == [dora.email]


def test_a_server_that_is_busy_is_asked_again_with_growing_pauses_then_staff_see_it(post: Post):
    post.refuse_recipient = lambda address: "451 try later"
    message = make_message()

    for pause in delivery.PAUSES:
        assert delivery.deliver_due() == 0
        pass_time(message, pause)
    delivery.deliver_due()

    message.refresh_from_db()
    assert (message.state, message.attempts, message.trouble) == (
        Message.State.FAILED,
        7,
        Message.Trouble.SERVER,
    )
    assert "451" in message.last_error
    assert delivery.deliver_due() == 0


def test_pauses_are_those_promised():
    minutes = [pause.total_seconds() / 60 for pause in delivery.PAUSES]

    assert minutes == [1, 5, 30, 120, 480, 1440]


def test_a_refused_address_fails_at_once_and_others_still_leave(post: Post):
    post.refuse_recipient = lambda address: "550 no such person" if address.startswith("gone") else ""
    gone = make_message(make_person(email="gone@example.org"))
    make_message(make_person(email="ana@example.org"))

    assert delivery.deliver_due() == 1

    gone.refresh_from_db()
    assert (gone.state, gone.attempts, gone.trouble) == (Message.State.FAILED, 1, Message.Trouble.ADDRESS)
    assert "no such person" in gone.last_error
    assert [mail["To"] for mail in post.mails] == ["ana@example.org"]


@pytest.mark.parametrize(
    ("answer", "state", "trouble"),
    [
        ("554 looks like spam", Message.State.FAILED, Message.Trouble.CONTENT),
        ("452 disk full", Message.State.WAITING, Message.Trouble.SERVER),
    ],
)
def test_refused_content(post: Post, answer: str, state: str, trouble: str):
    post.refuse_content = answer
    message = make_message()

    delivery.deliver_due()

    message.refresh_from_db()
    assert (message.state, message.trouble) == (state, trouble)


def test_a_server_out_of_reach_is_asked_once_for_all(settings):
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 1, "timeout": 1},
        }
    }
    messages = [make_message(), make_message()]

    delivery.deliver_due()

    for message in messages:
        message.refresh_from_db()
        assert (message.state, message.attempts) == (Message.State.WAITING, 1)
        assert message.trouble == Message.Trouble.UNREACHABLE
        assert "ConnectionRefusedError" in message.last_error


def test_a_wrong_password_is_told_apart(post: Post, settings):
    options = settings.MAILERS["default"]["OPTIONS"] | {"username": "coppice", "password": "wrong"}
    settings.MAILERS = {"default": settings.MAILERS["default"] | {"OPTIONS": options}}
    message = make_message()

    delivery.deliver_due()

    message.refresh_from_db()
    assert message.state == Message.State.WAITING
    assert message.trouble == Message.Trouble.PASSWORD


@pytest.mark.parametrize(
    ("failure", "trouble"),
    [
        (AnymailRecipientsRefused("no"), Message.Trouble.ADDRESS),
        (AnymailInvalidAddress("no"), Message.Trouble.UNWRITABLE),
        (AnymailUnsupportedFeature("no"), Message.Trouble.CONTENT),
        (AnymailAPIError("no"), Message.Trouble.SERVER),
        (smtplib.SMTPRecipientsRefused({}), Message.Trouble.SERVER),
        (smtplib.SMTPSenderRefused(550, b"no", "me"), Message.Trouble.SERVER),
        (smtplib.SMTPServerDisconnected(), Message.Trouble.UNREACHABLE),
    ],
)
def test_answers_of_other_mail_services(failure: Exception, trouble: str):
    assert delivery._trouble(failure) == trouble


@pytest.mark.parametrize("address", ["not an address", "ana", "ana@"])
def test_an_address_that_cannot_be_written_fails_at_once(post: Post, address: str):
    message = make_message(to_address=address)

    delivery.deliver_due()

    message.refresh_from_db()
    assert (message.state, message.trouble) == (Message.State.FAILED, Message.Trouble.UNWRITABLE)


def test_kept_mail_counts_as_sent(settings):
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}
    message = make_message()

    delivery.deliver_due()

    message.refresh_from_db()
    assert message.state == Message.State.SENT


class Killed(BaseException):
    """The process ends here."""


def test_a_worker_killed_after_the_servers_yes_sends_the_same_mail_again_later(post: Post, monkeypatch):
    message = make_message()
    backend = type(mailers.create_connection("default"))
    send_messages = backend.send_messages

    def send_then_die(self, mails):
        send_messages(self, mails)
        raise Killed

    monkeypatch.setattr(backend, "send_messages", send_then_die)
    with pytest.raises(Killed):
        delivery.deliver_due()
    monkeypatch.undo()

    assert delivery.deliver_due() == 0
    message.refresh_from_db()
    assert message.state == Message.State.SENDING
    pass_time(message, delivery.CLAIM)
    assert delivery.deliver_due() == 1
    assert [mail["Message-ID"] for mail in post.mails] == [message.message_id] * 2
    assert (
        post.mails[0].as_string().partition("\n\n")[0].split("boundary")[0]
        == (post.mails[1].as_string().partition("\n\n")[0].split("boundary")[0])
    )


def test_a_message_claimed_by_another_worker_is_left_to_it():
    message = make_message()

    first = delivery._claim([message.pk])
    claimed = next(first)
    second = list(delivery._claim([message.pk]))

    assert (claimed, second) == ((message, None), [])


def test_what_a_worker_cannot_send_any_more_is_given_back():
    messages = [make_message() for _ in range(3)]
    claimed = delivery._claim([message.pk for message in messages])
    first, _is_wanted = next(claimed)

    claimed.close()

    states = dict(Message.objects.values_list("pk", "state"))
    assert [states[message.pk] for message in messages] == ["sending", "waiting", "waiting"]
    assert first == messages[0]


def test_a_worker_so_slow_that_its_claim_may_end_gives_back_the_rest(monkeypatch):
    messages = [make_message() for _ in range(2)]
    claimed = delivery._claim([message.pk for message in messages])
    next(claimed)
    late = timezone.now() + delivery.CLAIM / 2
    monkeypatch.setattr("django.utils.timezone.now", lambda: late)

    assert list(claimed) == []
    assert Message.objects.get(pk=messages[1].pk).state == Message.State.WAITING


@pytest.mark.parametrize(
    ("left", "state"), [(("community:3",), "sent"), (("community:3", "community:4"), "withheld")]
)
def test_a_digest_is_withheld_when_all_its_lists_are_left(post: Post, left, state):
    ana = make_person()
    digest = make_message(ana, list_key="digest:daily")
    for number in (3, 4):
        Line.objects.create(
            person=ana,
            occasion=f"post:{number}",
            list_key=f"community:{number}",
            section="other",
            object_key="thread:1",
            title="Drivers",
            path="/",
            rhythm="daily",
            due_at=timezone.now(),
            message=digest,
        )
    for list_key in left:
        actions.mute(ana, list_key=list_key)

    delivery.deliver_due()

    assert Message.objects.get().state == state


@pytest.mark.usefixtures("transactional_db")
def test_workers_at_once_send_each_message_once(post: Post):
    for number in range(20):
        make_message(to_address=f"person{number}@example.org")

    at_once(*[delivery.deliver_due] * 3)

    assert sorted(mail["To"] for mail in post.mails) == sorted(
        f"person{number}@example.org" for number in range(20)
    )
    assert set(Message.objects.values_list("state", flat=True)) == {Message.State.SENT}


def test_a_failed_message_is_sent_again_to_the_corrected_address(post: Post):
    message = make_message(state=Message.State.FAILED, attempts=7, trouble="address", last_error="550")

    actions.retry(message, by=None, to_address="right@example.org")
    tasks.deliver_due.call()

    assert [mail["To"] for mail in post.mails] == ["right@example.org"]


def tell(recipient: Any) -> None:
    """What an action does: tell of its occasion inside its own transaction."""
    with transaction.atomic():
        actions.send(
            recipient=recipient,
            occasion="meeting:1",
            template="occasion/planned",
            context={"title": "Buses", "do_path": "/meetings/1/", "do_label": "Say whether you come"},
        )


@pytest.mark.usefixtures("transactional_db", "occasion_templates")
def test_an_occasion_told_and_delivered_by_several_at_once_arrives_once(post: Post):
    ana = make_person(email="ana@example.org")

    def tell_and_deliver() -> None:
        tell(ana)
        delivery.deliver_due()

    at_once(*[tell_and_deliver] * 4)

    assert [mail["To"] for mail in post.mails] == ["ana@example.org"]


@pytest.mark.usefixtures("occasion_templates")
def test_what_rolled_back_never_reaches_the_server(post: Post):
    ana = make_person(email="ana@example.org")

    with transaction.atomic():
        tell(ana)
        transaction.set_rollback(True)
    delivery.deliver_due()
    before = list(post.mails)
    tell(ana)
    delivery.deliver_due()

    assert (before, len(post.mails)) == ([], 1)


def test_mail_about_somebody_erased_is_emptied_and_not_sent(post: Post):
    rosa, amara = make_person(), make_person()
    states = (Message.State.SENT, Message.State.WAITING, Message.State.FAILED, Message.State.SENDING)
    for state in states:
        make_message(rosa, about=amara, state=state)
    beside = make_message(rosa)

    erase(amara, by=amara)
    sent = delivery.deliver_due()

    kept = Message.objects.filter(about=amara).order_by("pk")
    assert list(kept.values_list("state", "subject", "text", "html")) == [
        ("sent", "", "", ""),
        ("withheld", "", "", ""),
        ("withheld", "", "", ""),
        ("withheld", "", "", ""),
    ]
    beside.refresh_from_db()
    assert (sent, beside.state, beside.subject) == (1, "sent", "First meeting")


def test_mail_that_comes_back_after_somebody_was_erased_stays_here(post: Post):
    amara = make_person()
    message = make_message(about=amara, state=Message.State.SENDING)
    erase(amara, by=amara)
    Message.objects.filter(pk=message.pk).update(state=Message.State.WAITING)

    assert delivery.deliver_due() == 0

    message.refresh_from_db()
    assert message.state == Message.State.WITHHELD


def test_a_name_with_a_line_break_writes_no_header_of_its_own(db):
    message = make_message(make_person())
    message.sender_name = "Hedge\r\nBcc: all@example.org\ud800"

    mail = build(message)

    assert mail.from_email == '"Hedge Bcc: all@example.org" <coppice@localhost>'
    assert mail.message()["Bcc"] is None


def test_mail_of_a_list_is_signed_with_its_way_out(post: Post, settings):
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    by = signer(pem.decode(), selector="coppice", domain="coppice.example")
    settings.BASE_URL = "https://coppice.example"
    settings.MAIL_FROM = "Coppice <post@coppice.example>"
    settings.MAILERS = {"default": signing(settings.MAILERS["default"], by=by)}
    words = "Años, ½ and … " + "long " * 300 + "\n.\n..\n"
    make_message(
        make_person(), subject="Años de vida " * 12, text=words, list_key="community:3", list_name="Año"
    )

    assert delivery.deliver_due() == 1

    [raw], [mail] = post.raw, post.mails
    records = {f"{by.name}.".encode(): by.record.encode()}
    assert dkim.verify(raw, dnsfunc=lambda name, timeout=5: records.get(name))
    signed = re.search(r"h=([^;]*);", "".join(mail["DKIM-Signature"].split()))
    assert {"from", "list-unsubscribe", "list-unsubscribe-post"} <= set(signed.group(1).split(":"))
    changed = raw.replace(b"mail/unsubscribe", b"mail/elsewhere", 1)
    assert not dkim.verify(changed, dnsfunc=lambda name, timeout=5: records.get(name))
