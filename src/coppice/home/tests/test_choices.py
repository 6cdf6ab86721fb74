"""What a member may choose about their place stands on Now, asked for only where there is something."""

import pytest

from coppice.communities.models import Community, Membership
from coppice.communities.next_steps import choices
from coppice.communities.tests.factories import add_member, make_community
from coppice.home.queries import standing
from coppice.profiles.tests.factories import need

pytestmark = pytest.mark.django_db


def offered(member: Membership) -> list[str]:
    """What Now says, which is what each room says when it is asked by itself."""
    alone = [each.url for each in choices(Membership.objects.get(pk=member.pk))]
    mine = standing(Community.objects.get(pk=member.community_id), member.person).mine
    assert mine is not None
    assert [each.url for each in choices(mine)] == alone
    return alone


def test_who_has_said_nothing_yet_is_asked_what_they_need(django_assert_num_queries):
    community = make_community()
    silent, said = add_member(community, "Ana Ruiz"), add_member(community, "Ben Ode")
    need(said.enrollment)

    assert ["/profile/" in url for url in offered(silent)] == [True]
    assert offered(said) == []
    row = standing(community, said.person).mine
    with django_assert_num_queries(0):
        assert choices(row) == []


def test_a_members_now_asks_twelve_times_where_nothing_else_is_offered(client, django_assert_max_num_queries):
    community = make_community()
    silent = add_member(community, "Ana Ruiz")
    client.force_login(silent.person)

    with django_assert_max_num_queries(12):
        page = client.get(community.get_absolute_url())

    assert page.status_code == 200
    assert "Say what you need and offer" in page.text
