"""From an invitation to help: a member says what she needs, a leader introduces her, it helps."""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from coppice.communities.links import place_path
from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, enroll, make_community, make_program
from coppice.notifications.models import Message
from coppice.profiles.models import Expertise, Introduction, Need
from coppice.profiles.tests.factories import make_topic, offer
from tests.browser import assert_accessible, assert_fits

pytestmark = pytest.mark.browser


@pytest.fixture
def community(site):
    """A community with a leader, somebody who reads budgets, and Ana, who is invited."""
    program = make_program(name="Healthy Start")
    for name in ("Grants", "Boards", "Volunteers"):
        make_topic(program, name)
    made = make_community(program, name="First-time grant seekers")
    add_member(made, "Lin Zhao", role=Membership.Role.LEADER)
    mei = add_member(made, "Mei Fofanah", enrollment=enroll(program, "Mei Fofanah", organization="Clinic"))
    offer(mei.enrollment, text="I read budgets", level=Expertise.Level.SHOWS)
    ana = enroll(program, "Ana Silva", organization="Casa Verde", phone="+1 555 0100")
    add_member(made, enrollment=ana, state=Membership.State.INVITED)
    return made


@pytest.fixture
def phone(new_page):
    """A function that opens a page on a small phone without JavaScript."""
    return lambda path: new_page(path, width=360, height=740, javascript=False)


def link_in(occasion: str, name: str) -> str:
    """The path of the link in the mail about this that somebody got."""
    mail = Message.objects.get(occasion__startswith=occasion, recipient__name=name)
    found = re.search(r"https?://\S+/introductions/\S+", mail.text)
    assert found
    return urlsplit(found[0]).path


def test_from_an_invitation_to_help(community, new_page, phone):
    ana = community.memberships.get(person__name="Ana Silva")

    page = phone(place_path(ana))
    page.get_by_role("link", name="Say what you need and offer").click()
    page.get_by_role("heading", name="What do you need, and what can you help with?").wait_for()
    assert_fits(page)
    page.get_by_role("group", name="What do you need most?").get_by_label("Grants").check()
    page.get_by_label("Something else that you need").fill("A van on Fridays")
    page.get_by_label("This week").check()
    page.get_by_role("group", name="What can you help others with?").get_by_label("Volunteers").check()
    page.get_by_role("button", name="Keep this").click()
    page.get_by_role("heading", name="What you need, what you offer").wait_for()
    assert_fits(page)
    assert (Need.objects.count(), page.get_by_text("A van on Fridays").first.is_visible()) == (2, True)

    Membership.objects.filter(pk=ana.pk).update(state=Membership.State.ACTIVE)
    leader = Client()
    leader.force_login(community.memberships.get(role="leader").person)
    cookie = {
        "name": "sessionid",
        "value": leader.cookies["sessionid"].value,
        "domain": "127.0.0.1",
        "path": "/",
    }
    state = {"cookies": [cookie], "origins": []}
    board = new_page(reverse("communities:needs", args=[community.pk]), storage_state=state)
    board.get_by_text(
        "Every need about a topic that is shared with you has somebody who offers help."
    ).wait_for()
    assert_accessible(board)
    board.get_by_role("link", name="Who could help whom").click()
    board.get_by_text("1 person could help, 1 could be helped.").wait_for()
    board.locator("svg").get_by_role("link", name="Ana Silva").focus()
    board.keyboard.press("Enter")
    board.get_by_role("heading", name="Around Ana Silva").wait_for()
    board.get_by_text("As a matrix").last.click()
    board.get_by_role("rowheader", name="Mei Fofanah").last.wait_for()
    assert_fits(board)
    assert_accessible(board)
    board.get_by_role("link", name="Topic by topic").click()
    board.get_by_role("link", name="Grants").click()
    board.get_by_role("link", name="Introduce · Ana Silva").click()
    board.get_by_text("Ana Silva needs: Grants.").wait_for()
    assert_accessible(board)
    board.get_by_role("button", name="Ask both · Mei Fofanah").click()
    board.get_by_text("each learns how to reach the other").wait_for()

    for name in ("Mei Fofanah", "Ana Silva"):
        page = phone(link_in("introduction-asked", name))
        assert_fits(page)
        assert page.get_by_text("Ana Silva" if name.startswith("Mei") else "Mei Fofanah").count() == 0
        page.get_by_role("button", name="Yes, introduce us").click()
        page.get_by_text("You said yes" if name.startswith("Mei") else "You both said yes").wait_for()
    assert Introduction.objects.get().state == "introduced"

    page = phone(link_in("introduction-made", "Mei Fofanah"))
    page.get_by_text("+1 555 0100").wait_for()
    page = new_page(link_in("introduction-made", "Ana Silva"), width=360)
    page.get_by_role("heading", name="You and Mei Fofanah").wait_for()
    assert_accessible(page)
    page.get_by_role("button", name="It helped").click()
    page.get_by_text("You said that it helped.").wait_for()

    assert [str(each) for each in Need.objects.filter(state="addressed")] == ["Grants"]
    assert Message.objects.filter(occasion__startswith="introduction-thanks").count() == 1
