"""The next meeting, as the templates of a community's library tell it."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone, translation

from coppice.communities.tests.factories import make_community
from coppice.home.next_meeting import told
from coppice.library.template_facts import facts_for
from coppice.meetings.tests.factories import make_meeting

pytestmark = pytest.mark.django_db


def test_the_next_meeting_is_told_by_the_communitys_clock_in_the_templates_language():
    community = make_community(time_zone="America/Chicago")
    year = timezone.now().year + 1
    make_meeting(community, starts_at=datetime(year, 3, 2, 20, 0, tzinfo=UTC), place="Library, room 2")
    make_meeting(community, starts_at=datetime(year, 4, 2, 20, 0, tzinfo=UTC))

    with translation.override("es"):
        facts = facts_for(community, "{{ next_meeting }}")

    assert str(facts["next_meeting"]).endswith(
        f"2 de marzo de {year}, 14:00 (hora de Chicago), Library, room 2"
    )


def test_without_a_meeting_ahead_nothing_is_told():
    assert told(make_community()) == ""
