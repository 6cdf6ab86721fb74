"""Somebody changes to another community: one place ends, another begins, one mail tells of it."""

import pytest
from django.utils import timezone

from coppice.communities import actions
from coppice.communities.errors import AlreadyThere, InvitationIsOver, OtherProgram
from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, make_community
from coppice.history.models import Entry
from coppice.notifications.models import Message

pytestmark = pytest.mark.django_db
State = Membership.State


def test_a_member_leaves_one_and_is_in_the_other():
    here = make_community()
    there = make_community(here.program)
    member = add_member(here, role=Membership.Role.LEADER)

    now = actions.transfer(member, to=there, by=member.person, reasons=[{"code": "fits_size"}])

    member.refresh_from_db()
    assert (member.state, member.role, now.state, now.role) == (State.LEFT, "member", State.ACTIVE, "member")
    assert (now.reasons, now.enrollment, now.joined_at is not None) == (
        [{"code": "fits_size"}],
        member.enrollment,
        True,
    )
    [mail] = Message.objects.filter(recipient=member.person)
    assert (mail.occasion, here.name in mail.text, there.name in mail.subject) == (
        f"changed:{now.pk}",
        True,
        True,
    )
    assert "small enough" in mail.text
    verbs = Entry.objects.filter(about=member.person).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["membership.left", "membership.changed"]


def test_coming_back_takes_the_earlier_row_up_again():
    here = make_community()
    there = make_community(here.program)
    member = add_member(here)

    back = actions.transfer(actions.transfer(member, to=there, by=member.person), to=here, by=member.person)

    assert (back.pk, back.state, Membership.objects.count()) == (member.pk, State.ACTIVE, 2)


def test_nobody_changes_to_where_they_are_or_cannot_be():
    here = make_community()
    there, over = make_community(here.program), make_community(here.program, ended_at=timezone.now())
    member, gone = add_member(here), add_member(here, state=State.LEFT)
    add_member(there, enrollment=member.enrollment)

    for membership, to, refusal in (
        (member, there, AlreadyThere),
        (member, make_community(), OtherProgram),
        (member, over, InvitationIsOver),
        (gone, there, InvitationIsOver),
    ):
        with pytest.raises(refusal):
            actions.transfer(membership, to=to, by=membership.person)
