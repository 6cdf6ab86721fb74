"""The real server in a home of its own: it answers, keeps others out, and stops in time."""

import http.client
import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.installation import HOST, Installation, installation


@pytest.fixture(scope="module")
def place(tables: Path) -> Iterator[Installation]:
    with installation(tables=tables) as place:
        place.start()
        yield place


def test_health_page_says_that_all_is_well(place: Installation) -> None:
    connection = http.client.HTTPConnection(HOST, place.port, timeout=60)
    connection.request("GET", "/health/")
    answer = connection.getresponse()

    assert answer.status == 200
    assert json.loads(answer.read()) == {
        "status": "ok",
        "conditions": {"database": "ok", "jobs": "ok", "disk": "ok"},
    }


def test_pages_come_with_their_styles_and_fonts(place: Installation) -> None:
    connection = http.client.HTTPConnection(HOST, place.port, timeout=60)

    def read(path: str) -> tuple[int, str]:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")

    _status, page = read("/sign-in/")
    named = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))
    fonts = {
        f"/static/ui/fonts/{name}"
        for name in re.findall(r'url\("([^"]+)"\)', read("/static/ui/fonts/fonts.css")[1])
    }

    assert {path: read(path)[0] for path in named | fonts} == dict.fromkeys(named | fonts, 200)
    assert len(fonts) == 10


def test_nothing_is_restored_under_a_running_server(place: Installation) -> None:
    done = place.coppice("restore", "any.tar.gz")

    assert (done.returncode, done.stderr) == (1, "The server is running: stop it first.\n")


def test_a_taken_port_is_refused_kindly(place: Installation) -> None:
    done = place.coppice("serve", "--port", str(place.port))

    sentence = "Another program already uses this address and port: choose another one with --port.\n"
    assert (done.returncode, done.stderr) == (1, sentence)


def test_only_the_owner_can_read_what_the_server_writes(place: Installation) -> None:
    modes = {file.name: file.stat().st_mode & 0o077 for file in place.home.iterdir() if file.is_file()}

    assert {"coppice.sqlite3", "queue.sqlite3", "secret.key"} <= modes.keys()
    assert {name for name, mode in modes.items() if mode} <= {"server.log"}


def test_server_without_tables_says_what_to_do(tmp_path: Path) -> None:
    done = Installation(tmp_path).coppice("serve")

    assert (done.returncode, done.stderr) == (1, "The tables are not up to date: run `coppice migrate`.\n")


def test_check_names_what_needs_mending(place: Installation) -> None:
    done = place.coppice("check")

    lines = {line.split()[1]: line.split()[0] for line in done.stdout.splitlines()}
    assert lines == {
        "settings": "ok",
        "home": "ok",
        "database": "ok",
        "migrations": "ok",
        "disk": "ok",
        "time": "ok",  # zones
        "jobs": "ok",
        "address": "MEND",
        "mail": "ok",
        "outbox": "ok",
        "backup": "MEND",
    }
    assert done.returncode == 1


def test_sigterm_stops_the_server_within_five_seconds_even_with_a_request_that_hangs(tables: Path) -> None:
    with installation(tables=tables) as place:
        place.start()
        with socket.create_connection((HOST, place.port), timeout=5) as half_sent:
            half_sent.sendall(b"POST /health/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n")
            half_sent.sendall(b"Content-Type: application/x-www-form-urlencoded\r\n\r\nonce=")
            seconds, code = place.stop()

    assert code == 0
    assert seconds < 5
