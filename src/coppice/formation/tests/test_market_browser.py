"""A marketplace in a browser, on a phone without JavaScript: from its opening to its communities."""

import os
import re

import pytest
from django.test import Client
from playwright.sync_api import expect

from coppice.communities.models import Membership
from coppice.communities.tests.factories import make_program, make_staff
from coppice.formation import tasks
from coppice.formation.models import Formation, Marketplace
from coppice.formation.tests.factories import choosers_of, make_roster
from coppice.notifications.models import Message
from tests.browser import assert_fits, go_by

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture
def program(site):
    program = make_program(name="Healthy Start")
    make_roster(program, 6)
    program.enrollments.update(language="en")
    return program


def link_in(mail) -> str:
    return re.search(r"https?://[^/]+(/market/\S+)", mail.text)[1]


def looked_at(page, name):
    assert_fits(page)
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def test_people_choose_by_their_links_and_become_a_community(program, new_page):
    client = Client()
    client.force_login(make_staff(program))
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    signed_in = {"cookies": [{**cookie, "domain": "127.0.0.1", "path": "/"}], "origins": []}
    manager = new_page(f"/programs/{program.pk}/formations/", storage_state=signed_in, javascript=False)

    manager.get_by_role("link", name="Let people choose").click()
    for label, said in (
        ("Name of this marketplace", "Launch week"),
        ("Smallest size", "2"),
        ("Largest size", "2"),
        ("People choose until", "2100-01-01"),
    ):
        manager.get_by_label(label).fill(said)
    looked_at(manager, "market-opening")
    go_by(manager.get_by_role("button", name="Open it, and send everybody their link"))
    marketplace = Marketplace.objects.get()
    manager.goto("about:blank")  # whose page asks how far it is shares the database of a test
    tasks.tell_of_marketplace.call(marketplace_id=marketplace.pk)
    ana, ben, caro = choosers_of(marketplace)[:3]
    links = {mail.recipient_id: link_in(mail) for mail in Message.objects.all()}
    pages = [new_page(links[each.person.pk], width=320, javascript=False) for each in (ana, ben, caro)]

    pages[0].get_by_role("link", name="Offer a topic of your own").click()
    pages[0].get_by_label("Your topic").fill("Food banks")
    pages[0].get_by_label("I would lead it").check()
    looked_at(pages[0], "market-offer")
    pages[0].get_by_role("button", name="Put it up").click()
    pages[0].get_by_label("Who is this for?").fill("People who run one")
    pages[0].get_by_role("button", name="Add it for everybody").click()
    expect(pages[0].get_by_role("region", name="Your place")).to_contain_text("1 of 2")
    pages[1].reload()
    pages[1].get_by_role("button", name="Join · Food banks").click()
    pages[1].get_by_role("button", name="Leave").wait_for()
    looked_at(pages[1], "market-joined")
    pages[2].reload()
    pages[2].get_by_role("button", name="Join the waitlist").click()
    expect(pages[2].get_by_text("You wait, number 1")).to_be_visible()
    looked_at(pages[2], "market-waiting")
    go_by(pages[1].get_by_role("button", name="Leave"))
    pages[2].reload()
    expect(pages[2].get_by_text("You are in")).to_be_visible()
    assert Message.objects.get(occasion__startswith="topic-place:").recipient == caro.person

    manager.goto(marketplace.get_absolute_url())
    expect(manager.get_by_text("2 of 2")).to_be_visible()
    looked_at(manager, "market-board")
    manager.get_by_role("link", name="See what comes of it").click()
    expect(manager.get_by_text("2 of 6 people have a place.")).to_be_visible()
    looked_at(manager, "market-settlement")
    go_by(manager.get_by_role("button", name="Close it, and make the proposal"))
    formation = Formation.objects.get()
    manager.goto(f"/formations/{formation.pk}/publication/")
    manager.get_by_label("Ends").fill("2099-01-01")
    go_by(manager.get_by_role("button", name="Publish and invite"))
    manager.goto("about:blank")  # whose page asks how far it is shares the database of a test
    tasks.publish.call(formation_id=formation.pk)

    community = program.communities.get()
    assert (community.name, community.purpose) == ("Food banks", "Who is this for:\n- People who run one")
    members = Membership.objects.filter(community=community).order_by("pk")
    assert [(each.person, each.role) for each in members] == [
        (ana.person, "leader"),
        (caro.person, "member"),
    ]
    pages[2].reload()
    expect(pages[2].get_by_role("heading", name="The time to choose is over")).to_be_visible()
