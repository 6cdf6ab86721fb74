"""Who may do what with a meeting."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from coppice.communities.models import Membership
from coppice.communities.tests.factories import (
    add_member,
    make_community,
    make_person,
    make_program,
    make_staff,
)
from coppice.meetings.models import Meeting
from coppice.meetings.permissions import can_lead_meeting, can_read_meeting, can_reply
from coppice.meetings.queries import meeting_of
from coppice.meetings.tests.factories import make_meeting

pytestmark = pytest.mark.django_db

State = Membership.State


@pytest.fixture
def meeting():
    return make_meeting()


def may(person, meeting) -> tuple[bool, bool, bool, bool]:
    """Whether a person sees the meeting, reads it, leads it, replies to it."""
    return (
        Meeting.objects.visible_to(person).filter(pk=meeting.pk).exists(),
        can_read_meeting(person, meeting),
        can_lead_meeting(person, meeting),
        can_reply(person, meeting),
    )


@pytest.mark.parametrize(
    ("state", "role", "expected"),
    [
        (State.ACTIVE, "leader", (True, True, True, True)),
        (State.ACTIVE, "member", (True, True, False, True)),
        (State.PAUSED, "member", (True, True, False, True)),
        (State.PAUSED, "leader", (True, True, False, True)),
        (State.INVITED, "member", (False, False, False, False)),
        (State.DECLINED, "member", (False, False, False, False)),
        (State.LEFT, "member", (False, False, False, False)),
        (State.WITHDRAWN, "member", (False, False, False, False)),
    ],
)
def test_place_in_the_community_decides(meeting, state, role, expected):
    membership = add_member(meeting.community, state=state, role=role)

    assert may(membership.person, meeting) == expected


def test_staff_lead_without_replying(meeting):
    assert may(make_staff(meeting.community.program), meeting) == (True, True, True, False)


def test_outsiders_and_other_programs_see_nothing(meeting):
    other = make_community(make_program())
    leader_elsewhere = add_member(other, role=Membership.Role.LEADER).person

    assert [
        may(person, meeting) for person in (make_person(), leader_elsewhere, make_staff(other.program))
    ] == [(False, False, False, False)] * 3


def test_signed_out_people_see_no_meeting(meeting):
    assert not Meeting.objects.visible_to(AnonymousUser()).exists()
    with pytest.raises(Http404):
        meeting_of(AnonymousUser(), meeting_id=meeting.pk)
