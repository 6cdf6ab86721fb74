"""What was learned at a meeting, and what came of a commitment, kept as a practice by who was there."""

import pytest
from django.test import Client
from django.urls import reverse

from coppice.communities.commitment_models import Commitment
from coppice.communities.models import Membership
from coppice.communities.plan_models import PlanFrame
from coppice.communities.tests.factories import add_member, make_community, make_staff
from coppice.meetings.minutes_models import Lesson
from coppice.meetings.tests.factories import hold, make_past_meeting

pytestmark = pytest.mark.django_db


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_lesson_of_the_minutes_begins_a_practice_for_members():
    member = add_member(make_community(), name="Ana Ruiz")
    community = member.community
    meeting = make_past_meeting(community)
    hold(meeting, present=[member])
    lesson = Lesson.objects.create(meeting=meeting, text="Call before noon")
    begin = f"{reverse('library:practice_new', args=[community.pk])}?from=lesson:{lesson.pk}"

    client, staff = signed_in(member.person), signed_in(make_staff(community.program))

    assert begin in client.get(meeting.get_absolute_url()).text
    assert begin not in staff.get(meeting.get_absolute_url()).text
    form = client.get(begin).text
    assert ("What did you learn, in one sentence?" in form, 'value="Call before noon"' in form) == (
        True,
        True,
    )
    elsewhere = add_member(make_community())
    other = reverse("library:practice_new", args=[elsewhere.community_id])
    assert "Call before noon" not in signed_in(elsewhere.person).get(f"{other}?from=lesson:{lesson.pk}").text


def test_what_came_of_ones_own_commitment_begins_one_unless_leaders_alone_add():
    member = add_member(make_community(), name="Ana Ruiz")
    community = member.community
    own = Commitment.objects.create(
        community=community,
        membership=member,
        what="Call before noon",
        state="tried",
        outcome="Four of five came",
        settled_at=community.created_at,
    )
    page = reverse("communities:commitments", args=[community.pk])
    begin = f"{reverse('library:practice_new', args=[community.pk])}?from=commitment:{own.pk}"
    client = signed_in(member.person)

    assert begin in client.get(page).text
    assert "Four of five came" in client.get(f"{begin}&kind=case").text
    leader = add_member(community, role=Membership.Role.LEADER)
    assert begin not in signed_in(leader.person).get(page).text
    PlanFrame.objects.create(community=community, library_adders=PlanFrame.Adders.LEADERS)
    assert begin not in client.get(page).text
    assert client.get(begin).status_code == 403
