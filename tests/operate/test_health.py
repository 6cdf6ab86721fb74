"""What the health page and `coppice check` say of an installation that is not well."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from coppice import health
from coppice.health import setup
from coppice.lib.runner import heartbeat
from coppice.notifications.tests.factories import make_message


@pytest.fixture
def home(tmp_path: Path, settings) -> Path:
    """A home with a fresh sign of life."""
    settings.HOME = tmp_path
    heartbeat.call()
    return tmp_path


@pytest.mark.django_db
def test_all_is_well(home: Path, client: Client) -> None:
    answer = client.get("/health/")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "conditions": {"database": "ok", "jobs": "ok", "disk": "ok"}}
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_silent_job_runner_is_told(home: Path, client: Client) -> None:
    os.utime(home / "heartbeat", (time.time() - 200, time.time() - 200))

    answer = client.get("/health/")

    assert answer.status_code == 503
    assert answer.json() == {
        "status": "failing",
        "conditions": {"database": "ok", "jobs": "failing", "disk": "ok"},
    }


@pytest.mark.django_db
def test_health_is_only_read(home: Path, client: Client) -> None:
    assert client.post("/health/").status_code == 405


def test_job_runner_that_never_started_is_told(tmp_path: Path, settings) -> None:
    settings.HOME = tmp_path

    assert health.jobs() == health.Condition(
        "jobs", False, "No job runner has started yet: start the server."
    )


def test_full_disk_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda place: SimpleNamespace(free=50 * 2**20))

    assert health.disk() == health.Condition("disk", False, "Only 50 MB of disk are left: make room.")


@pytest.mark.django_db
def test_database_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(connection, "create_cursor", refuse)

    assert not health.database().is_well
    assert not health.migrations().is_well
    assert not health.outbox().is_well


@pytest.mark.django_db
@pytest.mark.skipif("postgres" in os.environ.get("COPPICE_DATABASE_URL", ""), reason="about SQLite's queue")
def test_change_that_never_ends_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = connection.writers
    turn = connection.turn
    assert turn is not None  # the test's own transaction
    monkeypatch.setattr(turn, "since", time.monotonic() - 60)

    condition = health.database()

    assert queue.held_for >= 60
    assert not condition.is_well
    assert condition.sentence.startswith("One change has kept all others waiting")


@pytest.mark.django_db
def test_tables_are_up_to_date() -> None:
    assert health.migrations() == health.Condition("migrations", True, "The tables are up to date.")


def test_kept_mail_is_told(settings) -> None:
    settings.MAIL_BACKEND = "keep"

    condition = health.mail()

    assert condition.is_well
    assert "COPPICE_SMTP_HOST" in condition.sentence
    assert health.test_mail("me@example.org").is_well is False


def smtp(port: int) -> dict:
    backend = "django.core.mail.backends.smtp.EmailBackend"
    return {"default": {"BACKEND": backend, "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": 5}}}


class Refusing(Sink):
    """A mail server that lets everybody in and knows nobody called gone."""

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        if address.startswith("gone@"):
            return "550 5.1.1 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"


@pytest.fixture
def mail_server(settings) -> Iterator[None]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(Refusing(), hostname="127.0.0.1", port=port)
    server.start()
    settings.MAIL_BACKEND, settings.MAILERS = "smtp", smtp(port)
    settings.MAIL_FROM = "Coppice <post@coppice.example>"
    yield
    server.stop()


@pytest.mark.usefixtures("mail_server")
def test_mail_server_that_lets_us_in_is_told() -> None:
    assert health.mail() == health.Condition("mail", True, "The mail server lets us in.")


@pytest.mark.usefixtures("mail_server")
def test_sender_that_nobody_chose_is_told(settings) -> None:
    settings.MAIL_FROM = "Coppice <coppice@localhost>"

    assert health.mail() == health.Condition(
        "mail", False, "COPPICE_MAIL_FROM names no sender: give it an address of yours."
    )


def test_mail_server_that_is_not_there_is_told(settings) -> None:
    settings.MAIL_BACKEND, settings.MAILERS = "smtp", smtp(1)
    settings.MAIL_FROM = "Coppice <post@coppice.example>"

    assert health.mail().sentence.startswith("The mail server does not let us in: ")
    assert not health.test_mail("me@example.org").is_well


def test_mail_of_a_provider_is_told(settings) -> None:
    settings.MAIL_BACKEND, settings.MAIL_FROM = "postmark", "post@coppice.example"

    assert health.mail() == health.Condition(
        "mail", True, "Postmark takes our mail: a test mail shows whether its key is right."
    )


@pytest.mark.usefixtures("mail_server")
def test_one_mail_shows_what_the_server_answers() -> None:
    taken, refused = health.test_mail("me@example.org"), health.test_mail("gone@example.org")

    assert taken == health.Condition(
        "test mail",
        True,
        "The mail server took a mail to me@example.org: look for it, also among the unwanted mail.",
    )
    assert not refused.is_well
    assert "550" in refused.sentence
    assert "no such person" in refused.sentence


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "is_well", "sentence"),
    [
        (None, True, "No mail is late."),
        (
            {"late": 2},
            False,
            "Mails that should have left an hour ago: 1. Restart the server.",
        ),
        (
            {"state": "failed"},
            False,
            "Mails that could not be sent this week: 1. Each program shows them under Mail.",
        ),
        ({"state": "failed", "late": 24 * 8}, True, "No mail is late."),
        (
            {"attempts": 2, "late": -1},
            True,
            "Mails that are tried again, because the mail server did not take them: 1.",
        ),
    ],
)
def test_mail_that_does_not_leave_is_told(row: dict | None, is_well: bool, sentence: str) -> None:
    if row is not None:
        due = timezone.now() - timedelta(hours=row.pop("late", 0))
        make_message(**row, next_attempt_at=due)

    assert health.outbox() == health.Condition("outbox", is_well, sentence)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({}, "Nothing for developers or demos is on."),
        (
            {"DEMO": True},
            "COPPICE_DEMO is on: it shows private things. Leave it to developers and demos.",
        ),
        (
            {"DEBUG": True},
            "COPPICE_DEBUG is on: it shows private things. Leave it to developers and demos.",
        ),
    ],
)
def test_settings_are_judged(settings, changed: dict, sentence: str) -> None:
    for name, value in ({"DEMO": False, "DEBUG": False} | changed).items():
        setattr(settings, name, value)

    assert health.configuration() == health.Condition("settings", not changed, sentence)


def test_home_that_others_can_read_is_told(home: Path) -> None:
    home.chmod(0o700)
    private = health.home()
    (home / "secret.key").touch()
    (home / "secret.key").chmod(0o644)
    key = health.home()
    (home / "secret.key").chmod(0o600)
    home.chmod(0o755)

    assert private == health.Condition("home", True, "COPPICE_HOME and its key are private.")
    assert key.sentence == "Others on this machine can read secret.key: run `chmod 600` on it."
    assert health.home().sentence == "Others on this machine can read COPPICE_HOME: run `chmod 700` on it."


def test_home_of_somebody_else_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = home.stat().st_uid
    monkeypatch.setattr("os.geteuid", lambda: owner + 4_000_000)

    condition = health.home()

    assert not condition.is_well
    assert condition.sentence.endswith(f"and you are {owner + 4_000_000}: run this as {Path(home).owner()}.")


class Answer:
    """What stands at the address that people use."""

    status, words, headers = (
        200,
        b'{"status": "ok", "conditions": {}}',
        {"Strict-Transport-Security": "max-age=1"},
    )


@pytest.fixture
def web_server(settings) -> Iterator[Answer]:
    """A web server of our own under the address; its https is made believe, for it has no certificate."""
    said = Answer()

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said.words)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.DEMO = True
    settings.BASE_URL = f"http://127.0.0.1:{server.server_port}"
    yield said
    server.shutdown()
    server.server_close()


def test_address_that_coppice_answers_is_well(web_server: Answer, settings) -> None:
    well = health.address()
    web_server.status = 503  # not well, and Coppice all the same

    assert well == health.Condition("address", True, f"{settings.BASE_URL} is answered by Coppice.")
    assert health.address() == well


@pytest.mark.parametrize(
    ("status", "words", "sentence"),
    [
        (200, b"<h1>It works!</h1>", "is answered by something else: point your web server to Coppice."),
        (200, b"{}", "is answered by something else: point your web server to Coppice."),
        (400, b"", "answers 400: let the web server pass on the Host that people ask for."),
        (503, b"busy", "is answered by something else: point your web server to Coppice."),
    ],
)
def test_web_server_that_does_not_lead_here_is_told(
    web_server: Answer, settings, status: int, words: bytes, sentence: str
) -> None:
    web_server.status, web_server.words = status, words

    assert health.address() == health.Condition("address", False, f"{settings.BASE_URL} {sentence}")


def test_https_that_does_not_reach_coppice_is_told(settings) -> None:
    settings.BASE_URL = "https://coppice.example"
    answer = b'{"conditions": {}}'

    assert setup._wrong_words(answer, secure=True) == ""
    assert setup._wrong_words(answer, secure=False).startswith(
        "The web server does not pass on X-Forwarded-Proto"
    )


def test_address_that_does_not_answer_is_told(settings) -> None:
    settings.DEMO, settings.BASE_URL = True, "http://127.0.0.1:1"

    assert health.address().sentence == (
        "http://127.0.0.1:1 does not answer here ([Errno 111] Connection refused): "
        "see to name, certificate and web server."
    )


@pytest.mark.parametrize(
    ("address", "behind_proxy", "sentence"),
    [
        ("communities.example.org", 1, "COPPICE_BASE_URL must be scheme and name alone"),
        ("https://example.org/coppice", 1, "COPPICE_BASE_URL must be scheme and name alone"),
        ("http://localhost:8000", 1, "COPPICE_BASE_URL leads to this machine alone"),
        (
            "http://communities.example.org",
            1,
            "COPPICE_BASE_URL should be the https address",
        ),
        ("https://communities.example.org", 0, "COPPICE_BEHIND_PROXY is off"),
    ],
)
def test_address_that_cannot_be_right_is_told(
    settings, address: str, behind_proxy: int, sentence: str
) -> None:
    settings.DEMO, settings.BASE_URL = False, address
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = behind_proxy

    condition = health.address()

    assert not condition.is_well
    assert condition.sentence.startswith(sentence)


@pytest.mark.parametrize(
    ("hours", "is_well", "sentence"),
    [
        (None, False, "No backup was made yet: run `coppice backup` once a day."),
        (30, True, "The last backup is less than two days old."),
        (24 * 9, False, "The last backup is 9 days old: see why `coppice backup` runs no more."),
    ],
)
def test_age_of_the_last_backup_is_told(home: Path, hours: int | None, is_well: bool, sentence: str) -> None:
    if hours is not None:
        (home / "last-backup").touch()
        made = time.time() - hours * 3600
        os.utime(home / "last-backup", (made, made))

    assert health.backup() == health.Condition("backup", is_well, sentence)


@pytest.mark.parametrize(("of", "is_well"), [(0, True), (2, False)])
def test_old_time_zones_are_told(monkeypatch: pytest.MonkeyPatch, of: int, is_well: bool) -> None:
    year = timezone.localdate().year - of
    monkeypatch.setattr(setup, "version", lambda package: f"{year}.1")

    condition = health.zones()

    assert condition.is_well is is_well
    assert f"{year}.1" in condition.sentence
