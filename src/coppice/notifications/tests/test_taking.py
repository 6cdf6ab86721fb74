"""The ways by which mail comes in: a port, a provider, a file, a maildir; all write down the same row."""

import base64
import hashlib
import hmac
import json
import smtplib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from coppice.notifications.inbound import folders, listening, taking
from coppice.notifications.inbound.listening import Listener
from coppice.notifications.inbound_models import ReceivedMail
from coppice.notifications.tests.mails import make_mail

DOMAIN = "in.coppice.example"
TO = f"rural@{DOMAIN}"


@pytest.fixture(autouse=True)
def inbound(settings) -> None:
    settings.MAIL_INBOUND_DOMAIN = DOMAIN
    settings.CALENDAR_REPLIES_TO = "answers@coppice.example"
    settings.INBOUND_WEBHOOK_SECRET = "only-the-provider-knows"
    settings.INBOUND_WEBHOOK_KEY = "key-of-the-provider"


def envelopes() -> list[tuple[str, str]]:
    return list(ReceivedMail.objects.order_by("pk").values_list("envelope_from", "envelope_to"))


class Port:
    """A port that is open for a test, by SMTP or LMTP."""

    def __init__(self, listener: Listener, port: int) -> None:
        self.listener, self.port = listener, port

    def line(self) -> smtplib.SMTP:
        kind = smtplib.LMTP if self.listener.is_lmtp else smtplib.SMTP
        return kind("127.0.0.1", self.port, timeout=30)


@pytest.fixture(params=[False, True], ids=["SMTP", "LMTP"])
def port(request, transactional_db) -> Iterator[Port]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        number = free.getsockname()[1]
    listener = listening.listen(host="127.0.0.1", port=number, is_lmtp=request.param)
    yield Port(listener, number)
    listener.stop()


def test_a_port_takes_mail_for_us_alone(port: Port):
    raw = make_mail(to=TO, text="long line " * 500)
    with port.line() as line:
        refused = line.sendmail(
            "ana@example.org", [TO, "x@elsewhere.example", "answers@coppice.example"], raw
        )
        if port.listener.is_lmtp:  # which answers for each recipient; smtplib reads the first alone
            assert line.getreply() == (250, b"2.0.0 We have it")
        again = line.sendmail("ana@example.org", [TO], raw)
        line.sendmail("", [TO], make_mail(to=TO))

    assert {address: code for address, (code, _words) in refused.items()} == {"x@elsewhere.example": 550}
    assert again == {}
    assert envelopes() == [("ana@example.org", TO), ("ana@example.org", "answers@coppice.example"), ("", TO)]


def test_a_port_says_later_when_the_database_does_not_take_it(port: Port, monkeypatch):
    def broken(*_arguments, **_named):
        raise OSError("the disk is full")

    monkeypatch.setattr(taking, "take", broken)

    with (
        port.line() as line,
        pytest.raises((smtplib.SMTPDataError, smtplib.SMTPRecipientsRefused)) as refused,
    ):
        line.sendmail("ana@example.org", [TO], make_mail(to=TO))

    assert "451" in str(refused.value)
    assert envelopes() == []


def test_a_mail_that_is_too_large_is_refused(port: Port, monkeypatch):
    port.listener.SMTP_kwargs["data_size_limit"] = 5000
    with port.line() as line:
        with pytest.raises((smtplib.SMTPSenderRefused, smtplib.SMTPDataError)) as refused:
            line.sendmail("ana@example.org", [TO], make_mail(to=TO, text="x " * 5000))
        line.rset()
        line.sendmail("ana@example.org", [TO], make_mail(to=TO))
    monkeypatch.setattr(taking, "LARGEST", 100)
    with pytest.raises(taking.TooLarge):
        taking.take(make_mail(to=TO), mail_from="ana@example.org", rcpt_tos=[TO])

    assert refused.value.smtp_code == 552
    assert len(envelopes()) == 1


