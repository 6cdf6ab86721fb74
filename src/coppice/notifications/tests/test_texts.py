"""Text messages: numbers proved by a code, what is sent when and how often, and what STOP does."""

import json
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coppice import health
from coppice.accounts import actions as accounts
from coppice.notifications import actions, tasks
from coppice.notifications.errors import NotANumber, NumberStopped, TooManyCodes, WrongCode
from coppice.notifications.models import Message
from coppice.notifications.tests.factories import make_person
from coppice.notifications.text_models import Phone, TextMessage
from coppice.notifications.texts import phones, providers, sending
from coppice.notifications.texts.hours import first_by_day
from coppice.notifications.texts.segments import fitted, segments

pytestmark = pytest.mark.django_db

NUMBER = "+15552345678"
NOON = datetime(2027, 5, 12, 16, tzinfo=UTC)
"""Noon in New York."""


class Broken:
    """A provider of somebody's own, with a fault."""

    knows_keys = True

    def send(self, to: str, text: str, *, key: str) -> str:
        if to == NUMBER:
            raise RuntimeError("no network library here")
        return key


class Gateway:
    """A provider's web interface on the loopback: keeps what comes, and answers as it is told."""

    def __init__(self) -> None:
        self.status, self.answer, self.hangs_up = 201, b'{"messages": [{"id": "sm-1"}]}', False
        self.taken: list[tuple[dict[str, str], str]] = []
        self.url = ""


@pytest.fixture
def gateway(settings) -> Iterator[Gateway]:
    gateway = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            gateway.taken.append((dict(self.headers), body))
            if gateway.hangs_up:
                self.connection.close()
                return
            self.send_response(gateway.status)
            self.send_header("Content-Length", str(len(gateway.answer)))
            self.end_headers()
            self.wfile.write(gateway.answer)

        def log_message(self, *words: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        gateway.url = f"http://127.0.0.1:{server.server_address[1]}/send?v=1"
        settings.TEXT_PROVIDER, settings.TEXT_URL = "http", gateway.url
        settings.TEXT_BODY = '{"recipients": [{"phone": "{to}"}], "text": "{text}"}'
        settings.TEXT_HEADERS, settings.TEXT_ID = '{"X-Key": "secret"}', "messages.0.id"
        yield gateway
        server.shutdown()


@pytest.fixture(autouse=True)
def kept(settings) -> None:
    settings.TEXT_PROVIDER, settings.TEXT_WEBHOOK_SECRET = "keep", "sesame"


def make_phone(person=None, **fields) -> Phone:
    """A phone that may be texted."""
    known = {"number": NUMBER, "confirmed_at": timezone.now()}
    return Phone.objects.create(person=person or make_person(), **known | fields)


def notice(phone: Phone, *, at: datetime = NOON, occasion: str = "meeting-today:1", **fields):
    """Write a notice at noon in New York, good for three hours."""
    known = {
        "period": "",
        "scope": "program:7",
        "list_key": "",
        "compose": "{}".format,
        "name": "Meeting today",
        "time_zone": "America/New_York",
        "until": at + timedelta(hours=3),
    }
    with patch("django.utils.timezone.now", return_value=at):
        return sending.send(phone, occasion=occasion, **known | fields)


def deliver(at: datetime = NOON) -> int:
    with patch("django.utils.timezone.now", return_value=at):
        return sending.deliver_due()


def states() -> list[str]:
    return list(TextMessage.objects.order_by("pk").values_list("state", flat=True))


def code_of(person) -> str:
    found = re.search(r"\b\d{6}\b", TextMessage.objects.filter(person=person, kind="code").first().words)
    return found[0]


def answer(words: str, *, number: str = "15552345678") -> int:
    address = reverse("notifications:text_webhook", args=["sesame"])
    return Client().post(address, {"from": number, "text": words}).status_code


# What a text takes


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" * 76, 2),
        ("a" * 152 + "€" * 77, 3),
        ("á" * 70, 1),
        ("á" * 71, 2),
        ("á" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 66, 2),
        ("😀" * 67, 3),
    ],
)
def test_segments_are_counted_as_a_provider_counts_them(text, count):
    assert segments(text) == count


def test_a_long_name_is_cut_and_what_stands_around_it_is_not():
    text = fitted(lambda name: f"{name} is today. https://c.example/meetings/1/", "“Ñandú” " * 60, most=2)

    assert (text[:8], text.endswith("... is today. https://c.example/meetings/1/"), segments(text)) == (
        '"Ñandú" ',
        True,
        2,
    )


