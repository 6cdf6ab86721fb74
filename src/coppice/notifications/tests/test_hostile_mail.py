"""Mails that are built to break or to hold up whoever reads them, as anybody on the network may send them."""

import time

import pytest

from coppice.meetings.itip_replies import UnreadError, read_mail
from coppice.notifications.inbound import bounces, folders, handling, reading, taking
from coppice.notifications.inbound.answers import Said, read_choice, read_numbers, read_word
from coppice.notifications.inbound_models import ReceivedMail
from coppice.notifications.tests.mails import make_mail

TO = "rural@in.coppice.example"
SECONDS = 10
"""Each of these once took minutes or hours; a crowded machine may need seconds for what takes a tenth."""


@pytest.fixture(autouse=True)
def _in_time():
    begun = time.thread_time()
    yield
    assert time.thread_time() - begun < SECONDS


def nested(depth: int, lines: int = 0) -> bytes:
    parts = [
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (level, level) for level in range(depth)
    ]
    return b"".join(parts) + b"\nhi\n" + b"a\n" * lines


@pytest.mark.parametrize(
    ("reply", "word", "choice", "numbers"),
    [
        ("\u0301\u0323" * 100_000 + "yes", None, None, None),
        ("yes" + "\u0301\u0323" * 100_000, Said.YES, None, None),
        ("1" + " " * 200_000 + "x", None, 1, (1,)),
        ("Hi " * 100_000, None, None, None),
    ],
)
def test_an_answer_is_looked_for_at_the_beginning_alone(reply, word, choice, numbers):
    """Each of these once took as long as the square of its length."""
    found = (read_word(reply), read_choice(reply, [(1, "1: not at all")]), read_numbers(reply, most=3))

    assert tuple(each and each.value for each in found) == (word, choice, numbers)


def test_what_follows_an_answer_is_kept_whole():
    words = "word " * 50_000

    said = read_word(f"Yes, {words}")

    assert said.comment == words.strip()


@pytest.mark.parametrize(
    "head",
    [
        b"From: " + b"(" * 5000,
        b"From: " + b"a@example.org, " * 50_000,
        b"From: ana@example.org\n" * 5_000,
        b"Content-Type: text/\xff; charset*=undefined''x",
        b"Content-Type: text/plain; charset=undefined",
        b"Content-Type: text/plain; charset=punycode\n\na-" + b"a9b8" * 50_000,
        b"Content-Disposition: attachment; filename*=undefined''abc",
        b"Content-Type: multipart/mixed; boundary*=undefined''abc",
        b"Message-ID: <\x00@a>\nSubject: a\x00\xff",
    ],
)
def test_whatever_stands_in_headers_is_read(head):
    read = reading.read(head + b"\n\nYes\n")

    reading.digest(read, TO)
    bounces.read(read.mail, expected=True)
    kept = f"{read.from_address}{read.subject}{read.message_id}{read.text}"
    assert "\0" not in kept
    kept.encode()  # no halves of letters
    with pytest.raises(UnreadError):
        read_mail(head + b"\n\nYes\n")


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "raw-unicode-escape"])
def test_no_charset_brings_halves_of_letters(charset):
    raw = f"Content-Type: text/plain; charset={charset}\n\nYes +2AA- \\ud800\n".encode()

    assert reading.read(raw).text.encode().startswith(b"Yes ")


@pytest.mark.parametrize("raw", [nested(2000), nested(100, lines=400_000), b"\na\n" + b"a\n" * 1_000_000])
def test_a_mail_that_would_take_hours_to_read_is_not_taken(settings, raw):
    settings.MAIL_INBOUND_DOMAIN = "in.coppice.example"

    with pytest.raises(taking.TooTangled):
        taking.take(raw, mail_from="ana@example.org", rcpt_tos=[TO])
    with pytest.raises(UnreadError):
        read_mail(raw)


REPORT = """From: MAILER-DAEMON@example.org
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

{words}
--b
Content-Type: message/delivery-status

{groups}
--b--
"""


@pytest.mark.parametrize(
    "raw",
    [
        REPORT.format(words="\n" * 500_000, groups="Action: delayed\n\n").encode(),
        REPORT.format(words="Message-ID: <a@b>\n" * 1000, groups="Action: delayed\n\n" * 10_000).encode(),
        b"From: postmaster@example.org\n\n" + b"-" * 1_000_000,
        b"From: postmaster@example.org\nContent-Type: text/html\n\n5.1.1" + b"<" * 1_000_000,
        b"From: postmaster@example.org\nX-Failed-Recipients: " + b"a" * 1_000_000 + b"\n\n550 5.1.1 no\n",
        b"From: postmaster@example.org\n\n550 5.1.1 no\n" + b"a" * 1_000_000 + b"@",
        b"From: " + b"bounce" * 200_000 + b"\n\n550 5.1.1 no\n",
    ],
)
def test_a_report_is_read_in_time(raw):
    bounces.read(reading.read(raw).mail, expected=True)


def test_a_report_in_other_letters_counts_as_any_other():
    groups = "Final-Recipient: rfc822; ana@example.org\nAction: failed\nStatus: 5.1.1\n"
    groups += "Diagnostic-Code: smtp; 550 пользователь не найден\0\n"

    report = bounces.read(reading.read(REPORT.format(words="", groups=groups).encode()).mail)

    assert report.kind is bounces.Kind.HARD
    assert report.said.encode()
    assert "\0" not in report.said


def test_a_report_that_hangs_on_a_mail_does_not_make_it_one():
    inner = REPORT.format(words="", groups="Final-Recipient: rfc822; bo@example.org\nAction: failed\n")
    raw = make_mail(to=TO, text="What does this mean?", files=(("a.eml", "message/rfc822", b""),))
    raw = raw.replace(b"Content-Transfer-Encoding: base64\n", b"").replace(
        b'filename="a.eml"\nMIME-Version: 1.0\n\n', b'filename="a.eml"\n\n' + inner.encode()
    )
    read = reading.read(raw)
    assert any(part.get_content_type() == "message/delivery-status" for part in read.mail.walk())

    assert bounces.read(read.mail) is None


@pytest.mark.django_db
def test_a_mail_that_breaks_keeps_no_other_from_being_taken(settings, tmp_path, monkeypatch):
    settings.MAIL_INBOUND_DOMAIN = "in.coppice.example"
    for name in ("cur", "new"):
        (tmp_path / name).mkdir()
    (tmp_path / "new" / "1").write_bytes(
        b"From: " + b"(" * 5000 + b"\nDelivered-To: " + TO.encode() + b"\n\nhi\n"
    )
    (tmp_path / "new" / "2").symlink_to(tmp_path / "nowhere")
    (tmp_path / "new" / "3").write_bytes(make_mail(to=TO))

    assert folders.take_maildir(tmp_path) == (2, 0)
    assert ReceivedMail.objects.count() == 2


@pytest.mark.django_db
def test_an_envelope_of_odd_letters_is_taken_and_done(settings):
    settings.MAIL_INBOUND_DOMAIN = "in.coppice.example"

    taking.take(
        make_mail(to=TO), mail_from="\udcff\0@example.org", rcpt_tos=["reply+1-\udcff\0@in.coppice.example"]
    )
    handling.handle_due()

    assert ReceivedMail.objects.get().state == ReceivedMail.State.HANDLED
