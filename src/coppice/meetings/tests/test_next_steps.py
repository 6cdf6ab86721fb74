"""What a new member, and a new leader, are told to do next."""

import pytest
from django.test import Client

from coppice.communities import notices
from coppice.communities.links import token_of
from coppice.communities.models import Membership
from coppice.communities.tests import factories
from coppice.notifications.models import Message

pytestmark = pytest.mark.django_db
ASKED_TO_LEAD = "We ask you to lead: to plan the meetings, and to note who came."


@pytest.mark.parametrize(("role", "plans"), [(Membership.Role.LEADER, True), (Membership.Role.MEMBER, False)])
def test_a_new_leader_is_led_to_plan_the_first_meeting(client: Client, role: str, plans: bool) -> None:
    membership = factories.add_member(factories.make_community(), "Ana", state="active", role=role)

    page = client.get(f"/invitations/{token_of(membership)}/welcome/").content.decode()

    address = f'href="/communities/{membership.community_id}/meetings/new/"'
    assert (address in page, "The first meeting is not planned yet." in page) == (plans, not plans)


@pytest.mark.parametrize(("role", "told"), [(Membership.Role.LEADER, True), (Membership.Role.MEMBER, False)])
def test_the_invitation_mail_tells_who_is_asked_to_lead(role: str, told: bool) -> None:
    membership = factories.add_member(factories.make_community(), "Ana", state="invited", role=role)

    notices.invitation(membership)

    mail = Message.objects.get()
    assert (ASKED_TO_LEAD in mail.text, ASKED_TO_LEAD in mail.html) == (told, told)
