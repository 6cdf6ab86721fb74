"""Doors that show a page only in a state that the cast is not in: each is brought there, and looked at."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import resolve, reverse
from django.utils import timezone

from coppice.accounts.links import make_sign_in_token
from coppice.communities.links import token_of
from coppice.communities.models import Membership
from coppice.communities.tests.factories import enroll
from coppice.live.links import link_path
from coppice.meetings.check_in_codes import code_of
from tests.browser import go_by
from tests.cast import OURS, Cast, make_meeting, make_passkey, make_person
from tests.everyone.looking import Window
from tests.everyone.visits import unopened

pytestmark = pytest.mark.browser

Enter = Callable[..., Window]
PASSWORD = "a long enough phrase"


def careful_person(name: str):
    """Somebody with a password, an authenticator app, recovery codes and a passkey."""
    person = make_person(f"careful {name}", OURS)
    person.set_password(PASSWORD)
    person.save()
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    make_passkey(person, f"{OURS}-{person.pk}")
    return person


def asked_who(page: str) -> Callable[[Enter, Cast], Window]:
    """Somebody who did not sign in just now comes to a page that is for their eyes only."""

    def open_page(enter: Enter, cast: Cast) -> Window:
        person = careful_person(page)
        passkey = {"pk": person.authenticator_set.get(type="webauthn").pk}
        seen = enter(person)
        seen.open(
            reverse(page, kwargs=passkey if page in ("mfa_edit_webauthn", "mfa_remove_webauthn") else {})
        )
        return seen

    return open_page


def at_security(page: str) -> Callable[[Enter, Cast], Window]:
    """Somebody passes the page that asks who they are, by their password."""

    def open_page(enter: Enter, cast: Cast) -> Window:
        seen = asked_who(page)(enter, cast)
        seen.page.get_by_label("Password").fill(PASSWORD)
        go_by(seen.page.get_by_role("button", name="Go on"))
        return seen

    return open_page


def code_is_mailed(enter: Enter, cast: Cast) -> Window:
    seen = enter()
    seen.open(reverse("account_login"))
    seen.page.get_by_label("Email").fill(cast.ours.people["member"].email)
    seen.page.get_by_role("button", name="Mail me a link").click()
    seen.page.wait_for_url("**/check/")
    return seen


def second_step(enter: Enter, cast: Cast) -> Window:
    seen = enter()
    seen.open(reverse("accounts:sign_in", args=[make_sign_in_token(careful_person("second step"))]))
    seen.page.get_by_role("button", name="Sign in").click()
    seen.page.wait_for_url("**/second-step/")
    return seen


def just_joined(enter: Enter, cast: Cast) -> Window:
    membership = cast.ours.memberships["leader"]
    seen = enter()
    seen.open(reverse("communities:invitation_welcome", args=[token_of(membership)]))
    return seen


def mailed_into_the_room(enter: Enter, cast: Cast) -> Window:
    room = cast.ours.room
    enrollment = enroll(room.program, f"{OURS} with a link by mail")
    if room.community is not None:
        Membership.objects.create(
            community=room.community, person=enrollment.person, enrollment=enrollment, state="active"
        )
    seen = enter()
    seen.open(link_path(room, enrollment.person))
    return seen


def in_outbox(page: str) -> Callable[[Enter, Cast], Window]:
    def open_page(enter: Enter, cast: Cast) -> Window:
        seen = enter()
        seen.open(reverse(page, args=[] if not page.endswith("message") else [cast.ours.message.pk]))
        return seen

    return open_page


def by_the_code(enter: Enter, cast: Cast) -> Window:
    """A member scans the code of a meeting that goes on."""
    meeting = make_meeting(cast.ours.community, "Going on", starts_at=timezone.now())
    seen = enter(cast.people["member"])
    seen.open(reverse("meetings:check_in_by_code", args=[code_of(meeting)]))
    return seen


STATES: dict[str, Callable[[Enter, Cast], Window]] = {
    "meetings:check_in_by_code": by_the_code,
    "account_change_password": asked_who("account_change_password"),
    "account_confirm_login_code": code_is_mailed,
    "account_reauthenticate": asked_who("account_reauthenticate"),
    "communities:invitation_welcome": just_joined,
    "live:link": mailed_into_the_room,
    "mfa_authenticate": second_step,
    "mfa_deactivate_totp": at_security("mfa_deactivate_totp"),
    "mfa_edit_webauthn": at_security("mfa_edit_webauthn"),
    "mfa_reauthenticate": asked_who("mfa_reauthenticate"),
    "mfa_remove_webauthn": at_security("mfa_remove_webauthn"),
    "mfa_view_recovery_codes": at_security("mfa_view_recovery_codes"),
    "notifications:outbox": in_outbox("notifications:outbox"),
    "notifications:outbox_texts": in_outbox("notifications:outbox_texts"),
    "notifications:outbox_message": in_outbox("notifications:outbox_message"),
}

# Answered to scripts and mail frames alone: challenges for a passkey, files, progress, a mail in a page; and
# what leads on to another page at once.
FOR_NOBODYS_EYES = {
    "communities:person",
    "formation:problem",
    "formation:repeat",
    "library:template_found",
    "live:act",
    "mfa_download_recovery_codes",
    "mfa_login_webauthn",
    "notifications:outbox_html",
    "notifications:report_webhook",
    "notifications:text_webhook",
    "notifications:webhook",
}


def test_no_door_stays_shut():
    assert sorted(unopened()) == sorted(set(STATES) | FOR_NOBODYS_EYES)


@pytest.mark.parametrize("name", STATES)
def test_a_page_that_needs_a_state_is_for_everyone(enter, cast, settings, name):
    settings.DEMO = name.startswith("notifications:")

    seen = STATES[name](enter, cast)

    assert resolve(urlsplit(seen.page.url).path).view_name == name
    seen.assert_right()
