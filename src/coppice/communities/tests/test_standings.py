"""What the unsubscribe page says to each kind of person of a community."""

import pytest

from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, make_community, make_person
from coppice.notifications.subscriptions import unsubscribe_url

pytestmark = pytest.mark.django_db
State = Membership.State


@pytest.fixture
def community():
    return make_community(name="Rural transport")


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (State.INVITED, "Your invitation stays open either way."),
        (State.ACTIVE, "You stay a member either way."),
        (State.PAUSED, "You go on pausing either way, and your place stays yours."),
        (State.LEFT, ""),
        (State.WITHDRAWN, ""),
    ],
)
def test_leaving_the_mail_says_what_stays(client, community, state, sentence):
    member = add_member(community, state=state)

    page = client.get(unsubscribe_url(member.person_id, community.list_key)).text

    words = f"{sentence} You can turn the mail on again whenever you like.".strip()
    assert f"<p>{words}</p>" in page


def test_leaving_the_mail_of_a_community_that_one_was_never_in_promises_nothing(client, community):
    page = client.get(unsubscribe_url(make_person().pk, community.list_key)).text

    assert "<p>You can turn the mail on again whenever you like.</p>" in page
