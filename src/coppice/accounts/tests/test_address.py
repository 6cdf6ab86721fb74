"""Another address to sign in with: confirmed by a link to it, told to the old one, seen by nobody else."""

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from coppice.accounts import actions
from coppice.accounts.errors import AddressInUse
from coppice.accounts.links import make_sign_in_token
from coppice.accounts.models import Person
from coppice.accounts.tests.factories import make_person
from coppice.history.models import Entry
from coppice.notifications.models import Message

pytestmark = pytest.mark.django_db
OLD, NEW = "ana@old.example", "ana@new.example"
PASSWORD = "a long enough phrase"


@pytest.fixture
def ana() -> Person:
    return make_person(name="Ana", email=OLD)


@pytest.fixture
def browser(client: Client, ana: Person) -> Client:
    client.force_login(ana)
    return client


def ask(browser: Client, email: str, once: str = "1"):
    return browser.post("/me/address/", {"email": email, "once": once})


def link() -> str:
    """The path of the link in the newest mail."""
    found = re.search(r"https?://[^/]+(/me/address/\S+)", Message.objects.latest("pk").text)
    assert found
    return found[1]


def mails() -> list[tuple[str, str]]:
    return list(Message.objects.order_by("pk").values_list("to_address", "subject"))


def email_of(person: Person) -> str | None:
    return Person.objects.values_list("email", flat=True).get(pk=person.pk)


def test_the_page_about_you_leads_there(browser: Client):
    page = browser.get("/me/")

    assert f"You sign in with {OLD}." in page.text
    assert 'href="/me/address/"' in page.text


def test_a_link_to_the_new_address_changes_it_and_the_old_one_is_told(browser: Client, ana: Person):
    asked = ask(browser, " Ana@NEW.example ")
    path = link()
    opened = browser.get(path)

    assert asked.status_code == 200
    assert f"If {NEW} can be yours" in asked.text
    assert f"Sign in with {NEW}" in opened.text
    assert email_of(ana) == OLD

    changed = browser.post(path, {"once": "2"}, follow=True)

    assert f"From now on you sign in with {NEW}." in changed.text
    assert email_of(ana) == NEW
    assert mails() == [
        (NEW, "Confirm your new address"),
        (OLD, "You sign in with another address now"),
    ]
    assert set(Message.objects.values_list("recipient", "list_key")) == {(ana.pk, "")}


def test_history_tells_of_it_without_an_address(browser: Client, ana: Person):
    ask(browser, NEW)
    browser.post(link(), {"once": "2"})

    entries = Entry.objects.order_by("pk").values_list("scope", "verb", "actor", "about", "detail")
    scope = f"person:{ana.pk}"
    assert list(entries) == [
        (scope, "person.address_asked", ana.pk, ana.pk, {}),
        (scope, "person.address_changed", ana.pk, ana.pk, {}),
    ]


def test_opening_the_link_changes_nothing(browser: Client, ana: Person, django_assert_max_num_queries):
    ask(browser, NEW)

    with django_assert_max_num_queries(12):
        browser.get(link())

    assert email_of(ana) == OLD


def test_only_the_new_address_signs_in_afterwards(browser: Client, ana: Person):
    EmailAddress.objects.create(user=ana, email=OLD, verified=True, primary=True)
    before = make_sign_in_token(ana)
    ask(browser, NEW)
    browser.post(link(), {"once": "2"})
    Message.objects.all().delete()

    for email in (OLD, NEW):
        Client().post("/sign-in/", {"login": email})

    assert mails() == [(NEW, "Your sign-in link")]
    assert Client().post(f"/sign-in/{before}/").status_code == 410
    assert EmailAddress.objects.filter(email=OLD).count() == 0


def test_the_link_works_once(browser: Client):
    ask(browser, NEW)
    path = link()
    browser.post(path, {"once": "2"})

    again = browser.post(path, {"once": "3"})

    assert again.status_code == 410
    assert "Ask for a new link" in again.text


def test_a_second_link_dies_with_the_first(browser: Client, ana: Person):
    ask(browser, NEW)
    first = link()
    ask(browser, "ana@third.example", once="2")
    second = link()

    browser.post(first, {"once": "3"})

    assert browser.get(second).status_code == 410
    assert email_of(ana) == NEW


