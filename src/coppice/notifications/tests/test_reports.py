"""What providers tell over HTTP of mail of ours: each shape as its provider documents it, each once."""

import base64
import hashlib
import hmac
import json
from time import time

import pytest

from coppice.notifications.inbound_models import AddressStanding
from coppice.notifications.models import Message, Mute
from coppice.notifications.tests.factories import make_message, make_person

pytestmark = pytest.mark.django_db
KEY = "whsec_" + base64.b64encode(b"key of the provider").decode()
GONE, AT = "550 5.1.1 no such user", 1_790_000_000
WHEN = "2026-09-21T13:33:20+00:00"


@pytest.fixture(autouse=True)
def webhooks(settings) -> None:
    settings.INBOUND_WEBHOOK_SECRET = "only-the-provider-knows"
    settings.REPORTS_WEBHOOK_KEY = KEY


def sent(**fields) -> Message:
    """A mail to Ana that a provider took and calls p-1."""
    known = {"state": "sent", "provider_id": "p-1", "list_key": "community:3", "list_name": "Transport"}
    return make_message(make_person(email="ana@example.org"), **known | fields)


def sparkpost(kind: str) -> object:
    words = {"hard": ("bounce", "10"), "soft": ("bounce", "22"), "complaint": ("spam_complaint", "")}[kind]
    event = {
        "type": words[0],
        "bounce_class": words[1],
        "transmission_id": "p-1",
        "raw_rcpt_to": "Ana@example.org",
    }
    return [{"msys": {"message_event": event | {"timestamp": str(AT), "raw_reason": GONE, "event_id": "9"}}}]


def mailersend(kind: str) -> object:
    type_ = {"hard": "hard_bounced", "soft": "soft_bounced", "complaint": "spam_complaint"}[kind]
    mail = {"message": {"id": "p-1"}, "recipient": {"email": "ana@example.org"}}
    data = {"type": type_, "id": "7", "created_at": WHEN, "email": mail}
    return {"type": f"activity.{type_}", "data": data}


def mailgun(kind: str, token: str = "t") -> object:
    event = {"hard": "failed", "soft": "failed", "complaint": "complained"}[kind]
    severity = {} if kind == "complaint" else {"severity": "permanent" if kind == "hard" else "temporary"}
    signed = hmac.new(KEY.encode(), f"{AT}{token}".encode(), hashlib.sha256).hexdigest()
    return {
        "signature": {"token": token, "timestamp": str(AT), "signature": signed},
        "event-data": {
            "event": event,
            "recipient": "ana@example.org",
            "timestamp": AT,
            "message": {"headers": {"message-id": "p-1@x.example"}},
            **severity,
        },
    }


SAYS = {
    "brevo": lambda kind: {
        "event": {"hard": "hard_bounce", "soft": "soft_bounce", "complaint": "spam"}[kind],
        "email": "ana@example.org",
        "message-id": "<p-1>",
        "ts_epoch": AT * 1000,
    },
    "mailersend": mailersend,
    "mailgun": mailgun,
    "mailjet": lambda kind: [
        {
            "event": "spam" if kind == "complaint" else "bounce",
            "hard_bounce": kind == "hard",
            "email": "ana@example.org",
            "MessageID": 71,
            "time": AT,
        }
    ],
    "mandrill": lambda kind: [
        {
            "event": {"hard": "hard_bounce", "soft": "soft_bounce", "complaint": "spam"}[kind],
            "_id": "p-1",
            "ts": AT,
            "msg": {"email": "ana@example.org", "diag": GONE if kind == "hard" else ""},
        }
    ],
    "postmark": lambda kind: {
        "RecordType": "SpamComplaint" if kind == "complaint" else "Bounce",
        "Type": {"hard": "HardBounce", "soft": "SoftBounce", "complaint": "SpamComplaint"}[kind],
        "Email": "ana@example.org",
        "MessageID": "p-1",
        "BouncedAt": WHEN,
        "ID": 12,
    },
    "resend": lambda kind: {
        "type": "email.complained" if kind == "complaint" else "email.bounced",
        "created_at": WHEN,
        "data": {
            "email_id": "p-1",
            "to": ["ana@example.org"],
            "headers": [],
            "bounce": {"type": "Transient" if kind == "soft" else "Permanent", "message": "It came back"},
        },
    },
    "sparkpost": sparkpost,
}
CALLED = {"mailgun": "<p-1@x.example>", "mailjet": "71", "brevo": "<p-1>"}


def post(client, provider: str, said: object, secret: str = "only-the-provider-knows") -> int:
    """Post a report as the provider does, signed where it signs."""
    path = f"/mail/reports/{provider}/{secret}/"
    if provider == "mandrill":
        fields = {"mandrill_events": json.dumps(said)}
        signed = f"http://testserver{path}mandrill_events{fields['mandrill_events']}".encode()
        digest = base64.b64encode(hmac.new(KEY.encode(), signed, hashlib.sha1).digest()).decode()
        return client.post(path, fields, headers={"X-Mandrill-Signature": digest}).status_code
    body = json.dumps(said)
    headers = {}
    if provider == "mailersend":
        headers = {"Signature": hmac.new(KEY.encode(), body.encode(), hashlib.sha256).hexdigest()}
    elif provider == "resend":
        headers = svix(body)
    return client.post(path, body, content_type="application/json", headers=headers).status_code


