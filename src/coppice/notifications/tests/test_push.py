"""Knocking at browsers: a real receiver on the loopback opens what comes as a browser does."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from os import urandom

import http_ece
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from django.urls import reverse
from py_vapid import Vapid02, b64urldecode, b64urlencode

from coppice.accounts import actions as accounts
from coppice.accounts.tests.test_me import sign_in
from coppice.notifications import delivery, push, tasks
from coppice.notifications.errors import NotABrowser
from coppice.notifications.lines import Section
from coppice.notifications.push_models import PushSubscription
from coppice.notifications.tests.factories import make_message, make_person

pytestmark = pytest.mark.django_db


class Maker:
    """The maker of a browser, and the browser: takes messages, and opens them with its keys."""

    def __init__(self) -> None:
        self.status = 201
        self.taken: list[tuple[str, dict[str, str], bytes]] = []
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.secret = urandom(16)
        self.origin = ""

    @property
    def keys(self) -> dict[str, str]:
        point = self.private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return {"key": b64urlencode(point), "secret": b64urlencode(self.secret)}

    def opened(self) -> list[dict[str, str]]:
        return [
            json.loads(
                http_ece.decrypt(body, private_key=self.private, auth_secret=self.secret, version="aes128gcm")
            )
            for _path, _headers, body in self.taken
        ]


@pytest.fixture
def maker(settings) -> Iterator[Maker]:
    maker = Maker()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            maker.taken.append((self.path, dict(self.headers), body))
            self.send_response(maker.status)
            self.send_header("Location", f"{maker.origin}/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        maker.origin = settings.PUSH_TESTED_AT = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield maker
        server.shutdown()
        thread.join()


def subscribed(maker: Maker, person, path: str = "/a") -> PushSubscription:
    return push.subscribe(person, endpoint=maker.origin + path, browser="Firefox, Linux", **maker.keys)


def question(person, **fields):
    line = {"section": Section.ANSWER, "title": "Vans", "path": "/threads/12/"}
    return make_message(
        person,
        subject="Ana asks you: who has a van?",
        list_name="Rural transport",
        digest_line=line,
        **fields,
    )


def test_a_question_knocks_at_its_readers_browsers_and_nobody_elses(
    maker: Maker, settings, monkeypatch
) -> None:
    settings.BASE_URL = "https://coppice.example"
    ana, ben = make_person(), make_person()
    subscribed(maker, ana)
    subscribed(maker, ben, "/b")
    asked = question(ana, occasion="thread:12")
    make_message(ana, digest_line={"section": Section.OTHER, "title": "News", "path": "/"})
    wanted = []
    monkeypatch.setattr(push, "after_commit", lambda task, **arguments: wanted.append((task, arguments)))

    delivery.deliver_due()
    assert wanted == [("coppice.notifications.tasks.knock", {"message_id": asked.pk})]
    tasks.knock.call(asked.pk)

    assert maker.opened() == [
        {
            "title": "Rural transport",
            "body": "Ana asks you: who has a van?",
            "url": "/threads/12/",
            "tag": "thread:12",
        }
    ]
    [(path, headers, body)] = maker.taken
    assert (path, headers["Content-Encoding"], headers["TTL"]) == ("/a", "aes128gcm", "86400")
    assert b"van" not in body
    assert Vapid02.verify(headers["Authorization"])
    assert headers["Authorization"].endswith(f"k={push.public_key()}")
    token = headers["Authorization"].partition("t=")[2].partition(",")[0]
    claims = json.loads(b64urldecode(token.split(".")[1].encode()))
    assert (claims["aud"], claims["sub"]) == (maker.origin, "https://coppice.example")


@pytest.mark.parametrize(
    ("status", "stays"), [(201, True), (404, False), (410, False), (500, True), (302, True)]
)
def test_a_browser_that_is_gone_is_forgotten_and_nothing_is_followed(maker: Maker, status, stays) -> None:
    ana = make_person()
    subscribed(maker, ana)
    maker.status = status

    push.knock(question(ana).pk)

    assert PushSubscription.objects.filter(person=ana).exists() is stays
    assert [path for path, *_ in maker.taken] == ["/a"]


def test_nobody_knocks_for_who_is_gone_or_where_nobody_answers(maker: Maker, settings) -> None:
    ana = make_person()
    subscribed(maker, ana)
    asked = question(ana)
    push.knock(asked.pk + 1)
    settings.PUSH_TESTED_AT = ""
    type(ana).objects.filter(pk=ana.pk).update(is_active=False)
    push.knock(asked.pk)
    assert PushSubscription.objects.count() == 1

    type(ana).objects.filter(pk=ana.pk).update(is_active=True)
    push.knock(asked.pk)

    assert PushSubscription.objects.count() == 0
    assert maker.taken == []

    settings.PUSH_TESTED_AT = "http://127.0.0.1:1"
    push.subscribe(ana, endpoint="http://127.0.0.1:1/a", browser="", **maker.keys)
    push.knock(asked.pk)
    assert PushSubscription.objects.count() == 1


def test_a_browser_is_of_whom_it_was_last_asked_by_and_only_ten_are_kept(maker: Maker) -> None:
    ana, ben = make_person(), make_person()
    subscribed(maker, ana)
    subscribed(maker, ben)
    assert [each.person for each in PushSubscription.objects.all()] == [ben]

    for number in range(12):
        subscribed(maker, ana, f"/{number}")

    kept = PushSubscription.objects.filter(person=ana).order_by("pk").values_list("endpoint", flat=True)
    assert list(kept) == [f"{maker.origin}/{number}" for number in range(2, 12)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "http://push.example/a"},
        {"endpoint": "https://push.example:8443/a"},
        {"endpoint": "https://a@push.example/a"},
        {"endpoint": "https://push.example/" + "a" * 1000},
        {"endpoint": "https://push.example:port/"},
        {"key": "AAAA"},
        {"key": "é"},
        {"secret": "AAAA"},
    ],
)
def test_what_no_browser_gives_is_refused(maker: Maker, wrong) -> None:
    right = {"endpoint": "https://push.example/a", "browser": "", **maker.keys}

    with pytest.raises(NotABrowser):
        push.subscribe(make_person(), **(right | wrong))

    assert push.subscribe(make_person(), **right).pk


def test_somebody_adds_a_browser_and_stops_it(client: Client, maker: Maker) -> None:
    ana = make_person()
    client.force_login(ana)
    page = reverse("notifications:browsers")
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

    assert push.public_key() in client.get(page).content.decode()
    refused = client.post(page, {"endpoint": "http://inside/"}, headers={"User-Agent": agent})
    assert (refused.status_code, PushSubscription.objects.count()) == (302, 0)
    client.post(page, {"endpoint": f"{maker.origin}/a", **maker.keys}, headers={"User-Agent": agent})
    client.post(page, {"endpoint": f"{maker.origin}/b", **maker.keys}, headers={"User-Agent": ""})

    assert [each.browser for each in PushSubscription.objects.order_by("pk")] == [
        "Firefox, Linux",
        "A browser",
    ]
    assert "Firefox, Linux" in client.get(page).content.decode()

    mine = PushSubscription.objects.first()
    removal = reverse("notifications:browser_removal", args=[mine.pk])
    other = Client()
    other.force_login(make_person())
    assert other.post(removal).status_code == 404
    client.post(removal)
    assert PushSubscription.objects.filter(pk=mine.pk).exists() is False


def test_a_browser_is_left_in_peace_once_its_session_ends(maker: Maker, client) -> None:
    ana = make_person()
    other = Client()
    for number, browser in enumerate((client, other)):
        browser.force_login(ana)
        browser.post(
            reverse("notifications:browsers"), {"endpoint": f"{maker.origin}/{number}", **maker.keys}
        )
    session = client.session
    session.cycle_key()
    client.cookies["sessionid"] = session.session_key

    client.post(reverse("account_logout"))

    assert [each.endpoint for each in PushSubscription.objects.all()] == [f"{maker.origin}/1"]


def test_a_browser_is_left_in_peace_when_its_person_signs_out_elsewhere(maker: Maker) -> None:
    ana = make_person()
    sign_in(ana).post(reverse("notifications:browsers"), {"endpoint": f"{maker.origin}/a", **maker.keys})

    accounts.end_sessions(ana, by=ana)

    assert PushSubscription.objects.count() == 0