def test_the_link_is_young_for_a_day(browser: Client, monkeypatch: pytest.MonkeyPatch):
    ask(browser, NEW)
    path = link()
    now = timezone.now().timestamp()
    day = timedelta(days=1).total_seconds()

    monkeypatch.setattr("django.core.signing.time.time", lambda: now + day - 5)
    assert browser.get(path).status_code == 200
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + day + 5)
    assert browser.get(path).status_code == 410


def test_stopping_all_links_stops_it(browser: Client, ana: Person):
    ask(browser, NEW)
    path = link()
    browser.post("/me/privacy/links/end/", {"once": "2"})

    assert browser.post(path, {"once": "3"}).status_code == 410
    assert email_of(ana) == OLD


def test_whoever_reads_a_mistyped_address_gets_nowhere_with_the_link(browser: Client, ana: Person):
    ask(browser, NEW)
    path = link()
    stranger = Client()
    stranger.force_login(make_person())

    assert unquote(Client().get(path).headers["Location"]) == f"/sign-in/?next={path}"
    assert stranger.post(path, {"once": "1"}).status_code == 404
    assert browser.get("/me/address/made:up:token/").status_code == 404
    assert email_of(ana) == OLD


def test_an_address_that_somebody_has_gets_the_same_answer_and_no_link(browser: Client, ana: Person):
    make_person(name="Ben", email="ben@example.org")

    def plain(page, email: str) -> str:
        changing = r'name="(csrfmiddlewaretoken|once)" value="[^"]*"|nonce="[^"]*"|FToken": "\w*'
        return re.sub(changing, "", page.text).replace(email, "")

    free = ask(browser, NEW)
    taken = ask(browser, "BEN@example.org", once="2")

    assert plain(taken, "ben@example.org") == plain(free, NEW)
    assert mails()[1] == ("ben@example.org", "You have an account with this address already")
    told = Message.objects.latest("pk")
    assert "/me/address/" not in told.text
    assert OLD not in told.text + told.html
    assert "Ana" not in told.text + told.html


def test_an_address_taken_meanwhile_is_refused(browser: Client, ana: Person):
    ask(browser, NEW)
    path = link()
    make_person(email=NEW.upper())

    answer = browser.post(path, {"once": "2"}, follow=True)

    assert "Somebody signs in with this address already. Choose another one." in answer.text
    assert email_of(ana) == OLD
    with pytest.raises(AddressInUse):
        actions.change_address(ana, email=NEW, by=ana)
    assert ana.email == OLD
    assert Entry.objects.filter(verb="person.address_changed").count() == 0


@pytest.mark.parametrize("email", ["", "ana", OLD.upper(), "a@" + "x" * 260 + ".org"])
def test_what_is_no_new_address_is_said_beside_the_field(browser: Client, email: str):
    page = ask(browser, email)

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["email"]
    assert mails() == []


def test_the_same_form_twice_mails_once(browser: Client):
    ask(browser, NEW)
    ask(browser, NEW)

    assert len(mails()) == 1


def test_one_mailbox_is_sent_three_links_and_one_person_asks_five_times(browser: Client):
    to_one = [ask(browser, NEW, once=str(number)).status_code for number in range(4)]
    to_many = [ask(browser, f"{number}@new.example", once=f"x{number}").status_code for number in range(2)]
    another = Client()
    another.force_login(make_person())

    assert to_one == [200, 200, 200, 429]
    assert to_many == [200, 429]
    assert ask(another, NEW).status_code == 429
    assert ask(another, "free@new.example").status_code == 200
    assert len(mails()) == 5


def test_who_has_a_password_confirms_it_first(browser: Client, ana: Person):
    ana.set_password(PASSWORD)
    ana.save()
    browser.force_login(ana)

    for answer in (browser.get("/me/address/"), ask(browser, NEW)):
        assert answer.headers["Location"] == "/me/security/confirm/?next=/me/address/"
    assert mails() == []
    confirmed = browser.post(
        "/me/security/confirm/", {"password": PASSWORD, "next": "/me/address/", "once": "1"}
    )
    assert confirmed.headers["Location"] == "/me/address/"
    assert ask(browser, NEW, once="2").status_code == 200


def test_somebody_without_an_address_adds_one_and_nobody_is_told(client: Client):
    lin = make_person(name="Lin", email=None)
    client.force_login(lin)

    assert "Add an address to sign in with" in client.get("/me/").text
    ask(client, "lin@new.example")
    client.post(link(), {"once": "2"})

    assert email_of(lin) == "lin@new.example"
    assert mails() == [("lin@new.example", "Confirm your new address")]