@pytest.mark.django_db
def test_a_provider_that_tells_mails_in_parts(client):
    told = {
        "FromFull": {"Email": "ana@example.org", "Name": "Ana"},
        "ToFull": [{"Email": TO, "Name": ""}],
        "OriginalRecipient": TO,
        "Subject": "Who can drive?",
        "Date": "Fri, 27 Nov 2026 10:00:00 +0000",
        "TextBody": "On Friday, ¿quién puede?",
        "HtmlBody": "",
        "Headers": [
            {"Name": "Return-Path", "Value": "<bounces@example.org>"},
            {"Name": "Message-ID", "Value": "<1@example.org>"},
        ],
        "Attachments": [
            {
                "Name": "plan.pdf",
                "ContentType": "application/pdf",
                "Content": base64.b64encode(b"%PDF").decode(),
            }
        ],
    }

    for _time in range(2):
        answer = client.post(
            "/mail/in/postmark/only-the-provider-knows/", json.dumps(told), content_type="application/json"
        )
        assert (answer.status_code, answer.text) == (200, "taken")

    [mail] = ReceivedMail.objects.all()
    assert (mail.envelope_from, mail.envelope_to, mail.from_address, mail.subject, mail.message_id) == (
        "bounces@example.org",
        TO,
        "ana@example.org",
        "Who can drive?",
        "<1@example.org>",
    )


@pytest.mark.django_db
def test_a_provider_that_signs_its_requests(client):
    def request(key: str):
        signature = hmac.new(key.encode(), b"1700000000token", hashlib.sha256).hexdigest()
        fields = {"token": "token", "timestamp": "1700000000", "signature": signature, "recipient": TO}
        mime = {"body-mime": make_mail(to=TO).decode(), "sender": "ana@example.org"}
        return client.post("/mail/in/mailgun/only-the-provider-knows/", fields | mime)

    answers = [request("key-of-the-provider").status_code, request("key of somebody").status_code]

    assert answers == [200, 400]
    assert envelopes() == [("ana@example.org", TO)]


@pytest.mark.django_db
def test_a_script_of_ones_own_posts_whole_mails(client, settings):
    raw = make_mail(to=TO)
    address = "/mail/in/raw/only-the-provider-knows/"

    def post(query: str, raw: bytes = raw) -> int:
        return client.post(address + query, raw, content_type="message/rfc822").status_code

    codes = [post(""), post("?from=&to=" + TO.upper()), post("?to=x@elsewhere.example"), post("", b"")]

    assert codes == [200] * 4
    assert envelopes() == [("ana@example.org", TO)]
    for wrong in ("/mail/in/raw/guessed/", "/mail/in/nobody/only-the-provider-knows/"):
        assert client.post(wrong, raw, content_type="message/rfc822").status_code == 404
    settings.INBOUND_WEBHOOK_SECRET = ""
    assert client.post("/mail/in/raw//", raw, content_type="message/rfc822").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("provider", ["postmark", "sparkpost", "mandrill", "brevo", "mailersend", "mailjet"])
def test_nonsense_is_refused(client, provider):
    answer = client.post(
        f"/mail/in/{provider}/only-the-provider-knows/", "{}", content_type="application/json"
    )

    assert (answer.status_code, envelopes()) in [(400, []), (200, [])]


@pytest.mark.django_db
def test_a_maildir_is_emptied_and_what_is_not_for_us_is_put_aside(tmp_path: Path):
    (tmp_path / "new").mkdir()
    delivered = b"Return-Path: <>\nDelivered-To: " + TO.encode() + b"\n" + make_mail(to="list@example.org")
    (tmp_path / "new" / "1.mx").write_bytes(delivered)
    (tmp_path / "new" / "2.mx").write_bytes(make_mail(to=f"{TO}, x@elsewhere.example"))
    (tmp_path / "new" / "3.mx").write_bytes(make_mail(to="x@elsewhere.example"))

    counts = [folders.take_maildir(tmp_path), folders.take_maildir(tmp_path)]

    assert counts == [(2, 1), (0, 0)]
    assert envelopes() == [("", TO), ("ana@example.org", TO)]
    assert sorted(file.name for file in (tmp_path / "cur").iterdir()) == ["1.mx:2,S", "2.mx:2,S", "3.mx:2,S"]
