"""A leader answers ten questions in a browser; they become goals, roles and commitments. Drafts survive."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from coppice.communities import actions
from coppice.communities.tests.factories import add_member, make_community
from tests.browser import assert_accessible, assert_fits

pytestmark = pytest.mark.browser


@pytest.fixture
def community(site):
    community = make_community(name="Rural transport")
    actions.put_on_canvas(community, need="Rides for volunteers", by=None)
    return community


@pytest.fixture
def enter(new_page):
    """A function that opens a page as somebody who is signed in."""

    def opened(person, path, **options):
        client = Client()
        client.force_login(person)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
        state = {"cookies": [{**cookie, "domain": "127.0.0.1", "path": "/"}], "origins": []}
        return new_page(path, storage_state=state, **options)

    return opened


def test_ten_answers_become_goals_roles_and_commitments(community, enter):
    leader = add_member(community, "Rosa Medina", role="leader")
    tom = add_member(community, "Tom Whitehorse")
    page = enter(leader.person, reverse("communities:plan", args=[community.pk]))

    page.get_by_role("link", name="Begin with the first question").click()
    expect(page.locator("main")).to_contain_text("Rides for volunteers")
    assert_accessible(page)
    page.get_by_label("In your own words").fill("Nobody here begins at nothing")
    page.get_by_role("button", name="Save and go on").click()

    page.get_by_role("link", name="Set a goal").click()
    page.get_by_label("The goal").fill("People stay")
    page.get_by_label("What we count").fill("Volunteers who stay")
    page.get_by_label("Where it stands").fill("10")
    page.get_by_label("Where we want").fill("20")
    page.get_by_role("button", name="Set the goal").click()
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("button", name="Save and go on").click()

    page.get_by_label("We solve somebody's problem together").check()
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_label("Every two weeks").check()
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_label("Weekday").select_option("Tuesday")
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_label("In your own words").fill("A round, a case, a close")
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("link", name="Write down what each commits to").click()
    page.get_by_role("link", name="Commit to something").click()
    page.get_by_label("Who").select_option("Tom Whitehorse")
    page.get_by_role("textbox", name="What").fill("Send the letter")
    page.get_by_role("button", name="Write it down").click()
    page.goto(page.url.replace("commitments", "roles"))
    page.get_by_role("link", name="Add a role").click()
    page.get_by_label("Role", exact=True).select_option("Reporter")
    page.get_by_role("button", name="Add it to the list").click()
    page.goto(page.url.replace("roles", "plan/sharing"))
    page.get_by_label("In your own words").fill("In one folder")
    page.get_by_role("button", name="Save").click()

    expect(page.locator("main")).to_contain_text("10 of 10 answered")
    assert_accessible(page)
    member = enter(tom.person, reverse("communities:roles", args=[community.pk]), width=360)
    member.get_by_role("button", name=re.compile("I'd take it")).click()
    expect(member.locator("main")).to_contain_text("You would take it.")
    assert_fits(member)
    assert_accessible(member)
    member.goto(member.url.replace("roles", "commitments"))
    member.get_by_role("link", name=re.compile("Say how it stands")).click()
    member.get_by_label("Done", exact=True).check()
    member.get_by_label("What came of it?").fill("Three use it")
    member.get_by_role("button", name="Save").click()
    expect(member.locator("main")).to_contain_text("1 of 1 done, 100 %")
    assert_accessible(member)
    page.goto(page.url.replace("plan", "roles"))
    page.get_by_role("link", name=re.compile("Say yes")).click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("region", name="Reporter")).to_contain_text("Tom Whitehorse")


def test_what_was_typed_survives_a_lost_page_and_can_be_dropped(community, enter):
    leader = add_member(community, "Rosa Medina", role="leader")
    path = reverse("communities:plan_question", args=[community.pk, "potential"])
    page = enter(leader.person, path)
    words = page.get_by_label("In your own words")

    words.fill("Half a sentence")
    page.reload()
    expect(words).to_have_value("Half a sentence")
    expect(page.get_by_text("is here again")).to_be_visible()
    page.get_by_role("button", name="Drop it").click()
    expect(words).to_have_value("")

    words.fill("A whole sentence")
    page.get_by_role("button", name="Save and see the plan").click()
    expect(page.get_by_role("heading", name="How we work together")).to_be_visible()
    page.goto(page.url + "potential/")
    expect(words).to_have_value("A whole sentence")
    expect(page.get_by_text("is here again")).to_be_hidden()