# A number


@pytest.mark.parametrize(
    "written", ["(555) 234-5678", "555.234.5678", "1 555 234 5678", "+1 555 234 5678", "0015552345678"]
)
def test_a_number_is_known_however_it_is_written(written):
    assert phones.as_e164(written) == NUMBER


@pytest.mark.parametrize("written", ["", "hello", "555 1234", "+44 20 7946 0958", "155 234 5678", "+1555"])
def test_what_is_no_number_here_is_refused(written):
    with pytest.raises(NotANumber):
        phones.as_e164(written)


def test_a_code_proves_a_number_once(django_capture_on_commit_callbacks):
    ana = make_person()

    with django_capture_on_commit_callbacks(execute=True):
        phones.ask(ana, number="555 234 5678")
    code = code_of(ana)
    phone = phones.confirm(ana, code=f" {code[:3]} {code[3:]}")

    assert (phone.number, phone.is_open) == (NUMBER, True)
    with pytest.raises(WrongCode):
        phones.confirm(ana, code=code)
    assert [text.kind for text in TextMessage.objects.order_by("pk")] == ["code", "answer"]


def test_the_sixth_try_is_refused_whatever_it_says():
    ana = make_person()
    phones.ask(ana, number=NUMBER)
    code = code_of(ana)
    wrong = "000000" if code != "000000" else "111111"
    for _try in range(5):
        with pytest.raises(WrongCode):
            phones.confirm(ana, code=wrong)

    with pytest.raises(WrongCode):
        phones.confirm(ana, code=code)


def test_an_old_code_is_refused():
    ana = make_person()
    phones.ask(ana, number=NUMBER)
    Phone.objects.update(code_until=timezone.now() - timedelta(seconds=1))

    with pytest.raises(WrongCode):
        phones.confirm(ana, code=code_of(ana))


def test_a_person_and_a_number_get_three_codes_a_day():
    ana, ben = make_person(), make_person()
    phones.ask(ana, number=NUMBER)
    phones.ask(ana, number="555 234 5679")
    phones.ask(ben, number=NUMBER)
    phones.ask(ben, number=NUMBER)

    phones.ask(ana, number="555 234 5670")
    with pytest.raises(TooManyCodes):
        phones.ask(ana, number="555 234 5671")
    with pytest.raises(TooManyCodes):
        phones.ask(ben, number=NUMBER)


def test_the_words_of_a_code_do_not_stay_once_it_has_left():
    phones.ask(make_person(), number=NUMBER)

    assert (sending.deliver_due(), TextMessage.objects.get().words) == (1, "")


def test_erasing_somebody_erases_their_number_and_texts():
    phone = make_phone()
    notice(phone)

    accounts.erase(phone.person, by=phone.person)

    assert (Phone.objects.count(), TextMessage.objects.count()) == (0, 0)


# Sending


def test_a_notice_is_carried_once(django_capture_on_commit_callbacks):
    phone = make_phone()

    notice(phone)
    notice(phone)

    assert (deliver(), deliver(), states()) == (1, 0, ["sent"])


@pytest.mark.parametrize(
    ("at", "first"),
    [
        ("2027-05-12T16:00", "2027-05-12T16:00"),
        ("2027-05-12T11:59", "2027-05-12T12:00"),
        ("2027-05-13T01:00", "2027-05-13T12:00"),
        ("2027-05-12T03:00", "2027-05-12T12:00"),
    ],
)
def test_no_phone_rings_at_night(at, first):
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)

    assert first_by_day(moment, zone_key="America/New_York").isoformat()[:16] == first


def test_a_notice_waits_for_the_morning_and_is_dropped_where_that_is_too_late():
    night = datetime(2027, 5, 12, 10, tzinfo=UTC)
    phone = make_phone()

    notice(phone, at=night)
    too_late = notice(phone, at=night, occasion="meeting-today:2", until=night + timedelta(hours=1))

    assert (too_late, deliver(night), deliver(night + timedelta(hours=2))) == (None, 0, 1)


def test_what_could_not_leave_by_day_waits_for_the_next_day():
    phone = make_phone()
    notice(phone, until=NOON + timedelta(days=2))

    assert (deliver(NOON + timedelta(hours=12)), states()) == (0, ["waiting"])
    assert deliver(NOON + timedelta(hours=20)) == 1


