"""Signing in by mailed link and code: once, in time, on any device, without telling who has an account."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coppice.accounts import actions
from coppice.accounts.errors import LinkSpent
from coppice.accounts.links import make_sign_in_token, read_sign_in_token
from coppice.accounts.tests.factories import make_person
from coppice.notifications.models import Message
from tests.threads import at_once

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough phrase"


def ask(client: Client, email: str, **more: str):
    return client.post("/sign-in/", {"login": email, "once": "1"} | more, follow=True)


def mailed() -> tuple[str, str]:
    """Return the path of the link and the code in the newest mail."""
    text = Message.objects.latest("pk").text
    link = re.search(r"https?://[^/]+(/sign-in/\S+)", text)
    code = re.search(r"^([A-Z0-9-]{6,})$", text, re.MULTILINE)
    assert link, text
    assert code, text
    return link[1], code[1]


def signed_in_as(client: Client) -> str | None:
    return client.session.get(SESSION_KEY)


def signed_out(path: str) -> str:
    return f"/sign-in/?next={path}"


def test_one_mail_brings_link_and_code_and_cannot_be_unsubscribed(client):
    ana = make_person(email="ana@example.org", name="Ana")

    page = ask(client, "ANA@example.org ")

    [message] = Message.objects.all()
    assert page.redirect_chain == [("/sign-in/code/check/", 302)]
    assert (message.recipient, message.to_address, message.list_key) == (ana, "ana@example.org", "")
    assert message.occasion.startswith("sign_in:")
    assert message.subject == "Your sign-in link"
    path, code = mailed()
    assert path in message.html
    assert code in message.html


def test_link_works_on_another_device_once(client):
    ana = make_person(name="Ana")
    ask(client, ana.email)
    path, _code = mailed()
    phone = Client()

    opened = phone.get(path)
    sent = phone.post(path, {"once": "2"}, follow=True)

    assert "Sign in as Ana" in opened.text
    assert sent.redirect_chain == [("/", 302)]
    assert signed_in_as(phone) == str(ana.pk)
    again = Client().post(path)
    assert (again.status_code, "Mail me a new link" in again.text) == (410, True)
    assert Client().get(path).status_code == 410


def test_opening_the_link_signs_nobody_in_and_writes_nothing(client, django_assert_num_queries):
    token = make_sign_in_token(make_person())

    with django_assert_num_queries(1):
        page = client.get(f"/sign-in/{token}/")

    assert page.status_code == 200
    assert signed_in_as(client) is None


def test_link_is_young_for_a_quarter_of_an_hour(client, monkeypatch):
    token = make_sign_in_token(make_person())
    now = timezone.now().timestamp()

    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 15 * 60 - 5)
    assert client.get(f"/sign-in/{token}/").status_code == 200
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 15 * 60 + 5)
    assert client.post(f"/sign-in/{token}/").status_code == 410


@pytest.mark.parametrize(
    "change",
    [
        {"link_secret": "another"},
        {"email": "new@example.org"},
        {"last_login": timezone.now()},
        {"is_active": False},
        {"erased_at": timezone.now()},
    ],
)
def test_link_dies_with_what_it_was_made_for(client, change: dict):
    ana = make_person()
    token = make_sign_in_token(ana)
    type(ana).objects.filter(pk=ana.pk).update(**change)

    assert client.post(f"/sign-in/{token}/").status_code == 410
    assert signed_in_as(client) is None


@pytest.mark.parametrize("token", ["x", "1", "999:a:b", "²:a:b", "9" * 30 + ":a:b"])
def test_a_link_not_made_here_signs_nobody_in(client, token: str):
    make_person()

    assert client.post(f"/sign-in/{token}/").status_code == 410


def test_a_spent_link_takes_who_is_signed_in_where_they_wanted(client):
    ana = make_person()
    path = f"/sign-in/{make_sign_in_token(ana)}/?next=/me/"
    assert client.post(path).headers["Location"] == "/me/"

    assert client.post(path).headers["Location"] == "/me/"
    assert client.get(path).headers["Location"] == "/me/"


def test_link_of_another_person_says_so_and_takes_over(client):
    ana, ben = make_person(name="Ana"), make_person(name="Ben")
    client.force_login(ana)
    path = f"/sign-in/{make_sign_in_token(ben)}/"

    assert "You are signed in here as Ana" in client.get(path).text
    client.post(path)

    assert signed_in_as(client) == str(ben.pk)


@pytest.mark.parametrize(("wanted", "reached"), [("/me/", "/me/"), ("https://evil.example/", "/")])
def test_link_leads_where_the_person_wanted_within_this_site(client, wanted: str, reached: str):
    ana = make_person()
    client.post("/sign-in/", {"login": ana.email, "next": wanted})
    path, _code = mailed()

    assert Client().post(path).headers["Location"] == reached


@pytest.mark.usefixtures("transactional_db")
def test_of_two_devices_at_once_one_gets_in():
    ana = make_person()
    path = f"/sign-in/{make_sign_in_token(ana)}/"
    answers: list[int] = []

    at_once(*[lambda: answers.append(Client().post(path).status_code)] * 4)

    assert sorted(answers) == [302, 410, 410, 410]
    assert UserSession.objects.filter(user=ana).count() == 1


def test_a_link_read_before_another_sign_in_is_refused():
    ana = make_person()
    first, second = (read_sign_in_token(make_sign_in_token(ana)) for _ in range(2))
    assert first is not None
    assert second is not None
    actions.spend_sign_in_link(first)

    with pytest.raises(LinkSpent):
        actions.spend_sign_in_link(second)


def test_a_sign_in_between_reading_and_spending_gets_the_new_link_page(client, monkeypatch):
    ana = make_person()
    token = make_sign_in_token(ana)
    spend = actions.spend_sign_in_link

    def overtaken(person):
        spend(type(ana).objects.get(pk=ana.pk))
        spend(person)

    monkeypatch.setattr(actions, "spend_sign_in_link", overtaken)
    assert client.post(f"/sign-in/{token}/").status_code == 410
    assert signed_in_as(client) is None


def test_code_signs_in_where_it_was_asked_for(client):
    ana = make_person()
    ask(client, ana.email)
    _path, code = mailed()

    wrong = client.post("/sign-in/code/check/", {"code": "ABC-DEF", "once": "1"})
    right = client.post("/sign-in/code/check/", {"code": code.lower(), "once": "1"})

    assert (wrong.status_code, "Incorrect code" in wrong.text) == (200, True)
    assert (right.status_code, right.headers["Location"]) == (302, "/")
    assert signed_in_as(client) == str(ana.pk)
    assert UserSession.objects.get().user == ana


def test_wrong_codes_end_the_attempt(client):
    ask(client, make_person().email)
    _path, code = mailed()

    for _ in range(5):
        last = client.post("/sign-in/code/check/", {"code": "ABC-DEF", "once": "the same"})

    assert last.headers["Location"] == "/sign-in/code/"
    assert client.post("/sign-in/code/check/", {"code": code}).headers["Location"] == "/sign-in/code/"
    assert signed_in_as(client) is None


def test_code_asked_for_again_replaces_the_first(client):
    ask(client, make_person().email)
    _path, first = mailed()

    client.post("/sign-in/code/check/", {"action": "resend"})

    _path, second = mailed()
    assert first != second
    assert Message.objects.count() == 2
    client.post("/sign-in/code/check/", {"code": second})
    assert signed_in_as(client) is not None


def test_unknown_addresses_get_the_same_answer_and_no_account(client):
    make_person(email="ana@example.org")
    known = ask(Client(), "ana@example.org")

    unknown = ask(client, "ben@example.org")

    def plain(page, email: str) -> str:
        text = re.sub(
            r'name="(csrfmiddlewaretoken|once)" value="[^"]*"|nonce="[^"]*"|FToken": "\w*', "", page.text
        )
        return text.replace(email, "").replace(email.replace("@", "%40"), "")

    assert unknown.redirect_chain == known.redirect_chain
    assert plain(unknown, "ben@example.org") == plain(known, "ana@example.org")
    assert Message.objects.count() == 1
    assert not type(make_person()).objects.with_email("ben@example.org").exists()


def test_suspended_people_get_no_mail_and_no_session(client):
    ana = make_person(is_active=False, password=PASSWORD)

    ask(client, ana.email)
    client.post("/sign-in/code/check/", {"code": ""})
    Client().post("/sign-in/password/", {"login": ana.email, "password": PASSWORD})

    assert Message.objects.count() == 0
    assert UserSession.objects.count() == 0


def test_somebody_suspended_is_out_at_their_next_click(client):
    ana = make_person()
    client.force_login(ana)
    assert client.get("/me/").status_code == 200
    type(ana).objects.update(is_active=False)

    assert client.get("/me/").headers["Location"] == signed_out("/me/")


def test_password_signs_in_and_a_wrong_one_does_not(client):
    ana = make_person(password=PASSWORD)

    wrong = client.post("/sign-in/password/", {"login": ana.email, "password": "something else", "once": "1"})
    right = client.post("/sign-in/password/", {"login": ana.email, "password": PASSWORD, "once": "1"})

    assert (wrong.status_code, signed_in_as(Client())) == (200, None)
    assert right.headers["Location"] == "/"
    assert signed_in_as(client) == str(ana.pk)


def test_mail_requests_are_throttled_by_address(client):
    ana = make_person()

    for _ in range(5):
        ask(Client(), ana.email)
    refused = Client().post("/sign-in/", {"login": ana.email})

    assert "Too many failed login attempts" in refused.text
    assert Message.objects.count() == 5
    ask(Client(), make_person().email)
    assert Message.objects.count() == 6


def test_passwords_are_throttled_before_they_are_hashed(client, monkeypatch):
    ana = make_person(password=PASSWORD)
    for _ in range(5):
        client.post("/sign-in/password/", {"login": ana.email, "password": "wrong"})
    hashed: list[str] = []
    monkeypatch.setattr(type(ana), "check_password", lambda person, raw: hashed.append(raw))

    refused = client.post("/sign-in/password/", {"login": ana.email, "password": PASSWORD})

    assert "Too many failed login attempts" in refused.text
    assert hashed == []
    client.post("/sign-in/password/", {"login": make_person(password="x" * 12).email, "password": "y"})
    assert hashed == ["y"]


def test_one_place_that_tries_too_often_gets_a_kind_page(client):
    answers = [client.post("/sign-in/password/", {"login": f"p{number}@x.org"}) for number in range(31)]

    assert [answer.status_code for answer in answers] == [200] * 30 + [429]
    assert "That was tried too often" in answers[-1].text


def test_second_step_is_asked_after_the_link(client):
    ana = make_person()
    secret = generate_totp_secret()
    TOTP.activate(ana, secret)

    answer = client.post(f"/sign-in/{make_sign_in_token(ana)}/")
    assert (answer.headers["Location"], signed_in_as(client)) == ("/sign-in/second-step/", None)
    wrong = client.post("/sign-in/second-step/", {"code": "000000", "once": "1"})
    assert (wrong.status_code, signed_in_as(client)) == (200, None)
    code = format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30))
    client.post("/sign-in/second-step/", {"code": code, "once": "1"})

    assert signed_in_as(client) == str(ana.pk)


def test_signing_in_leaves_other_devices_signed_in_and_signing_out_needs_a_post(client):
    ana = make_person()
    phone, laptop = Client(), Client()
    for device in (phone, laptop):
        device.post(f"/sign-in/{make_sign_in_token(type(ana).objects.get(pk=ana.pk))}/")

    assert laptop.get("/sign-out/").status_code == 200
    assert signed_in_as(laptop) == str(ana.pk)
    assert laptop.post("/sign-out/", {"once": "1"}).headers["Location"] == "/sign-in/"
    assert (signed_in_as(laptop), signed_in_as(phone)) == (None, str(ana.pk))


def test_there_is_no_sign_up(client):
    assert client.get("/sign-up/").status_code == 404
    assert client.get("/signup/").status_code == 404


def test_password_reset_mails_a_link_to_who_has_an_account(client):
    ana = make_person(password=PASSWORD)
    client.post("/sign-in/password/forgotten/", {"email": ana.email, "once": "1"})
    client.post("/sign-in/password/forgotten/", {"email": "nobody@example.org", "once": "1"})
    [message] = Message.objects.all()
    path = re.search(r"http://[^/]+(/sign-in/password/new/\S+)", message.text)
    assert path is not None

    form = client.get(path[1], follow=True)
    action = form.redirect_chain[-1][0]
    client.post(action, {"password1": "another long phrase", "password2": "another long phrase"})

    ana.refresh_from_db()
    assert ana.check_password("another long phrase")
    assert Message.objects.latest("pk").subject == "Your password was set anew."


@pytest.mark.parametrize("host", ["127.0.0.1:9", "localhost"])
def test_links_in_mail_lead_to_our_own_address_whatever_the_request_says(client, settings, host: str):
    settings.BASE_URL = "https://circles.example.org"
    ana = make_person(password=PASSWORD)

    client.post("/sign-in/password/forgotten/", {"email": ana.email, "once": "1"}, headers={"Host": host})

    [message] = Message.objects.all()
    links = re.findall(r"https?://[^/\s]+", message.text + message.html)
    assert set(links) == {"https://circles.example.org"}


def test_demo_shows_the_way_to_the_outbox(client, settings):
    ana = make_person(email="ana@example.org")
    assert "/outbox/" not in ask(client, ana.email).text

    settings.DEMO = True

    assert "/outbox/?to=ana%40example.org" in client.get("/sign-in/code/check/").text


def test_changes_to_security_are_told_by_mail(client):
    ana = make_person()
    client.force_login(ana)

    client.post(reverse("account_set_password"), {"password1": PASSWORD, "password2": PASSWORD, "once": "1"})

    ana.refresh_from_db()
    [message] = Message.objects.all()
    assert ana.check_password(PASSWORD)
    assert (message.recipient, message.subject) == (ana, "You set a password.")
    assert "127.0.0.1" in message.text
    assert Authenticator.objects.count() == 0


def test_sign_in_mail_is_still_worth_asking_for_after_a_day(client):
    ana = make_person(last_login=timezone.now() - timedelta(days=1))

    assert read_sign_in_token(make_sign_in_token(ana)) == ana
