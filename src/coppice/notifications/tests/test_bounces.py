"""Mail that comes back: read whoever wrote it, counted once, and after the third time not sent any more."""

from datetime import timedelta

import pytest
from django.utils import timezone

from coppice.notifications import actions, delivery
from coppice.notifications.inbound import addresses, handling, pausing, taking
from coppice.notifications.inbound.addresses import Use
from coppice.notifications.inbound_models import AddressStanding, ReceivedMail
from coppice.notifications.models import Message, Mute
from coppice.notifications.tests import bounce_samples as samples
from coppice.notifications.tests.conftest import Post
from coppice.notifications.tests.factories import make_message, make_person

pytestmark = pytest.mark.django_db

Outcome = ReceivedMail.Outcome
DOMAIN = "in.coppice.example"


@pytest.fixture(autouse=True)
def inbound(settings) -> None:
    settings.MAIL_INBOUND_DOMAIN = DOMAIN
    settings.BASE_URL = "https://coppice.example"
    settings.MAIL_FROM = "Coppice <post@coppice.example>"


def bring(sample: str, message: Message, *, to: str = "") -> ReceivedMail:
    """Bring back what a mail server says of a message, to its own return path or to another address."""
    to = to or addresses.address(Use.BOUNCE, message)
    raw = sample.format(to=to, message_id=message.message_id)
    encoding = "iso-8859-1" if "iso-8859-1" in raw else "utf-8"
    taking.take(raw.encode(encoding), mail_from="", rcpt_tos=[to])
    handling.handle_due()
    return ReceivedMail.objects.latest("pk")


def counts(message: Message) -> tuple[int, int] | None:
    return AddressStanding.objects.filter(person=message.recipient).values_list("hard", "soft").first()


READ_AS = {
    "Postfix": (
        samples.standard("5.1.1", said="550 5.1.1 <ana@example.org>: User unknown"),
        (1, 0),
        "User unknown",
    ),
    "without a status": (samples.NO_STATUS, (1, 0), "No such user here"),
    "Exchange Online": (
        samples.standard("5.4.1", said="550 5.4.1 Recipient address rejected: Access denied"),
        (1, 0),
        "Access denied",
    ),
    "no such domain": (samples.standard("5.4.4", said="Host not found"), (1, 0), "Host not found"),
    "tried for days": (samples.standard("4.4.7", said="delivery time expired"), (0, 1), "expired"),
    "full": (samples.standard("5.2.2", said="552 5.2.2 mailbox full"), (0, 1), "mailbox full"),
    "as spam": (samples.BY_POLICY, (0, 1), "rejected as spam"),
    "late": (samples.SENDMAIL_LATE, (0, 1), "4.4.1"),
    "qmail": (samples.QMAIL, (1, 0), "no mailbox here by that name"),
    "qmail, trying": (samples.QMAIL_SOFT, (0, 1), "try again later"),
    "Exchange": (samples.EXCHANGE, (1, 0), "Recipient not found"),
    "Gmail": (samples.GMAIL, (1, 0), "Address not found"),
    "German": (samples.GERMAN, (1, 0), "existiert nicht"),
    "Spanish": (samples.SPANISH, (1, 0), "usuario desconocido"),
    "full in words": (samples.FULL, (0, 1), "5.2.2 Mailbox full"),
}


@pytest.mark.parametrize(("sample", "hard_and_soft", "said"), READ_AS.values(), ids=READ_AS)
def test_a_bounce_marks_the_address(sample, hard_and_soft, said):
    by_path = make_message(make_person(email="ana@example.org"))

    mail = bring(sample, by_path)

    assert (mail.outcome, mail.person) == (Outcome.BOUNCE, by_path.recipient)
    assert counts(by_path) == hard_and_soft
    standing = AddressStanding.objects.get()
    assert (standing.address, said in standing.last_said) == ("ana@example.org", True), standing.last_said
    AddressStanding.objects.all().delete()
    by_id = make_message(by_path.recipient)
    assert bring(sample, by_id, to=f"calendar@{DOMAIN}").outcome == Outcome.BOUNCE
    assert counts(by_id) == hard_and_soft


@pytest.mark.parametrize("sample", [samples.VACATION, samples.READ, samples.DELIVERED])
def test_notes_of_readers_and_good_news_mark_nothing(sample):
    message = make_message(make_person(email="ana@example.org"))

    outcomes = [bring(sample, message).outcome, bring(sample, message, to=f"nobody@{DOMAIN}").outcome]

    assert outcomes == [Outcome.AUTOMATIC, Outcome.AUTOMATIC]
    assert counts(message) is None