@pytest.mark.parametrize(
    "goes",
    [
        lambda phone: actions.mute(phone.person, list_key="circle:3"),
        lambda phone: phones.remove(phone.person),
        lambda phone: answer("stop"),
        lambda phone: Phone.objects.update(number="+15552345679"),
        lambda phone: type(phone.person).objects.update(is_active=False),
    ],
)
def test_nothing_goes_to_who_has_left_meanwhile(goes):
    phone = make_phone()
    notice(phone, list_key="circle:3")
    goes(phone)

    deliver()

    assert TextMessage.objects.get(kind="notice").state == "withheld"


def test_what_comes_too_late_does_not_go():
    notice(make_phone())

    assert (deliver(NOON + timedelta(hours=3)), states()) == (0, ["withheld"])


def test_a_person_gets_only_so_many_a_month(settings):
    settings.TEXT_A_MONTH = 2
    phone = make_phone()
    for number in range(3):
        notice(phone, occasion=f"meeting-today:{number}")

    assert (deliver(), states()) == (2, ["sent", "sent", "withheld"])
    notice(phone, at=NOON + timedelta(days=30), occasion="meeting-today:9")
    assert deliver(NOON + timedelta(days=30)) == 1


def test_a_program_pays_for_only_so_many_segments_a_month(settings):
    settings.TEXT_SEGMENTS_A_MONTH = 3
    for number in range(3):
        phone = make_phone(number=f"+155523456{number}0")
        notice(phone, name="a" * 170)
    notice(make_phone(number="+15552345699"), scope="program:8")

    assert (deliver(), states()) == (2, ["sent", "withheld", "withheld", "sent"])


def test_old_texts_are_forgotten():
    notice(make_phone(), at=timezone.now())
    TextMessage.objects.update(created_at=timezone.now() - timedelta(days=63))

    tasks.sweep_texts.call()

    assert states() == []


# A provider


def test_the_gateway_gets_what_its_template_says(gateway):
    notice(make_phone(), name='Say "yes" {to}')

    taken = deliver()

    headers, body = gateway.taken[0]
    assert (taken, headers["X-Key"], json.loads(body)) == (
        1,
        "secret",
        {"recipients": [{"phone": NUMBER}], "text": 'Say "yes" {to}'},
    )
    assert TextMessage.objects.get().provider_id == "sm-1"


def test_a_gateway_can_want_a_form_and_a_password(gateway, settings):
    settings.TEXT_HEADERS = json.dumps({"Content-Type": providers.FORM})
    settings.TEXT_BODY = '{"To": "{to}", "Body": "{text}", "From": "+15550001111"}'
    settings.TEXT_USER, settings.TEXT_PASSWORD = "sid", "token"
    notice(make_phone(), name="A & b")

    deliver()

    headers, body = gateway.taken[0]
    assert (headers["Authorization"], body) == (
        "Basic c2lkOnRva2Vu",
        "To=%2B15552345678&Body=A+%26+b&From=%2B15550001111",
    )


@pytest.mark.parametrize(
    ("status", "state"), [(429, "waiting"), (401, "waiting"), (400, "failed"), (500, "unsure")]
)
def test_each_answer_of_a_gateway_means_what_it_means(gateway, status, state):
    gateway.status = status
    notice(make_phone())

    assert (deliver(), states()) == (0, [state])


def test_whatever_may_have_left_is_not_sent_again(gateway):
    gateway.hangs_up = True
    notice(make_phone())

    assert (deliver(), deliver(NOON + timedelta(hours=1)), states()) == (0, 0, ["unsure"])
    assert len(gateway.taken) == 1


def test_a_gateway_that_knows_keys_is_asked_again_with_the_same(gateway, settings):
    settings.TEXT_HEADERS = '{"Idempotency-Key": "{key}"}'
    gateway.hangs_up = True
    notice(make_phone())
    deliver()
    gateway.hangs_up = False

    assert (deliver(NOON + timedelta(minutes=2)), states()) == (1, ["sent"])
    assert len({headers["Idempotency-Key"] for headers, _body in gateway.taken}) == 1


@pytest.mark.parametrize(("keys", "state"), [(True, "sent"), (False, "unsure")])
def test_a_text_whose_worker_died_is_sent_again_only_under_a_key(gateway, settings, keys, state):
    settings.TEXT_HEADERS = '{"Key": "{key}"}' if keys else ""
    notice(make_phone())
    TextMessage.objects.update(state="sending")

    deliver()

    assert (states(), len(gateway.taken)) == ([state], int(keys))


