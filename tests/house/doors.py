"""Every door of Coppice, found by walking the addresses, and what each kind of person met there."""

import functools
import os
import pickle
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from coppice.accounts.models import Person
from coppice.live.models import Room
from tests.cast import House, make_cast

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")

# How an answer is written in the matrix.
OUTCOMES = {200: "+", 403: "3", 404: "4", 405: "5", 422: "2", 503: "x"}


@dataclass(frozen=True)
class Door:
    """One address: its whole name, its view and the names of its arguments."""

    name: str
    view: Callable[..., Any]
    arguments: tuple[str, ...]

    def address(self, house: House) -> str:
        """Where this door is, for the things of one house."""
        return reverse(self.name, kwargs=house.arguments(self.name, self.arguments))

    @property
    def is_by_link(self) -> bool:
        """Whether a token or code in the address decides, whoever holds it."""
        return bool({"token", "key", "stream", "code", "secret"} & set(self.arguments))


@dataclass(frozen=True)
class Visit:
    """One knock: the door, the method, what came of it, what the answer said and the database was told.

    `text` holds headers and content in small letters, `page` the HTML as it is, empty where none came.
    """

    door: str
    method: str
    outcome: str
    text: str = field(repr=False)
    page: str = field(repr=False, default="")
    writes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Round:
    """One person at every door: with the ids of our things, and (GET only) with the ids of theirs.

    A round in a language is about words, and knocks with ours alone.
    """

    at_ours: list[Visit]
    at_theirs: list[Visit]

    def outcomes(self) -> dict[tuple[str, str], str]:
        """Return what came of each door and method with our ids."""
        return {(visit.door, visit.method): visit.outcome for visit in self.at_ours}


@functools.cache
def every_door() -> tuple[Door, ...]:
    """Return the doors of the whole installation."""
    return tuple(doors_in(get_resolver().url_patterns))


def doors_in(
    patterns: list[URLPattern | URLResolver], namespace: str = "", arguments: tuple[str, ...] = ()
) -> Iterator[Door]:
    """Walk addresses and what they include."""
    for pattern in patterns:
        wanted = (*arguments, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            within = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from doors_in(pattern.url_patterns, within, wanted)
        else:
            yield Door(f"{namespace}{pattern.name}", pattern.callback, wanted)


@functools.cache
def walk_round(kind: str, language: str = "") -> Round:
    """Make the cast, let one of it knock at every door, and undo it all; a run of tests walks once.

    With a language, everybody's browser and account ask for it, every room is in it, and nobody knocks at
    what is theirs.
    """
    kept = _kept_round(f"{kind}-{language}")
    if kept and kept.exists():
        made: Round = pickle.loads(kept.read_bytes())
        return made
    made = _walk(kind, language)
    if kept:
        part = kept.with_suffix(f".{os.getpid()}")
        part.write_bytes(pickle.dumps(made))
        part.replace(kept)
    return made


def _kept_round(name: str) -> Path | None:
    """Where the workers of one run leave a round for each other, in the folder that goes with the run."""
    run, home = os.environ.get("PYTEST_XDIST_TESTRUNUID"), os.environ.get("COPPICE_HOME")
    return Path(home) / f"round-{run}-{name}.pickle" if run and home else None


def _walk(kind: str, language: str) -> Round:
    with transaction.atomic():
        cast = make_cast()
        if language:
            Person.objects.update(language=language)
            Room.objects.update(language=language)
        knocker = Knocker(cast.people[kind], language)
        doors = every_door()
        made = Round(
            at_ours=[knocker.visit(door, method, cast.ours) for door in doors for method in ("GET", "POST")],
            at_theirs=[
                knocker.visit(door, "GET", cast.theirs)
                for door in doors
                if door.arguments and not door.is_by_link and not language
            ],
        )
        transaction.set_rollback(True)
    return made


class Knocker:
    """One person with a live session; every knock is undone."""

    def __init__(self, person: Person | None, language: str = "") -> None:
        self.client = Client(headers={"accept-language": language} if language else None)
        if person is not None:
            self.client.force_login(person)
        self.cookies = {name: morsel.value for name, morsel in self.client.cookies.items()}

    def visit(self, door: Door, method: str, house: House) -> Visit:
        """Knock once: GET, or POST an empty form with a fresh key."""
        writes: list[str] = []

        def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
            if sql.lstrip().upper().startswith(WRITES):
                writes.append(sql)
            return execute(sql, *rest)

        self.client.cookies.clear()
        self.client.cookies.load(self.cookies)
        cache.clear()  # throttles count there
        address = door.address(house)
        with transaction.atomic():
            with connection.execute_wrapper(note):
                response = self._send(method, address)
                content = _content(response)
            page = content.decode() if _is_page(response) else self._page_after(response)
            transaction.set_rollback(True)
        return Visit(door.name, method, outcome(response), _text(response, content), page, tuple(writes))

    def _page_after(self, response: HttpResponseBase) -> str:
        """Return the page of ours that a change leads to, with what it says of the change."""
        place = response.headers.get("Location", "")
        if response.status_code != 302 or not place.startswith("/"):
            return ""
        shown = self.client.get(place)
        return shown.content.decode() if _is_page(shown) else ""

    def _send(self, method: str, address: str) -> HttpResponseBase:
        if method == "POST":
            return self.client.post(address, {"once": uuid.uuid4().hex})
        return self.client.get(address)


def outcome(response: HttpResponseBase) -> str:
    """Return the letter of an answer; an answer that the matrix has no letter for, as its number."""
    if response.status_code in {301, 302, 303}:
        place = response.headers["Location"].partition("#")[0].partition("?")[0]
        return "s" if resolve(place).url_name == "account_login" else ">"
    return OUTCOMES.get(response.status_code, str(response.status_code))


def _is_page(response: HttpResponseBase) -> bool:
    return response.headers.get("Content-Type", "").startswith("text/html")


def _content(response: HttpResponseBase) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def _text(response: HttpResponseBase, content: bytes) -> str:
    headers = " ".join(f"{name}: {value}" for name, value in response.headers.items())
    return f"{headers}\n{content.decode(errors='replace')}".casefold()
