"""Pages of accounts and mail in a browser: accessible, under our content policy, with a passkey."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.utils import timezone
from playwright.sync_api import Page

from coppice.accounts.links import make_address_token, make_sign_in_token
from coppice.accounts.models import Person
from coppice.accounts.tests.factories import make_person
from coppice.notifications.models import Message, Mute
from coppice.notifications.subscriptions import make_token
from coppice.notifications.tests.factories import make_message
from tests.browser import assert_accessible, assert_fits

pytestmark = pytest.mark.browser
PASSWORD = "a long enough phrase"


def enter(page: Page, person: Person, path: str) -> Page:
    """Sign in by a link and go on to `path`."""
    token = make_sign_in_token(Person.objects.get(pk=person.pk))
    page.goto(f"/sign-in/{token}/?next={path}")
    page.get_by_role("button", name="Sign in as").click()
    page.wait_for_url(f"**{path}")
    return page


@pytest.mark.parametrize("options", [{}, {"width": 320}, {"scheme": "dark"}], ids=["wide", "phone", "dark"])
def test_entrance_is_accessible(new_page, settings, options: dict):
    settings.DEMO = True
    ana = make_person(name="Ana", email="ana@example.org")
    token = make_sign_in_token(ana)
    message = make_message(ana, list_key="community:3", list_name="Rural transport")
    unsubscribe = make_token(ana.pk, "community:3")
    page = new_page("/sign-in/", **options)

    for path in (
        "/sign-in/",
        "/sign-in/password/",
        "/sign-in/password/forgotten/",
        "/sign-in/password/forgotten/sent/",
        "/sign-in/password/new/1-wrong/",
        "/sign-in/password/new/done/",
        "/sign-in/suspended/",
        f"/sign-in/{token}/",
        f"/mail/unsubscribe/{unsubscribe}/",
        "/outbox/",
        f"/outbox/{message.pk}/",
        "/erased/",
    ):
        page.goto(path)
        assert_accessible(page)
        assert_fits(page)


def test_spent_link_is_accessible(new_page):
    page = new_page("/sign-in/1:a:b/", troubles=False)  # the browser notes the 410

    assert page.get_by_role("heading", level=1).inner_text() == "This link has been used or is too old"
    assert_accessible(page)


@pytest.mark.parametrize("options", [{}, {"width": 320}], ids=["wide", "phone"])
def test_own_pages_are_accessible(new_page, options: dict):
    ana = make_person(name="Ana", password=PASSWORD)
    make_message(ana, list_key="community:3", list_name="Rural transport")
    Authenticator.objects.create(user=ana, type="recovery_codes", data={"seed": "x" * 20, "used_mask": 0})
    page = enter(new_page("/sign-in/", **options), ana, "/me/")

    for path in (
        "/me/",
        f"/me/address/{make_address_token(ana, email='ana@new.example')}/",
        "/me/mail/",
        "/me/privacy/",
        "/me/privacy/erasure/",
        "/me/security/",
        "/me/security/sessions/",
        "/me/security/password/",
        "/me/security/passkeys/",
        "/me/security/confirm/?next=/me/security/",
        "/me/security/confirm/code/?next=/me/security/",
        "/sign-out/",
    ):
        page.goto(path)
        assert page.url.endswith(path)
        assert_accessible(page)
        assert_fits(page)


def test_new_address_is_asked_for_accessibly(new_page):
    page = enter(new_page("/sign-in/", width=320, troubles=False), make_person(), "/me/address/")
    assert_accessible(page)

    page.get_by_label("New email address").fill("wrong")
    page.get_by_role("button", name="Mail me the link").click()
    page.get_by_role("alert").first.wait_for()
    assert_accessible(page)
    page.get_by_label("New email address").fill("new@example.net")
    page.get_by_role("button", name="Mail me the link").click()
    page.get_by_role("heading", name="Look into the new mailbox").wait_for()

    assert_accessible(page)
    assert_fits(page)


def test_sign_in_from_the_outbox_without_javascript(new_page, settings, site):
    settings.DEMO = True
    settings.BASE_URL = site
    make_person(name="Ana", email="ana@example.org")
    page = new_page("/sign-in/?next=/me/", javascript=False)

    page.get_by_label("Email").fill("ana@example.org")
    page.get_by_role("button", name="Mail me a link").click()
    page.get_by_role("link", name="Open the outbox").click()
    page.get_by_role("link", name="Your sign-in link").click()
    page.frame_locator("iframe").get_by_role("link", name="Sign in").click()
    page.get_by_role("button", name="Sign in as Ana").click()

    page.wait_for_url("**/me/")
    assert page.get_by_label("Name").input_value() == "Ana"


def test_code_typed_from_the_mail(new_page):
    make_person(name="Ana", email="ana@example.org")
    page = new_page("/sign-in/")
    page.get_by_label("Email").fill("ana@example.org")
    page.get_by_role("button", name="Mail me a link").click()
    page.wait_for_url("**/sign-in/code/check/")
    code = re.search(r"^([A-Z0-9-]{6,})$", Message.objects.get().text, re.MULTILINE)
    assert code is not None

    page.get_by_label("Code").fill("WRONG1")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").first.wait_for()
    assert_accessible(page)
    page.get_by_label("Code").fill(code[1])
    page.get_by_role("button", name="Sign in").click()

    page.wait_for_url(lambda url: "/sign-in/" not in url)


def test_passkey_is_made_and_signs_in_alone(new_page, site):
    ana = make_person(name="Ana")
    page = new_page("/sign-in/")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    named = site.replace("127.0.0.1", "localhost")  # browsers bind passkeys to names, never to numbers
    page.goto(f"{named}/sign-in/{make_sign_in_token(ana)}/?next=/me/security/passkeys/new/")
    page.get_by_role("button", name="Sign in as").click()
    page.get_by_label("What you call it").fill("My phone")
    assert_accessible(page)
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url("**/me/security/recovery-codes/")
    assert_accessible(page)
    page.goto(f"{named}/me/security/passkeys/")
    assert page.get_by_text("My phone").first.is_visible()
    assert_accessible(page)
    page.goto(f"{named}/sign-out/")
    page.get_by_role("button", name="Sign out").click()

    page.get_by_role("button", name="Use a passkey").click()

    page.wait_for_url(lambda url: "/sign-in/" not in url)
    page.goto(f"{named}/me/")
    assert page.get_by_label("Name").input_value() == "Ana"


def test_passkey_that_fails_is_said_on_the_page(new_page):
    page = new_page("/sign-in/")  # by number, where no passkey can be

    trouble = page.get_by_text("That did not work with a passkey.")
    before = trouble.is_visible()

    page.get_by_role("button", name="Use a passkey").click()

    trouble.wait_for()
    assert not before
    assert_accessible(page)


def test_authenticator_app_is_added_and_asked_for(new_page):
    ana = make_person(name="Ana")
    page = enter(new_page("/sign-in/"), ana, "/me/security/authenticator/")
    assert_accessible(page)
    secret = page.get_by_label("The same as text").input_value()

    def code() -> str:
        return format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30))

    page.locator("input[name=code]").fill(code())
    page.get_by_role("button", name="Add the app").click()
    page.wait_for_url("**/me/security/recovery-codes/")
    for path in ("/me/security/recovery-codes/new/", "/me/security/authenticator/removal/"):
        page.goto(path)
        assert_accessible(page)
    Person.objects.filter(pk=ana.pk).update(last_login=None)
    phone = new_page(f"/sign-in/{make_sign_in_token(Person.objects.get(pk=ana.pk))}/?next=/me/")
    phone.get_by_role("button", name="Sign in as").click()
    phone.wait_for_url("**/sign-in/second-step/")
    assert_accessible(phone)
    phone.locator("input[name=code]").fill("000000")
    phone.get_by_role("button", name="Sign in").click()
    phone.get_by_role("alert").get_by_text("Incorrect code.").first.wait_for()
    assert_accessible(phone)


def test_mail_choice_is_saved_as_soon_as_it_is_made(new_page):
    ana = make_person(name="Ana")
    make_message(ana, list_key="community:3", list_name="Rural transport")
    page = enter(new_page("/sign-in/"), ana, "/me/mail/")

    page.get_by_label("None").check()
    page.get_by_text("Saved:").wait_for()

    assert Mute.objects.get().list_key == "community:3"
    assert page.get_by_label("None").is_checked()
    assert_accessible(page)


def test_browser_suggests_its_time_zone(new_page):
    ana = make_person(name="Ana")
    page = enter(new_page("/sign-in/", timezone_id="America/Lima"), ana, "/me/")

    page.get_by_role("button", name="Lima (UTC−5)").click()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()

    ana.refresh_from_db()
    assert ana.time_zone == "America/Lima"
