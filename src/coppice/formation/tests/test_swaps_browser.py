"""After publication in a browser: two people change by mail links, somebody late is placed, gaps show."""

import os

import pytest
from django.test import Client
from django.urls import reverse

from coppice.communities import actions as communities
from coppice.communities.links import token_of
from coppice.communities.models import Membership
from coppice.communities.tests.factories import enroll, make_program, make_staff
from coppice.formation import tasks
from coppice.formation.models import Swap
from coppice.formation.rules import Kind, Rule
from coppice.formation.tests.factories import (
    ask,
    founded,
    make_proposal,
    make_published,
    make_roster,
    members,
)
from tests.browser import assert_accessible, assert_fits, go_by

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture
def program(site):
    program = make_program(name="Healthy Start")
    make_roster(program, 24)
    program.enrollments.update(language="en")
    return program


@pytest.fixture
def as_staff(program, site, new_page):
    """A function that opens a page as the program's manager."""
    client = Client()
    client.force_login(make_staff(program))
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    state = {"cookies": [{**cookie, "domain": "127.0.0.1", "path": "/"}], "origins": []}
    return lambda path, **options: new_page(path, storage_state=state, **options)


def shot(page, name):
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def looked_at(page, name):
    assert_accessible(page)
    assert_fits(page)
    shot(page, name)


def own(membership):
    return reverse("formation:own_swap", args=[token_of(membership)])


@pytest.mark.parametrize("width", [1360, 360])
def test_two_members_change_by_mail_link_and_the_manager_places_somebody_late(
    program, as_staff, new_page, width
):
    formation = make_proposal(program, rules=[Rule(Kind.BALANCED, "area"), Rule(Kind.ALIKE, "language")])
    staff = as_staff(reverse("formation:publication", args=[formation.pk]), width=width)
    staff.get_by_label("Two people may agree among themselves").check()
    looked_at(staff, f"publication-{width}")
    go_by(staff.get_by_role("button", name="Publish and invite"))
    staff.goto("about:blank")  # whose page asks how far it is shares the database of a test
    tasks.publish.call(formation_id=formation.pk)
    first, second, _third = founded(formation)
    ana, bo = (members(each)[0] for each in (first, second))

    page = new_page(reverse("communities:invitation", args=[token_of(ana)]), width=width)
    page.get_by_role("link", name="Ask to change").click()
    page.get_by_label(second.name).check()
    page.get_by_label("Why would you like to change?").fill("The others know one another already")
    looked_at(page, f"own-form-{width}")
    page.get_by_role("button", name="Ask", exact=True).click()
    page.get_by_text("We have your wish").wait_for()
    other = new_page(own(bo), width=width)
    other.get_by_label("Anywhere, with somebody").check()
    other.get_by_role("button", name="Ask", exact=True).click()
    other.get_by_text(f"Somebody in {first.name} would change with you").wait_for()
    looked_at(other, f"own-offer-{width}")
    assert str(ana.enrollment) not in other.content()
    other.get_by_role("button", name=f"Yes, I go to {first.name}").click()
    other.get_by_text("As soon as the other does").first.wait_for()
    staff.goto(reverse("formation:swaps", args=[formation.pk]))
    looked_at(staff, f"swaps-{width}")
    page.goto(own(ana))
    page.get_by_text("They have said yes").wait_for()
    page.get_by_role("button", name=f"Yes, I go to {second.name}").click()
    page.get_by_text("you have changed places").wait_for()
    looked_at(page, f"own-done-{width}")
    assert Swap.objects.get().state == Swap.State.DONE
    assert Membership.objects.get(person=ana.person, community=second).state == "active"

    enroll(program, "Late Lou", organization="Organization 1")
    enroll(program, "Late Kim", organization="Organization 2")
    communities.leave(members(first)[1], by=ana.person)
    staff.goto(reverse("formation:publication", args=[formation.pk]))
    looked_at(staff, f"published-{width}")
    staff.get_by_role("link", name="People who came later").click()
    staff.get_by_role("heading", level=1, name="People who came later").wait_for()
    looked_at(staff, f"late-{width}")
    staff.get_by_role("link", name="The three best places · Late Lou").click()
    staff.get_by_role("heading", level=1, name="A place for Late Lou").wait_for()
    looked_at(staff, f"late-person-{width}")
    staff.locator("main").get_by_role("button").first.click()
    staff.get_by_text("One person is placed, and invited").wait_for()
    assert Membership.objects.filter(enrollment__name="Late Lou", state="invited").count() == 1
    staff.goto(reverse("formation:gaps", args=[formation.pk]))
    looked_at(staff, f"gaps-{width}")


def test_the_manager_reads_what_breaks_and_closes_the_time(program, as_staff):
    formation = make_published(program, rules=[Rule(Kind.TOGETHER, "area")], minimum=4, maximum=12)
    first, second = founded(formation)[:2]
    ask(members(first)[0], second)
    ask(members(second)[0], first)
    page = as_staff(reverse("formation:swaps", args=[formation.pk]), width=360, scheme="dark")
    looked_at(page, "swaps-breaks-360")

    page.get_by_role("link", name="Change the time").click()
    page.get_by_role("button", name="Save").wait_for()
    looked_at(page, "window-360")
    page.get_by_label("until").fill("")
    page.get_by_role("button", name="Save").click()

    page.get_by_text("No time for it is open").wait_for()
    formation.refresh_from_db()
    assert formation.swaps_until is None