def test_a_report_of_a_mail_that_is_not_ours_marks_nothing():
    message = make_message(make_person(email="ana@example.org"))
    other = make_message(make_person(email="ben@example.org"))
    sample = samples.standard("5.1.1", said="550 no")

    outcomes = [
        bring(sample.replace("{message_id}", "<another@example.org>"), message, to=f"x@{DOMAIN}").outcome,
        bring(sample, other, to=f"x@{DOMAIN}").outcome,  # Ben's mail, and Ana's address
    ]

    assert outcomes == [Outcome.AUTOMATIC, Outcome.AUTOMATIC]
    assert AddressStanding.objects.count() == 0


def test_the_third_hard_refusal_pauses_and_is_told_once(post: Post):
    ana = make_person(email="ana@example.org")
    told = []
    pausing.address_paused.connect(
        lambda standing, **_: told.append(standing), weak=False, dispatch_uid="test"
    )
    hard = samples.standard("5.1.1", said="550 5.1.1 no such user")
    first = make_message(ana)

    for message in (first, first, make_message(ana)):  # two servers report the first
        bring(hard.replace("dsn1", f"dsn-{message.pk}-{ReceivedMail.objects.count()}"), message)
    assert counts(first) == (2, 0)
    delivery.deliver_due()
    assert (len(post.mails), told) == (2, [])
    bring(hard, make_message(ana, state=Message.State.SENT))
    bring(hard, make_message(ana, state=Message.State.SENT))

    pausing.address_paused.disconnect(dispatch_uid="test")
    standing = AddressStanding.objects.get()
    assert (told, standing.paused_at is not None) == ([standing], True)
    later = make_message(ana)
    elsewhere = make_message(ana, to_address="ana@clinic.example")
    delivery.deliver_due()
    later.refresh_from_db()
    assert (later.state, later.trouble) == (Message.State.WITHHELD, Message.Trouble.PAUSED)
    assert post.mails[-1]["To"] == elsewhere.to_address

    assert pausing.try_again(standing, by=ana) == 1
    delivery.deliver_due()
    later.refresh_from_db()
    standing.refresh_from_db()
    assert (later.state, later.trouble, standing.hard, standing.paused_at) == (
        Message.State.SENT,
        "",
        0,
        None,
    )


def test_soft_refusals_never_pause():
    message = make_message(make_person(email="ana@example.org"))

    for number in range(5):
        bring(samples.standard("4.2.2", said="452 full").replace("dsn1", f"dsn-{number}"), message)

    assert counts(message) == (0, 5)
    assert not AddressStanding.objects.paused().exists()


def test_what_our_own_mail_server_refuses_counts_as_well(post: Post):
    ana = make_person(email="ana@example.org")
    post.refuse_recipient = lambda address: "550 5.1.1 no such user"
    for _number in range(3):
        make_message(ana)
    delivery.deliver_due()

    make_message(ana)
    delivery.deliver_due()

    assert AddressStanding.objects.paused().get().last_said == "550 5.1.1 no such user"
    assert [message.trouble for message in Message.objects.order_by("pk")] == ["address"] * 3 + ["paused"]


def test_a_refusal_for_its_content_leaves_the_address_its_good_name(post: Post):
    post.refuse_recipient = lambda address: "550 5.7.1 we do not like your network"
    message = make_message()

    delivery.deliver_due()

    assert counts(message) == (0, 1)


def test_a_complaint_leaves_the_list_and_pauses_nobody():
    ana = make_person(email="ana@example.org")
    message = make_message(ana, list_key="community:3")
    personal = make_message(ana)

    outcomes = [
        bring(samples.complaint("not-spam"), message, to=f"abuse@{DOMAIN}").outcome,
        bring(samples.complaint(), personal, to=f"abuse@{DOMAIN}").outcome,
        Mute.objects.count(),
        bring(samples.complaint(), message, to=f"abuse@{DOMAIN}").outcome,
    ]

    assert outcomes == [Outcome.AUTOMATIC, Outcome.COMPLAINT, 0, Outcome.COMPLAINT]
    assert list(Mute.objects.current().values_list("person", "list_key")) == [(ana.pk, "community:3")]
    assert counts(message) is None


def test_refusals_of_long_ago_do_not_add_up():
    ana = make_person(email="ana@example.org")
    hard = samples.standard("5.1.1", said="550 no such user")
    for number in range(2):
        bring(hard.replace("dsn1", f"dsn-{number}"), make_message(ana))
    AddressStanding.objects.update(last_at=timezone.now() - timedelta(days=200))

    message = make_message(ana)
    bring(hard, message)

    assert counts(message) == (1, 0)


def test_a_mail_that_came_back_and_is_sent_again_can_come_back_again():
    message = make_message(state="failed", returned_at=timezone.now())

    actions.retry(message, by=None)

    message.refresh_from_db()
    assert message.returned_at is None