def svix(body: str, *, at: int | None = None, key: bytes = b"key of the provider") -> dict[str, str]:
    moment = str(at or int(time()))
    digest = hmac.new(key, f"msg_1.{moment}.{body}".encode(), hashlib.sha256).digest()
    signature = f"v1,AAAA v1,{base64.b64encode(digest).decode()}"
    return {"svix-id": "msg_1", "svix-timestamp": moment, "svix-signature": signature}


@pytest.mark.parametrize("provider", sorted(SAYS))
def test_what_each_provider_reports_counts_once_as_a_report_by_mail_does(client, provider):
    message = sent(provider_id=CALLED.get(provider, "p-1"))

    codes = [post(client, provider, SAYS[provider](kind)) for kind in ("soft", "soft", "hard", "hard")]
    standing = AddressStanding.objects.get()
    assert (codes, standing.soft, standing.hard) == ([200] * 4, 1, 1)
    message.refresh_from_db()
    assert (message.returned_at is not None, Mute.objects.exists()) == (True, False)

    assert post(client, provider, SAYS[provider]("complaint")) == 200
    assert Mute.objects.get().list_key == "community:3"
    Mute.objects.all().delete()
    assert post(client, provider, SAYS[provider]("complaint")) == 200
    assert not Mute.objects.exists()


def test_a_repeat_that_is_signed_anew_is_the_same_and_the_third_refusal_pauses(client):
    first = sent(provider_id="", message_id="<p-0@x.example>")
    for number in (1, 2):
        make_message(first.recipient, state="sent", message_id=f"<p-{number}@x.example>")
    for number, token in ((0, "a"), (0, "b"), (1, "c"), (2, "d")):
        said = mailgun("hard", token)
        said["event-data"]["message"]["headers"]["message-id"] = f"p-{number}@x.example"  # type: ignore[index]
        assert post(client, "mailgun", said) == 200

    standing = AddressStanding.objects.get()
    assert (standing.hard, standing.paused_at is not None) == (3, True)


def test_reports_of_another_address_or_of_no_mail_of_ours_or_that_say_nothing_bad_do_nothing(client):
    sent()
    other, unknown, opened = (SAYS["postmark"]("hard") for _number in range(3))
    other["Email"], unknown["MessageID"] = "ben@example.org", "p-9"
    opened |= {"RecordType": "Open", "Recipient": "ana@example.org"}

    codes = [post(client, "postmark", said) for said in (other, unknown, opened, opened | {"MessageID": ""})]

    assert codes == [200] * 4
    assert not AddressStanding.objects.exists()


def test_what_a_provider_does_not_send_at_all_counts_as_it_says_why(client):
    sent()
    said = {"Type": "BadEmailAddress", "RecordType": "Bounce", "Email": "ana@example.org", "MessageID": "p-1"}
    full = {**said, "Type": "HardBounce", "Details": "552 5.2.2 mailbox full", "BouncedAt": WHEN}
    late = {**said, "Type": "Transient", "BouncedAt": "2026-09-22T00:00:00Z"}
    left = {**said, "RecordType": "SubscriptionChange", "SuppressionReason": "ManualSuppression"}

    codes = [post(client, "postmark", each) for each in (full, late, said, left)]

    standing = AddressStanding.objects.get()
    assert (codes, standing.soft, standing.hard) == ([200] * 4, 2, 1)
    assert Mute.objects.count() == 1


@pytest.mark.parametrize("provider", sorted(SAYS))
def test_who_is_not_the_provider_is_refused(client, provider, settings):
    said = SAYS[provider]("hard")
    sent(provider_id=CALLED.get(provider, "p-1"))

    assert post(client, provider, said, secret="guessed") == 404
    assert client.head(f"/mail/reports/{provider}/only-the-provider-knows/").status_code == 200
    if provider in {"mailersend", "mailgun", "mandrill"}:
        settings.REPORTS_WEBHOOK_KEY = "another key"
        assert post(client, provider, said) == 400
    assert not AddressStanding.objects.exists()


def test_svix_signs_what_resend_sends_for_five_minutes(client):
    sent()
    body, path = json.dumps(SAYS["resend"]("hard")), "/mail/reports/resend/only-the-provider-knows/"

    def post_with(headers: dict[str, str]) -> int:
        return client.post(path, body, content_type="application/json", headers=headers).status_code

    old, forged = svix(body, at=int(time()) - 600), svix(body, key=b"guessed")
    codes = [post_with(each) for each in ({}, old, forged, svix(body) | {"svix-timestamp": "soon"})]

    assert codes == [400] * 4
    assert (post_with(svix(body)), AddressStanding.objects.count()) == (200, 1)
    assert client.post("/mail/reports/nobody/only-the-provider-knows/").status_code == 404
