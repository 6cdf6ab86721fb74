"""One person, many programs: a roster names them, an invitation lets them in, one address opens it all."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from coppice.accounts.models import Person
from coppice.communities import actions as communities
from coppice.communities.actions import Invitee
from coppice.communities.models import Community
from coppice.communities.tests import factories
from coppice.notifications.models import Message
from coppice.programs import actions as programs
from coppice.programs.models import Program

pytestmark = pytest.mark.django_db
ADDRESS = "ana@example.org"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


def invite(program: Program, *, name: str, to: str) -> Community:
    """What a provider does: put somebody on the roster, and found a community with them in it."""
    enrollment = programs.enroll(program, name=name, email=ADDRESS, by=None)
    today = timezone.localdate()
    return communities.found(
        program,
        name=to,
        starts_on=today,
        ends_on=today + timedelta(days=90),
        time_zone="UTC",
        by=factories.make_staff(program),
        members=[Invitee(enrollment=enrollment)],
    )


def link_in_newest_mail(path: str) -> str:
    found = re.search(rf"https?://[^/]+({path}\S+)", Message.objects.latest("pk").text)
    assert found
    return found[1]


def test_an_invitation_is_all_that_somebody_new_needs_to_have_an_account() -> None:
    community = invite(factories.make_program(), name="Ana Ruiz", to="Rural transport")
    browser = Client()

    joined = browser.post(link_in_newest_mail("/invitations/") + "acceptance/", follow=True)
    signed_out = browser.get(f"/communities/{community.pk}/")
    browser.post("/sign-in/", {"login": ADDRESS})
    browser.post(link_in_newest_mail("/sign-in/"))
    mine = browser.get(f"/communities/{community.pk}/")

    assert "You are in, Ana Ruiz." in joined.text
    assert signed_out.status_code == 302
    assert (mine.status_code, "Rural transport" in mine.text) == (200, True)


def test_two_providers_name_one_person_who_signs_in_once_and_sees_both() -> None:
    one, other = factories.make_program(), factories.make_program()
    transport = invite(one, name="Ana Ruiz", to="Rural transport")
    grants = invite(other, name="Anita R.", to="Grant seekers")
    ana = Person.objects.with_email(ADDRESS).get()
    for membership in ana.memberships.all():
        communities.accept(membership, by=ana)
    browser = Client()
    browser.force_login(ana)

    mine = browser.get("/communities/").text
    at_one, at_other = (browser.get(f"/communities/{each.pk}/people/").text for each in (transport, grants))

    assert "Rural transport" in mine
    assert "Grant seekers" in mine
    assert ("Ana Ruiz" in at_one, "Anita R." in at_one) == (True, False)
    assert "Anita R." in at_other
