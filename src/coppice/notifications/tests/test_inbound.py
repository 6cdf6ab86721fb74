"""Mail that comes in: done once, by whom it is from, and what cannot be done said kindly."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from coppice.lib.errors import DomainError
from coppice.notifications import delivery
from coppice.notifications.inbound import (
    NotUnderstood,
    Place,
    addresses,
    handling,
    mailboxes,
    register,
    register_address,
    register_own_addresses,
    register_reader,
    sweeping,
    taking,
)
from coppice.notifications.inbound.addresses import Use
from coppice.notifications.inbound.registry import registry
from coppice.notifications.inbound_models import ReceivedFile, ReceivedMail, ReturnNote
from coppice.notifications.models import Message, Mute
from coppice.notifications.tests.conftest import Post
from coppice.notifications.tests.factories import make_message, make_person
from coppice.notifications.tests.mails import Room, make_mail

pytestmark = pytest.mark.django_db

Outcome = ReceivedMail.Outcome
DOMAIN = "in.coppice.example"


@pytest.fixture
def room(settings, monkeypatch, tmp_path) -> Room:
    """A room that receives replies to "thread" and mails to "rural@"."""
    settings.MAIL_INBOUND_DOMAIN = DOMAIN
    settings.BASE_URL = "https://coppice.example"
    settings.MAIL_FROM = "Coppice <post@coppice.example>"
    settings.MEDIA_ROOT = tmp_path
    room = Room()
    for kept in ("purposes", "addresses", "readers"):
        monkeypatch.setattr(registry, kept, {})
    monkeypatch.setattr(mailboxes, "_tellers", [])
    register("thread", room.receive, may_read=lambda person, subject_id: person.name == "Leader")
    return room


@pytest.fixture
def ana():
    return make_person(email="ana@example.org")


def bring(raw: bytes, to: str, *, mail_from: str = "ana@example.org") -> ReceivedMail:
    """Bring one mail, and have done what it says."""
    taking.take(raw, mail_from=mail_from, rcpt_tos=[to])
    handling.handle_due()
    return ReceivedMail.objects.latest("pk")


def reply_address(person, **fields) -> str:
    return addresses.address(Use.REPLY, make_message(person, reply_to="thread:12", **fields))


def test_a_reply_reaches_the_room_with_its_words_and_files(room, ana):
    to = reply_address(ana)
    raw = make_mail(
        to=to,
        text="Here is the plan.\n",
        html="<p>Here is the plan.</p>",
        files=(("plan.pdf", "application/pdf", b"%PDF"), ("../bus\tstop.png", "image/png", b"png")),
        Message_ID="<1@mail.example.org>",
    )

    mail = bring(raw, to.upper())

    [(person, subject_id, incoming)] = room.received
    assert (person, subject_id) == (ana, 12)
    assert (incoming.text, incoming.subject) == ("Here is the plan.", "Re: First meeting")
    assert incoming.html.strip() == "<p>Here is the plan.</p>"
    assert (incoming.mail_id, incoming.message_id) == (mail.pk, "<1@mail.example.org>")
    told = [(file.name, file.content_type, file.read(), file.size) for file in incoming.attachments]
    assert told == [("plan.pdf", "application/pdf", b"%PDF", 4), ("../bus stop.png", "image/png", b"png", 3)]
    assert (mail.state, mail.outcome, mail.person, mail.purpose, mail.subject_id) == (
        ReceivedMail.State.HANDLED,
        Outcome.TAKEN,
        ana,
        "thread",
        12,
    )


def test_the_same_mail_brought_again_changes_nothing(room, ana):
    to = reply_address(ana)
    raw = make_mail(to=to)
    again = b"Received: by another.example; Fri, 27 Nov 2026 11:00:00 +0000\r\n" + raw.replace(b"\n", b"\r\n")

    counts = [taking.take(each, mail_from="ana@example.org", rcpt_tos=[to, to]) for each in (raw, again)]
    handling.handle_due()
    bring(raw, to)

    assert counts == [1, 0]
    assert (ReceivedMail.objects.count(), len(room.received)) == (1, 1)


def test_mails_without_an_id_are_told_apart_by_what_they_say(room, ana):
    to = reply_address(ana)
    raw = make_mail(to=to, Message_ID="").replace(b"Message-ID: \n", b"")
    other = raw.replace(b"I can help", b"I can come")

    for each in (raw, raw, other):
        bring(each, to)

    assert [incoming.text for _, _, incoming in room.received] == ["Yes, I can help.", "Yes, I can come."]


def test_a_job_that_breaks_does_nothing_and_comes_again(room, ana):
    to = reply_address(ana)
    room.refusal = RuntimeError("the room is on fire")

    mail = bring(make_mail(to=to, files=(("plan.pdf", "application/pdf", b"%PDF"),)), to)
    assert (mail.state, mail.attempts, mail.person) == (ReceivedMail.State.RECEIVED, 1, None)
    assert ReceivedFile.objects.count() == 0
    assert handling.handle_due() == 0  # its turn has not come

    room.refusal = None
    ReceivedMail.objects.update(next_attempt_at=timezone.now())
    assert handling.handle_due() == 1
    [_broken, (_person, _subject_id, incoming)] = room.received
    [file] = incoming.attachments
    assert file.read() == b"%PDF"
    assert _stored() == {file.path}

    room.refusal = RuntimeError("again")
    hopeless = bring(make_mail(to=to), to)
    for _attempt in range(len(handling.PAUSES)):
        ReceivedMail.objects.filter(pk=hopeless.pk).update(next_attempt_at=timezone.now())
        handling.handle_due()
    hopeless.refresh_from_db()
    assert hopeless.state == ReceivedMail.State.FAILED


def _stored() -> set[str]:
    return set(sweeping.files_in("received"))


def test_a_refusal_of_the_room_comes_back_with_the_words_and_the_link(room, ana):
    to = reply_address(ana)
    room.refusal = NotUnderstood("Write yes or no.", do_path="/meetings/1/", do_label="Answer")

    mail = bring(make_mail(to=to, text="Perhaps, perhaps"), to)

    [message] = Message.objects.filter(occasion=f"mail-refused:{mail.pk}")
    assert (mail.outcome, message.recipient, message.to_address) == (Outcome.REFUSED, ana, "ana@example.org")
    assert message.subject == "Your mail was not taken: Re: First meeting"
    for words in ("Write yes or no.", "https://coppice.example/meetings/1/", "Perhaps, perhaps"):
        assert words in message.text
        assert words in message.html


@pytest.mark.parametrize(
    ("sender", "is_hers"),
    [
        ("Ana@Example.org", True),
        ("ana+work@example.org", True),
        ("ana@clinic.example", True),
        ("ana@roster.example", True),
        ("ben@example.org", False),
        ("", False),
    ],
)
def test_a_reply_counts_only_from_addresses_of_its_person(room, ana, sender, is_hers):
    register_own_addresses(lambda person: ["ana@roster.example"] if person == ana else [])
    to = reply_address(ana, to_address="ana@clinic.example")

    mail = bring(make_mail(to=to, sender=sender or "undisclosed"), to, mail_from=sender or "x@example.org")

    assert (mail.outcome, len(room.received)) == ((Outcome.TAKEN, 1) if is_hers else (Outcome.STRANGER, 0))
    assert ReturnNote.objects.count() == (0 if is_hers else 1)


def test_somebody_suspended_replies_to_nothing(room, ana):
    to = reply_address(ana)
    type(ana).objects.filter(pk=ana.pk).update(is_active=False)

    assert bring(make_mail(to=to), to).outcome == Outcome.STRANGER
    assert room.received == []


def test_a_stranger_is_answered_kindly_and_once_a_day(room, ana, post: Post, settings):
    settings.LANGUAGE_CODE = "en"
    for number in range(3):
        bring(make_mail(to=f"nobody{number}@{DOMAIN}", Subject=f"Hello {number}"), f"nobody{number}@{DOMAIN}")

    delivery.deliver_due()
    delivery.deliver_due()

    [mail] = post.mails
    assert (mail["To"], mail["Subject"]) == ("ana@example.org", "Your mail did nothing here: Hello 0")
    assert (mail["Auto-Submitted"], mail["In-Reply-To"]) == (
        "auto-replied",
        ReceivedMail.objects.earliest("pk").message_id,
    )
    assert f"There is nobody at nobody0@{DOMAIN}" in mail.get_content()

    ReturnNote.objects.update(day=timezone.localdate() - timedelta(days=1))
    bring(make_mail(to=f"nobody@{DOMAIN}"), f"nobody@{DOMAIN}")
    delivery.deliver_due()
    assert len(post.mails) == 2


MACHINES = {
    "vacation": {"Auto_Submitted": "auto-replied"},
    "notice": {"Auto_Submitted": "auto-generated"},
    "bulk": {"Precedence": "bulk"},
    "old vacation": {"Precedence": "auto_reply"},
    "list": {"List_Id": "<friends.example.org>"},
    "loop": {"X_Loop": "somebody@example.org"},
    "responder": {"X_Autoreply": "yes"},
    "ours": {"Message_ID": "<abc@coppice.example>"},
    "from us": {"sender": "post@coppice.example"},
    "from in here": {"sender": f"rural@{DOMAIN}"},
    "machine": {"sender": "no-reply@example.org"},
    "away": {"Subject": "Automatische Antwort: First meeting"},
    "ausente": {"Subject": "Respuesta automática: First meeting"},
}


@pytest.mark.parametrize("headers", MACHINES.values(), ids=MACHINES)
def test_what_a_machine_wrote_is_neither_posted_nor_answered(room, ana, headers):
    to = reply_address(ana)

    for address in (to, f"nobody@{DOMAIN}"):
        assert bring(make_mail(to=address, **headers), address).outcome == Outcome.AUTOMATIC

    assert (room.received, ReturnNote.objects.count()) == ([], 0)


def test_an_empty_envelope_and_a_mail_on_its_fortieth_hop_are_left_alone(room, ana):
    to = reply_address(ana)
    hops = b"".join(b"Received: from a.example by b.example; now\n" for _ in range(40))

    mails = [bring(make_mail(to=to), to, mail_from=""), bring(hops + make_mail(to=to), to)]

    assert [mail.outcome for mail in mails] == [Outcome.AUTOMATIC] * 2
    assert (room.received, ReturnNote.objects.count()) == ([], 0)


def test_people_write_about_absences_and_automatic_doors(room, ana):
    to = reply_address(ana)
    for subject in ("Re: Out of office hours", "Automatic doors", "Auto: who can drive?"):
        assert bring(make_mail(to=to, Subject=subject, Auto_Submitted="no"), to).outcome == Outcome.TAKEN


def test_an_address_for_everybody_knows_its_people_and_is_told_to_them(room, ana, post: Post):
    def find(local_part: str, sender: str) -> Place | None:
        if local_part != "rural":
            return None
        return Place(subject_id=3, person=ana if sender == "ana@example.org" else None)

    register_address("community", find, room.receive, local_part=lambda subject_id: "rural")
    to = f"rural@{DOMAIN}"
    reply = reply_address(ana)

    outcomes = [
        bring(make_mail(to=to), to).outcome,
        bring(make_mail(to=to, sender="ben@example.org"), to, mail_from="ben@example.org").outcome,
        bring(make_mail(to=f"{reply}, {to}"), to).outcome,
        bring(make_mail(to=to), f"urban@{DOMAIN}").outcome,
    ]

    assert outcomes == [Outcome.TAKEN, Outcome.STRANGER, Outcome.REPEATED, Outcome.UNKNOWN]
    assert [(person, subject_id) for person, subject_id, _ in room.received] == [(ana, 3)]
    make_message(list_key="community:3", list_name="Rural")
    delivery.deliver_due()
    assert post.mails[-1]["List-Post"] == f"<mailto:{to}>"


def test_a_list_is_left_by_mail(room, ana, post: Post):
    make_message(ana, list_key="community:3", list_name="Rural")
    delivery.deliver_due()
    web, by_mail = str(post.mails[0]["List-Unsubscribe"]).split(", ")
    to = by_mail.strip("<>").removeprefix("mailto:")
    assert web.startswith("<https://")

    mail = bring(make_mail(to=to, text="", Auto_Submitted="auto-generated"), to, mail_from="")

    assert mail.outcome == Outcome.LEFT
    assert Mute.objects.current().filter(person=ana, list_key="community:3").exists()


def test_a_reader_of_whole_mails_comes_first(room, ana):
    to = reply_address(ana)
    read = []

    def reader(mail_id: int, raw: bytes) -> bool:
        read.append(mail_id)
        if b"late" in raw:
            raise DomainError("Too late.")
        return b"BEGIN:VCALENDAR" in raw

    register_reader("calendar", reader)

    outcomes = [
        bring(make_mail(to=to, text=text), to).outcome for text in ("BEGIN:VCALENDAR", "late", "Hello all")
    ]

    assert outcomes == [Outcome.TAKEN, Outcome.REFUSED, Outcome.TAKEN]
    assert [incoming.text for _, _, incoming in room.received] == ["Hello all"]
    assert len(read) == 3


def test_a_mail_is_read_whatever_is_wrong_with_it(room, ana):
    to = reply_address(ana)
    odd = (
        f"From: =?utf-8?q?Ana?= <ana@example.org>\nTo: {to}\nSubject: =?nonsense?x?y?=\nMessage-ID: <[a@b>\n"
        "Content-Type: text/plain; charset=klingon\nContent-Transfer-Encoding: 8bit\n\n"
    ).encode() + b"Gr\xfc\xdfe \x00\xff aus Wien\n"

    mail = bring(odd, to)

    [(_person, _subject_id, incoming)] = room.received
    assert mail.outcome == Outcome.TAKEN
    assert incoming.text.endswith("aus Wien")
    assert [bring(empty, to).outcome for empty in (b"", b"\xff\xfe")] == [Outcome.STRANGER, Outcome.STRANGER]


def test_the_original_is_shown_to_its_author_and_to_who_leads(room, ana, client):
    to = reply_address(ana)
    mail = bring(make_mail(to=to, text="Yes.\n\n> quoted <b>words</b>\n"), to)
    page, file = f"/mail/received/{mail.pk}/", f"/mail/received/{mail.pk}/file/"
    met = {}
    for person in (ana, make_person(name="Leader"), make_person()):
        client.force_login(person)
        met[person] = [client.get(page).status_code, client.get(file).status_code]

    client.force_login(ana)
    answer = client.get(page)
    assert list(met.values()) == [[200, 200], [200, 404], [404, 404]]
    assert "&gt; quoted &lt;b&gt;words&lt;/b&gt;" in answer.text
    kept = client.get(file)
    assert (kept["Content-Type"], kept["Content-Disposition"]) == (
        "application/octet-stream",
        f'attachment; filename="mail-{mail.pk}.eml"',
    )
    assert kept.content == bytes(ReceivedMail.objects.get(pk=mail.pk).raw)


def test_what_led_to_nothing_is_forgotten_after_thirty_days(room, ana):
    to = reply_address(ana)
    file = ("plan.pdf", "application/pdf", b"%PDF")
    taken = bring(make_mail(to=to, files=(file,)), to)
    bring(make_mail(to=f"nobody@{DOMAIN}"), f"nobody@{DOMAIN}")
    stray = default_storage.save("received/aa/stray", open(__file__, "rb"))  # noqa: SIM115

    sweeping.sweep(at=timezone.now() + timedelta(days=29))
    assert (ReceivedMail.objects.count(), default_storage.exists(stray)) == (2, False)
    sweeping.sweep(at=timezone.now() + timedelta(days=31))

    assert list(ReceivedMail.objects.all()) == [taken]
    [kept] = taken.files.all()
    assert _stored() == {kept.file.name}


def test_what_a_calendar_cannot_say_goes_to_nobody_but_whose_mail_it_answers(room, ana):
    to = reply_address(ana)

    def refuse(mail_id, raw):
        raise NotUnderstood

    register_reader("calendar", refuse)

    stranger = bring(make_mail(to=to, sender="eve@example.com"), to, mail_from="eve@example.com")
    machine = bring(make_mail(to=to, Auto_Submitted="auto-replied"), to)
    bounce = bring(make_mail(to=to, sender="bo@example.com"), to, mail_from="")
    own = bring(make_mail(to=to), to)

    assert [each.outcome for each in (stranger, machine, bounce, own)] == [
        Outcome.STRANGER,
        Outcome.AUTOMATIC,
        Outcome.AUTOMATIC,
        Outcome.REFUSED,
    ]
    assert [each.person for each in (stranger, machine, bounce, own)] == [None, None, None, ana]
    told = Message.objects.filter(occasion__startswith="mail-refused")
    assert [message.to_address for message in told] == ["ana@example.org"]
    assert [note.to_address for note in ReturnNote.objects.all()] == ["eve@example.com"]


def test_what_another_person_s_calendar_says_is_not_kept_as_the_reader_s_own_mail(room, ana):
    to = reply_address(ana)
    register_reader("calendar", lambda mail_id, raw: True)

    mail = bring(make_mail(to=to, sender="bo@example.com"), to, mail_from="bo@example.com")

    assert (mail.outcome, mail.person) == (Outcome.TAKEN, None)
