"""An objection to a charter in a browser: raised from a mail, answered, called resolved, adopted."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from coppice.communities.actions import charters
from coppice.communities.charter_models import Charter
from coppice.communities.tests.factories import add_member, make_community
from coppice.notifications.models import Message
from tests.browser import assert_accessible, assert_fits

pytestmark = pytest.mark.browser


@pytest.fixture
def community(site):
    return make_community(name="Rural transport", time_zone="UTC")


@pytest.fixture
def signed_in(new_page):
    """A function that opens a page as somebody who is signed in."""

    def opened(person, path, **options) -> Page:
        client = Client()
        client.force_login(person)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
        state = {"cookies": [{**cookie, "domain": "127.0.0.1", "path": "/"}], "origins": []}
        return new_page(path, storage_state=state, **options)

    return opened


def link_in(occasion: str, membership, *, ending: str = "") -> str:
    """The path of a person's own link in the mail about something that they got."""
    mail = Message.objects.get(occasion__startswith=occasion, recipient=membership.person)
    found = re.search(rf"https?://[^/]+(/own-charters/[^\s?]+/{re.escape(ending)})\s", mail.text)
    assert found is not None, mail.text
    return found[1]


def test_an_objection_from_a_mail_is_resolved_and_the_charter_adopted(community, signed_in, new_page):
    rosa = add_member(community, "Rosa Medina", role="leader")
    tom = add_member(community, "Tom Whitehorse")
    charters.draft(community, mission="Rides for all", by=rosa.person)
    leader = signed_in(rosa.person, reverse("communities:charter_proposal", args=[community.pk]))
    leader.get_by_role("button", name=re.compile("Ask everybody")).click()
    expect(leader.locator("main")).to_contain_text("2 have yet to answer")

    own = new_page(link_in("charter-asked", tom, ending="?answer=object"), width=360)
    expect(own.get_by_label("I object, and say why")).to_be_checked()
    expect(own.locator("main")).to_contain_text("Rides for all")
    own.get_by_label("Your note, or your reason").fill("It says nothing of the drivers.")
    own.get_by_label("If you object: what would you have instead?").fill("Name the drivers.")
    assert_fits(own)
    assert_accessible(own)
    own.get_by_role("button", name="Send my answer").click()
    expect(own.locator("main")).to_contain_text("You can change it until the last day.")

    leader.reload()
    leader.get_by_label("I agree", exact=True).check()
    leader.get_by_role("button", name="Send my answer").click()
    leader.get_by_role("link", name=re.compile("Answer it.*Tom Whitehorse")).click()
    expect(leader.locator("main")).to_contain_text("Would have instead: Name the drivers.")
    leader.get_by_label("We leave it, for a reason").check()
    leader.get_by_label("What changes, or why not").fill("The plan names each of them, under Roles.")
    leader.get_by_role("button", name="Send the answer").click()
    expect(leader.locator("main")).to_contain_text("Answered, theirs to say")

    own.goto(own.url.replace(own.url.split("/", 3)[3], link_in("charter-objection-answered", tom)[1:]))
    expect(own.locator("main")).to_contain_text("The plan names each of them, under Roles.")
    own.get_by_label("Yes, it is resolved").check()
    assert_fits(own)
    assert_accessible(own)
    own.get_by_role("button", name="Say so").click()
    expect(own.locator("main")).to_contain_text("Thank you. It is saved.")

    leader.reload()
    expect(leader.locator("main")).to_contain_text("Resolved")
    leader.get_by_role("button", name="Close it now").click()
    expect(leader.locator("main")).to_contain_text("Adopted")
    assert_accessible(leader)
    charter = Charter.objects.get()
    assert (charter.state, charter.closed_at <= timezone.now()) == (Charter.State.ADOPTED, True)
    own.reload()
    expect(own.locator("main")).to_contain_text("Adopted")
