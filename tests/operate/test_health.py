"""What the health page and `coppice check` say of an installation that is not well."""

import os
import socket
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from django.db import OperationalError, connection
from django.test import Client

from coppice import health
from coppice.lib.runner import heartbeat


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


def test_mail_of_a_provider_is_told(settings) -> None:
    settings.MAIL_BACKEND = "postmark"

    assert health.mail() == health.Condition(
        "mail", True, "Postmark has our mail: a test mail shows whether its key is right."
    )


def smtp(port: int) -> dict:
    backend = "django.core.mail.backends.smtp.EmailBackend"
    return {"default": {"BACKEND": backend, "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": 5}}}


def test_mail_server_that_lets_us_in_is_told(settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(Sink(), hostname="127.0.0.1", port=port)
    server.start()
    settings.MAIL_BACKEND = "smtp"
    settings.MAILERS = smtp(port)

    condition = health.mail()
    server.stop()

    assert condition == health.Condition("mail", True, "The mail server lets us in.")


def test_mail_server_that_is_not_there_is_told(settings) -> None:
    settings.MAIL_BACKEND = "smtp"
    settings.MAILERS = smtp(1)

    assert not health.mail().is_well


@pytest.mark.parametrize(
    ("changed", "is_well"),
    [
        ({"BASE_URL": "https://coppice.example", "DEMO": False, "DEBUG": False}, True),
        ({"BASE_URL": "http://127.0.0.1:8000", "DEMO": True, "DEBUG": False}, True),
        ({"BASE_URL": "http://127.0.0.1:8000", "DEMO": False, "DEBUG": False}, False),
        ({"BASE_URL": "https://coppice.example", "DEMO": False, "DEBUG": True}, False),
    ],
)
def test_settings_are_judged(home: Path, settings, changed: dict, is_well: bool) -> None:
    for name, value in changed.items():
        setattr(settings, name, value)

    assert health.configuration().is_well is is_well


def test_key_that_others_can_read_is_told(home: Path, settings) -> None:
    settings.BASE_URL, settings.DEBUG = "https://coppice.example", False
    (home / "secret.key").touch(mode=0o644)
    (home / "secret.key").chmod(0o644)

    assert health.configuration().sentence == "Others can read secret.key: run `chmod 600` on it."
