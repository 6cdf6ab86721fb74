"""Trial digests: what is new, as far as an invited person may know it, weekly and four times at most."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest

from coppice.communities import links, tasks, trials
from coppice.communities.actions import invitations
from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, make_community
from coppice.communities.trials import News
from coppice.notifications.actions import mute
from coppice.notifications.lines import Section
from coppice.notifications.models import Message

pytestmark = pytest.mark.django_db

MONDAY = datetime(2027, 5, 17, 7, tzinfo=UTC)


@pytest.fixture(autouse=True)
def rooms(monkeypatch):
    """One room above has three new questions to tell of in each community."""

    def tell(communities, since):
        return {each.pk: [News(Section.ANSWER, lambda: "3 new questions")] for each in communities}

    monkeypatch.setattr(trials, "_tellers", [tell])


@pytest.fixture
def community():
    return make_community(name="Hedgerow", time_zone="UTC")


@pytest.fixture
def invited(community):
    return add_member(
        community, "Ivy Invited", state=Membership.State.INVITED, invited_at=MONDAY - timedelta(days=5)
    )


def mails_at(*moments: datetime) -> list[int]:
    """How many mails there are after the clock came at each moment."""
    counts = []
    for moment in moments:
        with patch("django.utils.timezone.now", return_value=moment):
            tasks.send_trials.call()
        counts.append(Message.objects.filter(occasion__startswith="trial-digest:").count())
    return counts


def test_a_trial_comes_on_monday_morning_once_a_week_and_four_times(invited):
    weeks = [MONDAY + timedelta(weeks=number) for number in range(6)]

    assert mails_at(MONDAY - timedelta(minutes=15), MONDAY, MONDAY + timedelta(hours=1)) == [0, 1, 1]
    assert mails_at(MONDAY + timedelta(days=1), *weeks[1:]) == [1, 2, 3, 4, 4, 4]


def test_it_tells_numbers_and_no_names_and_offers_yes_and_no(community, invited):
    for name, days in (("Nadia Secret", 1), ("Omar Longago", 30)):
        member = add_member(community, name)
        Membership.objects.filter(pk=member.pk).update(joined_at=MONDAY - timedelta(days=days))

    mails_at(MONDAY)

    mail = Message.objects.get(recipient=invited.person)
    assert mail.subject == "This week in Hedgerow"
    assert mail.text.index("3 new questions") < mail.text.index("1 person has joined")
    assert "Nadia" not in mail.text + mail.html
    assert f"{links.place_path(invited)}#answer" in mail.text
    assert mail.list_key == community.list_key


def test_nothing_new_is_no_mail(invited, monkeypatch):
    monkeypatch.setattr(trials, "_tellers", [])

    assert mails_at(MONDAY) == [0]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda invited: mute(invited.person, list_key=invited.community.list_key),
        lambda invited: invitations.accept(invited, by=invited.person),
        lambda invited: Membership.objects.update(invited_at=MONDAY - timedelta(days=2)),
        lambda invited: Membership.objects.update(invited_at=MONDAY - timedelta(weeks=7)),
        lambda invited: type(invited.enrollment).objects.update(contact_mode="paper"),
    ],
)
def test_whoever_left_the_list_answered_or_was_just_invited_hears_nothing(invited, spoil):
    spoil(invited)

    assert mails_at(MONDAY) == [0]


def test_many_people_cost_the_same_few_queries(community, django_assert_num_queries):
    for number in range(9):
        add_member(
            community, f"I {number}", state=Membership.State.INVITED, invited_at=MONDAY - timedelta(days=5)
        )

    with django_assert_num_queries(8):
        mails_at(MONDAY)