def test_a_gateway_out_of_reach_is_asked_five_times(gateway, settings):
    settings.TEXT_URL = "http://127.0.0.1:1/"
    notice(make_phone(), until=NOON + timedelta(days=3))

    moments = [NOON + timedelta(days=1, minutes=minutes) for minutes in (0, 1, 6, 36, 156)]
    assert [deliver(at) for at in moments] == [0] * 5
    assert (states(), TextMessage.objects.get().attempts) == (["failed"], 5)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("TEXT_PROVIDER", "nobody.Here", "COPPICE_TEXT_PROVIDER"),
        ("TEXT_URL", "gateway", "COPPICE_TEXT_URL"),
        ("TEXT_BODY", "[1]", "COPPICE_TEXT_BODY"),
        ("TEXT_BODY", '{"to": "{to}"}', "COPPICE_TEXT_BODY"),
    ],
)
def test_a_wrong_setting_is_named(gateway, settings, name, value, told):
    setattr(settings, name, value)

    with pytest.raises(ImproperlyConfigured, match=told):
        providers.chosen()


def test_a_provider_of_ones_own_is_called_by_its_path(settings):
    settings.TEXT_PROVIDER = "coppice.notifications.texts.providers.KeptProvider"

    assert providers.chosen().send(NUMBER, "Hello", key="1") == "kept-1"


def test_the_check_of_an_installation_says_what_does_not_leave(gateway, settings):
    well = health.texts()
    gateway.status = 400
    notice(make_phone())
    deliver()
    refused = health.texts()
    TextMessage.objects.update(state="withheld", last_error=sending.NO_MORE)
    held = health.texts()
    settings.TEXT_URL = ""

    assert [well.is_well, refused.is_well, held.is_well, health.texts().is_well] == [True, False, True, False]
    assert refused.sentence.startswith("Texts that the provider did not take this week: 1. It last said: 400")
    assert "COPPICE_TEXT_A_MONTH" in held.sentence


def test_a_provider_that_breaks_keeps_no_other_text_from_leaving(settings):
    settings.TEXT_PROVIDER = "coppice.notifications.tests.test_texts.Broken"
    notice(make_phone())
    notice(make_phone(number="+15552345679"))

    assert (deliver(), states()) == (1, ["waiting", "sent"])


# Answers


@pytest.mark.parametrize("words", ["STOP", " stop. ", "Stop texting me", "Alto", "UNSUBSCRIBE", "quit"])
def test_stop_ends_all_texts_and_says_so_once(words):
    phone = make_phone()
    notice(phone)

    assert [answer(words), answer(words)] == [204, 204]

    phone.refresh_from_db()
    assert (phone.is_open, deliver()) == (False, 1)
    assert [(text.occasion, text.state) for text in TextMessage.objects.order_by("pk")] == [
        ("meeting-today:1", "withheld"),
        ("text-stopped", "sent"),
    ]


def test_nothing_but_its_own_answer_leaves_after_stop():
    phone = make_phone()
    answer("HELP")

    answer("STOP")

    phone.refresh_from_db()
    assert deliver() == 1
    assert TextMessage.objects.get(state="sent").occasion == "text-stopped"


@pytest.mark.parametrize("number", ["+1 555 234 5678", "5552345678", "(555) 234-5678", "0015552345678"])
def test_stop_counts_however_a_provider_writes_the_number(number):
    phone = make_phone()

    answer("STOP", number=number)

    phone.refresh_from_db()
    assert phone.is_open is False


@pytest.mark.parametrize("words", ["", "Cancel the meeting please", "I will stop by", "yes"])
def test_other_words_stop_nothing(words):
    phone = make_phone()

    answer(words)

    phone.refresh_from_db()
    assert (phone.is_open, TextMessage.objects.count()) == (True, 0)


def test_a_number_that_stopped_takes_no_codes_until_it_starts():
    ana = make_person()
    phones.ask(ana, number=NUMBER)
    answer("STOP")

    with pytest.raises(NumberStopped):
        phones.ask(make_person(), number=NUMBER)
    answer("START")
    assert phones.ask(ana, number=NUMBER).is_open is False


def test_start_brings_back_what_stop_ended():
    phone = make_phone()
    answer("STOP")
    answer("start")
    answer("start")

    phone.refresh_from_db()
    assert (phone.is_open, TextMessage.objects.filter(occasion="text-started").count()) == (True, 1)


def test_help_tells_who_we_are_once_a_day():
    phone = make_phone()

    answer("HELP")
    answer("ayuda")

    assert "STOP" in TextMessage.objects.get(person=phone.person, occasion="text-help").words


