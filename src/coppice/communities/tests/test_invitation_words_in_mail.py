"""The invitation speaks the program's own word for a community."""

import pytest

from coppice.communities import actions
from coppice.communities.actions import Invitee
from coppice.communities.tests import factories
from coppice.notifications.models import Message

pytestmark = pytest.mark.django_db


def test_the_invitation_says_why_in_the_programs_word() -> None:
    program = factories.make_program(community_word="circle")
    community = factories.make_community(program=program, reason="area")

    actions.invite(community, invitees=[Invitee(enrollment=factories.enroll(program, "Ana"))], by=None)

    message = Message.objects.get()
    assert "Why this learning circle:" in message.text
    assert "Why this learning circle:" in message.html
    assert "<function" not in message.text + message.html
