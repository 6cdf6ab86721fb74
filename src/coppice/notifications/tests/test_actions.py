"""Writing into the outbox: with the change, once per occasion, in the reader's language."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from coppice.notifications import actions
from coppice.notifications.errors import NotFailed
from coppice.notifications.models import Message, Mute
from coppice.notifications.subscriptions import unsubscribe_url
from coppice.notifications.tests.factories import make_message, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("occasion_templates")]


def plan(recipient, **arguments) -> Message | None:
    usual = {
        "occasion": "meeting:1",
        "template": "occasion/planned",
        "context": {"title": "Buses & <b>", "do_path": "/meetings/1/", "do_label": "Say whether you come"},
    }
    return actions.send(recipient=recipient, **(usual | arguments))


@transaction.atomic
def fail_after_planning(recipient) -> float:
    plan(recipient)
    return 1 / 0


def test_a_message_is_written_whole(settings):
    settings.BASE_URL = "https://coppice.example"
    ana = make_person(email="ana@example.org", language="es", time_zone="America/Lima")

    message = plan(
        ana,
        scope="program:7",
        period="2026-11-03",
        list_key="community:3",
        list_name="Rural transport",
        sender_name="Rural transport",
        thread="meeting:1",
        attachments=[actions.Attachment("meeting.ics", "text/calendar; method=REQUEST", "BEGIN:VCALENDAR")],
    )

    unsubscribe = unsubscribe_url(ana.pk, "community:3")
    assert message is not None
    assert (message.to_address, message.scope, message.period) == (
        "ana@example.org",
        "program:7",
        "2026-11-03",
    )
    assert (message.list_key, message.list_name) == ("community:3", "Rural transport")
    assert (message.sender_name, message.thread) == ("Rural transport", "meeting:1")
    assert message.subject == "First meeting: Buses & <b>"
    assert "Buses & <b> · America/Lima · es" in message.text
    assert unsubscribe in message.text
    assert "Say whether you come:\nhttps://coppice.example/meetings/1/\n" in message.text
    assert "https://coppice.example/me/mail/" in message.text
    assert "<p>Buses &amp; &lt;b&gt;</p>" in message.html
    assert f'href="{unsubscribe}"' in message.html
    assert message.attachments == [
        {
            "filename": "meeting.ics",
            "content_type": "text/calendar; method=REQUEST",
            "text": "BEGIN:VCALENDAR",
        }
    ]
    assert message.message_id.endswith("@coppice.example>")
    assert (message.state, message.attempts) == (Message.State.WAITING, 0)


def test_a_reader_without_choices_gets_the_programs_language_and_zone():
    message = plan(make_person(), language="es", time_zone="Europe/Madrid")

    assert message is not None
    assert "Europe/Madrid · es" in message.text
    assert "Less of this, or none" not in message.text


def test_the_same_occasion_is_told_once():
    ana = make_person()

    first = plan(ana)
    again = plan(ana, context={"title": "Changed"})
    other = plan(ana, period="2", context={"title": "Changed"})

    assert (again, Message.objects.count()) == (first, 2)
    assert other != first


def test_an_occasion_told_elsewhere_meanwhile_is_told_once(
    django_capture_on_commit_callbacks,
):
    ana = make_person()
    told: list[Message | None] = []

    class Told:
        """A title that takes so long to write that somebody else tells the same meanwhile."""

        def __str__(self) -> str:
            if not told:
                told.append(None)
                told[0] = plan(ana)
            return "Buses"

    with django_capture_on_commit_callbacks() as woken:
        message = plan(ana, context={"title": Told()})

    assert [message] == told
    assert (Message.objects.count(), len(woken)) == (1, 1)


def test_rows_are_called_by_what_they_tell():
    ana = make_person()

    assert str(plan(ana)) == "First meeting: Buses & <b>"
    assert str(actions.mute(ana, list_key="community:3")) == "community:3"


def test_the_roster_address_wins():
    message = plan(make_person(), to_address="work@example.org")

    assert message is not None
    assert message.to_address == "work@example.org"


def test_nobody_without_an_address_or_erased_is_written_to():
    assert plan(make_person(email=None)) is None
    assert plan(make_person(erased_at=timezone.now())) is None
    assert Message.objects.count() == 0


def test_who_left_the_list_is_not_written_to_until_the_pause_ends():
    ana = make_person()
    actions.mute(ana, list_key="community:3", until=timezone.now() + timedelta(days=1))

    assert plan(ana, list_key="community:3") is None
    assert plan(ana, list_key="community:4") is not None
    Mute.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert plan(ana, list_key="community:3", period="2") is not None


def test_muting_again_changes_only_the_end():
    ana = make_person()

    actions.mute(ana, list_key="community:3", until=timezone.now())
    actions.mute(ana, list_key="community:3")

    assert list(Mute.objects.values_list("person", "list_key", "until")) == [(ana.pk, "community:3", None)]
    actions.unmute(ana, list_key="community:3")
    assert Mute.objects.count() == 0


def test_a_change_that_rolls_back_leaves_no_message_and_wakes_nobody(django_capture_on_commit_callbacks):
    ana = make_person()

    with django_capture_on_commit_callbacks() as woken, pytest.raises(ZeroDivisionError):
        fail_after_planning(ana)

    assert (Message.objects.count(), woken) == (0, [])
    with django_capture_on_commit_callbacks() as woken:
        plan(ana)
    assert len(woken) == 1
    with django_capture_on_commit_callbacks() as woken:
        plan(ana)
    assert woken == []


def test_a_failed_message_waits_again():
    message = make_message(state=Message.State.FAILED, attempts=7, trouble="server", last_error="451")

    actions.retry(message, by=None)

    message.refresh_from_db()
    assert (message.state, message.attempts, message.trouble, message.last_error) == ("waiting", 0, "", "")
    assert message.to_address == message.recipient.email


@pytest.mark.parametrize("state", [Message.State.WAITING, Message.State.SENT, Message.State.WITHHELD])
def test_only_a_failed_message_is_sent_again(state: str):
    message = make_message(state=state)

    with pytest.raises(NotFailed):
        actions.retry(message, by=None)


def compose(recipient, **arguments) -> Message | None:
    return actions.compose(
        recipient=recipient,
        occasion="meeting:1",
        template="occasion/planned",
        context={"title": "Buses", "do_path": "/meetings/1/", "do_label": "Say whether you come"},
        **arguments,
    )


def test_a_composed_message_is_the_one_that_would_be_sent_and_asks_no_database(django_assert_num_queries):
    ana = make_person(email="ana@example.org", language="es", time_zone="America/Lima")

    with django_assert_num_queries(0):
        composed = compose(ana, scope="program:7", list_key="community:3")
    context = {"title": "Buses", "do_path": "/meetings/1/", "do_label": "Say whether you come"}
    sent = plan(ana, context=context, scope="program:7", list_key="community:3")

    own = ("id", "message_id", "created_at", "next_attempt_at", "_state")
    assert {name: value for name, value in vars(composed).items() if name not in own} == {
        name: value for name, value in vars(sent).items() if name not in own
    }


def test_nobody_without_an_address_gets_a_composed_message():
    erased = make_person(email="gone@example.org", erased_at=timezone.now())

    assert [compose(make_person(email=None)), compose(erased)] == [None, None]


def test_posted_messages_are_there_once_and_leave_after_commit(django_capture_on_commit_callbacks):
    ana, ben = make_person(email="ana@example.org"), make_person(email="ben@example.org")

    with django_capture_on_commit_callbacks() as callbacks, transaction.atomic():
        plan(ana)
        actions.post([compose(ana), compose(ben)])

    assert sorted(Message.objects.values_list("recipient__email", flat=True)) == [ana.email, ben.email]
    assert len(callbacks) == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_is_posted_outside_a_transaction():
    with pytest.raises(RuntimeError, match="inside the transaction"):
        actions.post([])