def test_somebody_whom_we_never_texted_is_left_alone():
    assert [answer(words) for words in ("STOP", "HELP", "START")] == [204] * 3
    assert TextMessage.objects.count() == 0


def test_json_is_read_too_and_what_is_neither_is_refused(settings):
    settings.TEXT_WEBHOOK_FIELDS = ["msisdn", "text"]
    phone = make_phone()
    address = reverse("notifications:text_webhook", args=["sesame"])

    told = {"msisdn": "15552345678", "text": "STOP"}
    statuses = [
        Client().post(address, body, content_type="application/json").status_code
        for body in (json.dumps(told), "{", "[]", '{"msisdn": 1}', "[" * 90_000)
    ]

    phone.refresh_from_db()
    assert (statuses, phone.is_open) == ([204, 400, 400, 400, 400], False)


def test_a_wrong_secret_opens_nothing(settings):
    address = reverse("notifications:text_webhook", args=["open"])
    before = Client().post(address, {}).status_code
    settings.TEXT_WEBHOOK_SECRET = ""

    assert (before, Client().post(reverse("notifications:text_webhook", args=["x"])).status_code) == (
        404,
        404,
    )


# Pages


def test_a_person_gives_and_takes_back_their_number_on_one_page(client):
    ana = make_person()
    client.force_login(ana)
    address = reverse("notifications:texts")

    without = client.post(address, {"number": "555 234 5678"})
    wrong = client.post(address, {"number": "12", "wanted": "on"})
    given = client.post(address, {"number": "555 234 5678", "wanted": "on"}, follow=True)
    mistaken = client.post(reverse("notifications:text_confirmation"), {"code": "abc"}, follow=True)
    empty = client.post(reverse("notifications:text_confirmation"), {}, follow=True)
    proved = client.post(reverse("notifications:text_confirmation"), {"code": code_of(ana)}, follow=True)
    answer("STOP")
    stopped = client.get(address)
    forgotten = client.post(reverse("notifications:text_removal"), follow=True)

    assert [without.status_code, wrong.status_code] == [422, 422]
    assert "We sent a code to +15552345678." in given.text
    assert "This is not the code" in mistaken.text
    assert "Write the code of six digits" in empty.text
    assert "This month we texted you 0 reminders, of 12 at most." in proved.text
    assert "You answered STOP" in stopped.text
    assert "Your number is forgotten" in forgotten.text
    assert Phone.objects.count() == 0


def test_where_nobody_carries_texts_they_are_not_offered(client, settings):
    client.force_login(make_person())
    offered = client.get(reverse("notifications:preferences")).text
    settings.TEXT_PROVIDER = ""

    link = reverse("notifications:texts")
    assert (link in offered, link in client.get(reverse("notifications:preferences")).text) == (True, False)
    assert client.get(link).status_code == 404
    assert (phones.open_phones([1]), sending.deliver_due()) == ({}, 0)


def test_the_outbox_of_the_demo_shows_texts(client, settings):
    settings.DEMO = True
    empty = client.get(reverse("notifications:outbox_texts")).text
    notice(make_phone())

    full = client.get(reverse("notifications:outbox_texts")).text

    assert ("No text yet" in empty, "Meeting today" in full) == (True, True)
    settings.DEMO = False
    assert client.get(reverse("notifications:outbox_texts")).status_code == 404


def test_who_proves_a_number_last_holds_it_and_who_held_it_is_told():
    ana, ben, cora = (make_person(email=f"{name}@example.org") for name in ("ana", "ben", "cora"))
    notice(make_phone(ana))
    phones.ask(cora, number=NUMBER)
    phones.ask(ben, number=NUMBER)
    [code] = re.findall(r"^\d{6}", TextMessage.objects.get(person=ben, kind="code").words)

    phones.confirm(ben, code=code)

    assert (Phone.objects.filter(person=ana).exists(), phones.holder_of(NUMBER).person) == (False, ben)
    assert TextMessage.objects.get(person=ana).state == "withheld"
    told = Message.objects.get(recipient=ana)
    assert (told.occasion.partition(":")[0], NUMBER in told.text) == ("text-number-taken", False)
    for words in ("HELP", "STOP", "START"):
        answer(words)
    said = TextMessage.objects.filter(kind="answer").values_list("person", "occasion")
    assert set(said) == {(ben.pk, f"text-{told}") for told in ("welcome", "help", "stopped", "started")}
    assert Phone.objects.get(person=ben).is_open
