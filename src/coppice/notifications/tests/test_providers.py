"""Mail through a provider's web interface, with the provider's endpoint replaced by a server on loopback."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from coppice.lib.mailers import PROVIDERS, mailer
from coppice.notifications import delivery
from coppice.notifications.models import Message
from coppice.notifications.tests.factories import make_message, make_person

pytestmark = pytest.mark.django_db
CALENDAR = {
    "filename": "meeting.ics",
    "content_type": "text/calendar; method=REQUEST",
    "text": "BEGIN:VCALENDAR",
}
# What each provider answers when it takes a mail.
YES = {
    "brevo": {"messageId": "<1@provider.example>"},
    "mailersend": {},
    "mailgun": {"id": "<1@provider.example>", "message": "Queued."},
    "mailjet": {
        "Messages": [
            {
                "Status": "success",
                "To": [{"Email": "ana@example.org", "MessageUUID": "1", "MessageID": 1, "MessageHref": ""}],
            }
        ]
    },
    "mandrill": [{"email": "ana@example.org", "status": "sent", "_id": "1"}],
    "postmark": {"ErrorCode": 0, "Message": "OK", "MessageID": "1", "To": "ana@example.org"},
    "resend": {"id": "1"},
    "sparkpost": {"results": {"id": "1", "total_accepted_recipients": 1, "total_rejected_recipients": 0}},
}


class Provider:
    """Keeps what it is sent, and answers what the test says."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.status = 200
        self.answer: object = {}
        self.address = ""


@pytest.fixture
def provider() -> Iterator[Provider]:
    provider = Provider()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            provider.requests.append((self.path, dict(self.headers), body))
            answer = json.dumps(provider.answer).encode()
            self.send_response(provider.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.send_header("X-Message-Id", "1")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    provider.address = f"http://127.0.0.1:{server.server_port}/"
    yield provider
    server.shutdown()
    server.server_close()


def use(settings, name: str, address: str) -> None:
    """Set Coppice up as its settings would."""
    settings.MAIL_FROM = "Coppice <post@coppice.example>"
    settings.BASE_URL = "https://coppice.example"
    settings.MAILERS = {"default": mailer(name, key="the-key", secret="the-secret", api_url=address, smtp={})}


def told(message: Message) -> tuple[str, str, str]:
    message.refresh_from_db()
    return message.state, message.trouble, message.last_error


@pytest.mark.parametrize("name", sorted(PROVIDERS))
def test_mail_leaves_through_every_provider_with_all_that_it_carries(provider: Provider, settings, name: str):
    use(settings, name, provider.address)
    provider.answer = YES[name]
    provider.status = 202 if name == "mailersend" else 200
    ana = make_person(email="ana@example.org")
    message = make_message(
        ana, list_key="community:3", list_name="Transport", sender_name="Ana via us", attachments=[CALENDAR]
    )

    taken = delivery.deliver_due()

    assert (taken, told(message)) == (1, (Message.State.SENT, "", ""))
    assert message.provider_id in {"1", "<1@provider.example>"}
    [(_path, headers, body)] = provider.requests
    sent = body.decode()
    carried = [
        "ana@example.org",
        "post@coppice.example",
        "Ana via us",
        "First meeting",
        "Say whether you come.",
        "<p>Say whether you come.</p>",
        message.message_id,
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
        "List-Id",
        "Auto-Submitted",
        "meeting.ics",
    ]
    assert [each for each in carried if each not in sent] == []
    assert "the-key" in sent + str(headers) or "Basic " in str(headers)


@pytest.mark.parametrize(
    ("status", "state", "trouble"),
    [
        (401, "waiting", "password"),
        (403, "waiting", "password"),
        (429, "waiting", "server"),
        (500, "waiting", "server"),
        (503, "waiting", "server"),
        (400, "failed", "content"),
        (413, "failed", "content"),
    ],
)
def test_what_the_provider_answers_decides_what_comes_next(
    provider: Provider, settings, status: int, state: str, trouble: str
):
    use(settings, "postmark", provider.address)
    provider.status, provider.answer = status, {"ErrorCode": 10, "Message": "What we say about it"}
    message = make_message()

    assert delivery.deliver_due() == 0

    assert told(message)[:2] == (state, trouble)
    assert str(status) in message.last_error
    assert "What we say about it" in message.last_error
    assert "the-key" not in message.last_error


def test_an_address_that_the_provider_will_not_write_to_fails_at_once(provider: Provider, settings):
    use(settings, "postmark", provider.address)
    gone = make_message(make_person(email="gone@example.org"))
    provider.status = 422
    provider.answer = {
        "ErrorCode": 406,
        "Message": "You tried to send to a recipient that has been marked as inactive. Found inactive "
        "addresses: gone@example.org. Inactive recipients are ones that have generated a hard bounce.",
    }

    delivery.deliver_due()

    state, trouble, answer = told(gone)
    assert (state, trouble) == (Message.State.FAILED, Message.Trouble.ADDRESS)
    assert answer.startswith("422 ")
    assert "marked as inactive" in answer


def test_a_provider_out_of_reach_is_asked_once_for_all(provider: Provider, settings, monkeypatch):
    use(settings, "resend", "http://127.0.0.1:1/")
    messages = [make_message(), make_message(), make_message()]
    asked: list[str] = []
    monkeypatch.setattr("urllib3.connectionpool.log.debug", lambda words, *rest: asked.append(words))

    delivery.deliver_due()

    assert [told(message)[:2] for message in messages] == [("waiting", "unreachable")] * 3
    assert len([words for words in asked if words.startswith("Starting new HTTP connection")]) == 1


def test_after_a_refusal_the_next_mail_is_still_tried(provider: Provider, settings):
    use(settings, "resend", provider.address)
    provider.status = 500
    make_message()
    make_message()

    delivery.deliver_due()

    assert len(provider.requests) == 2
