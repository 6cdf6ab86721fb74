"""Who is on a community's mailing list, and on that of a program's staff."""

import pytest

from coppice.communities import mail_lists
from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, make_community, make_staff
from coppice.programs import mail_lists as staff_lists

pytestmark = pytest.mark.django_db


def test_members_and_staff_are_on_the_list_and_whoever_left_is_not(django_assert_num_queries):
    community, other = make_community(name="Hedgerow"), make_community(name="Other")
    ana = add_member(community, "Ana").person
    gone = add_member(community, "Gone", state=Membership.State.LEFT).person
    rosa = make_staff(community.program)
    places = [(person.pk, each.list_key) for person in (ana, gone, rosa) for each in (community, other)]

    with django_assert_num_queries(2):
        held = mail_lists.still_on(places)

    assert held == {(ana.pk, community.list_key), (rosa.pk, community.list_key)}
    assert mail_lists.lists_of(ana) == [(community.list_key, "Hedgerow")]
    assert mail_lists.lists_of(gone) == []


def test_the_list_of_a_programs_staff_is_theirs_alone():
    community = make_community()
    ana, rosa = add_member(community, "Ana").person, make_staff(community.program)
    key = staff_lists.staff_list(community.program)

    assert staff_lists.still_on([(ana.pk, key), (rosa.pk, key), (rosa.pk, "program:x")]) == {(rosa.pk, key)}
    assert staff_lists.lists_of(rosa) == [(key, community.program.name)]
    assert staff_lists.lists_of(ana) == []
