"""Commitments: made, tried, done, dropped with a reason; from a mail as well, and gently reminded."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from coppice.communities import tasks
from coppice.communities.actions import commitments
from coppice.communities.commitment_board import board_of, follow_through
from coppice.communities.commitment_models import Commitment
from coppice.communities.errors import NotAMember, NothingSaid, ReasonMissing, TooManyCommitments
from coppice.communities.links import commitment_path
from coppice.communities.models import Membership
from coppice.communities.permissions import can_tell
from coppice.communities.tests.factories import add_member, make_community, make_person, make_staff
from coppice.history.models import Entry
from coppice.notifications.models import Message

pytestmark = pytest.mark.django_db

State = Commitment.State
TODAY = date(2027, 3, 10)


@pytest.fixture
def community():
    return make_community(time_zone="UTC")


@pytest.fixture
def tom(community):
    return add_member(community, "Tom Whitehorse")


@pytest.fixture
def leader(community):
    return add_member(community, "Rosa Medina", role="leader")


def made(membership, what="Send the letter", **fields):
    return commitments.make(membership, what=what, by=membership.person, **fields)


def verbs():
    return list(Entry.objects.order_by("pk").values_list("verb", flat=True))


def at(name, thing):
    return reverse(f"communities:{name}", args=[thing.pk])


@pytest.fixture
def run_at(monkeypatch):
    """Run the clock's task as if it were a certain moment."""

    def run(moment):
        monkeypatch.setattr(tasks.timezone, "now", lambda: moment)
        tasks.remind_of_commitments.func()
        return list(Message.objects.order_by("pk").values_list("subject", flat=True))

    return run


def morning(day, hour=9):
    return datetime(day.year, day.month, day.day, hour, 30, tzinfo=UTC)


def test_a_member_commits_once_for_each_source(tom):
    first = made(tom, source=Commitment.Source.MEETING, source_key="meeting:1:0")
    again = made(tom, source=Commitment.Source.MEETING, source_key="meeting:1:0")

    assert (first, first.state, first.community) == (again, State.MADE, tom.community)
    assert verbs() == ["commitment.made"]


def test_who_left_commits_to_nothing_nor_does_anybody_to_nothing(community, tom):
    with pytest.raises(NotAMember):
        made(add_member(community, "Una", state=Membership.State.LEFT))
    with pytest.raises(NothingSaid):
        made(tom, what="  ")


def test_so_many_open_ones_are_none(tom):
    for number in range(commitments.MOST_OPEN):
        made(tom, what=f"Call {number}")

    with pytest.raises(TooManyCommitments):
        made(tom)


def test_what_came_of_it_is_told_and_can_be_told_anew(tom):
    commitment = made(tom)
    with pytest.raises(ReasonMissing):
        commitments.tell(commitment, state=State.DROPPED, by=tom.person)

    done = commitments.tell(commitment, state=State.DONE, outcome="Sent", by=tom.person)
    commitments.tell(commitment, state=State.DONE, outcome="Sent", by=tom.person)
    assert (done.state, done.settled_at is None) == (State.DONE, False)
    told_more = commitments.tell(commitment, state=State.DONE, outcome="Sent to all", by=tom.person)
    assert told_more.settled_at == done.settled_at

    open_again = commitments.tell(commitment, state=State.TRIED, by=tom.person)
    assert (open_again.is_open, open_again.settled_at) == (True, None)
    assert verbs() == ["commitment.made", *["commitment.told"] * 3]


def test_another_day_is_reminded_of_anew(tom):
    commitment = made(tom, due_on=TODAY)
    Commitment.objects.update(reminded_before=True, reminded_after=True)

    words = commitments.change(commitment, what="Send it", due_on=TODAY, by=tom.person)
    assert words.reminded_before
    later = commitments.change(commitment, what="Send it", due_on=TODAY + timedelta(days=9), by=tom.person)
    commitments.change(commitment, what="Send it", due_on=TODAY + timedelta(days=9), by=tom.person)
    with pytest.raises(NothingSaid):
        commitments.change(commitment, what=" ", due_on=None, by=tom.person)

    assert (later.reminded_before, later.reminded_after) == (False, False)
    assert verbs() == ["commitment.made", *["commitment.changed"] * 2]


def test_the_rate_counts_what_is_due_and_what_was_done_before(community, tom):
    for due_on, state in (
        (TODAY, State.DONE),
        (TODAY, State.MADE),
        (TODAY + timedelta(days=9), State.DONE),
        (TODAY + timedelta(days=9), State.MADE),
        (TODAY, State.DROPPED),
        (None, State.MADE),
    ):
        commitments.tell(made(tom, due_on=due_on), state=state, outcome="No time", by=None)

    rate = follow_through(community, on=TODAY)

    assert (rate.done, rate.due, rate.percent) == (2, 4, 50)
    assert follow_through(make_community(), on=TODAY).percent is None
    board = board_of(community, leads=False, on=TODAY)
    assert (len(board.waiting), len(board.settled), board.rate) == (3, 3, rate)


def test_a_member_writes_down_their_own_and_says_what_came_of_it(client, community, tom):
    client.force_login(tom.person)
    assert "Nobody has committed to anything yet" in client.get(at("commitments", community)).text
    new = at("new_commitment", community)
    assert 'name="membership"' not in client.get(new).text
    assert client.post(new, {"what": ""}).status_code == 422
    client.post(new, {"what": "Send the letter", "due_on": "2099-03-10", "source": "plan"})
    commitment = community.commitments.get()
    assert commitment.membership == tom

    path = at("commitment", commitment)
    sent = {"what": "Send the letter", "due_on": "2027-03-10"}
    assert client.get(path).status_code == 200
    assert client.post(path, {**sent, "state": "dropped", "outcome": ""}).status_code == 422
    client.post(path, {**sent, "state": "dropped", "outcome": "No time"})

    page = client.get(at("commitments", community)).text
    assert "No time" in page
    assert "What came of the rest" in page


def test_a_leader_writes_down_for_others_and_members_only_for_themselves(client, community, tom, leader):
    client.force_login(leader.person)
    sent = {"what": "Send the letter", "source": "meeting", "membership": tom.pk}
    client.post(at("new_commitment", community), sent)
    assert community.commitments.get().membership == tom

    client.force_login(add_member(community, "Una").person)
    assert client.get(at("commitment", community.commitments.get())).status_code == 403


def test_too_many_are_refused_in_the_form(client, community, tom):
    for number in range(commitments.MOST_OPEN):
        made(tom, what=f"Call {number}")
    client.force_login(tom.person)

    refused = client.post(at("new_commitment", community), {"what": "More", "source": "other"})

    assert (refused.status_code, "Many things are open" in refused.text) == (422, True)


def test_a_click_in_a_mail_shows_and_the_button_acts(client, tom):
    commitment = made(tom)
    path = commitment_path(commitment, tom, state=State.DONE)

    page = client.get(path).text
    commitment.refresh_from_db()
    assert (commitment.state, page.split('value="done"')[1].split(">")[0].count("checked")) == (State.MADE, 1)

    outcome = path.split("?")[0] + "outcome/"
    assert client.post(outcome, {"state": "dropped", "outcome": ""}).status_code == 422
    answered = client.post(outcome, {"state": "done", "outcome": "Sent"}, follow=True)
    commitment.refresh_from_db()
    assert (commitment.state, "It is saved" in answered.text) == (State.DONE, True)


def test_a_link_ends_with_the_membership_and_is_of_one_person(client, community, tom, leader):
    commitment = made(tom)
    assert client.get(commitment_path(commitment, leader)).status_code == 404
    path = commitment_path(commitment, tom)
    Membership.objects.filter(pk=tom.pk).update(state=Membership.State.LEFT)

    assert client.get(path).status_code == 404


def test_one_mail_before_and_one_after_and_never_two_a_day(tom, run_at):
    soon = made(tom, what="Send the letter", due_on=TODAY + timedelta(days=2))
    late = made(tom, what="Call the county", due_on=TODAY - timedelta(days=1))
    Commitment.objects.update(created_at=morning(TODAY - timedelta(days=20)))

    assert run_at(morning(TODAY, hour=8)) == []
    first = run_at(morning(TODAY))
    assert first == ["What came of it: Call the county"]
    assert run_at(morning(TODAY, hour=11)) == first
    made(tom, what="One more", due_on=TODAY - timedelta(days=2))
    assert run_at(morning(TODAY, hour=12)) == first
    assert len(run_at(morning(TODAY + timedelta(days=1)))) == 2

    text = Message.objects.order_by("pk")[0].text
    assert "Send the letter" in text
    assert commitment_path(soon, tom, state=State.TRIED) in text
    commitments.tell(soon, state=State.DONE, by=None)
    assert len(run_at(morning(TODAY + timedelta(days=5)))) == 2
    late.refresh_from_db()
    assert (late.reminded_before, late.reminded_after) == (False, True)


def test_what_was_made_just_before_its_day_waits_until_after_it(tom, run_at):
    made(tom, due_on=TODAY + timedelta(days=1))
    Commitment.objects.update(created_at=morning(TODAY))

    assert run_at(morning(TODAY)) == []
    assert len(run_at(morning(TODAY + timedelta(days=2)))) == 1
    assert len(run_at(morning(TODAY + timedelta(days=3)))) == 1


def test_who_pauses_is_left_in_peace(community, run_at):
    made(add_member(community, "Una", state=Membership.State.PAUSED), due_on=TODAY - timedelta(days=1))

    assert run_at(morning(TODAY)) == []


def test_reminding_of_what_was_told_meanwhile_writes_nothing(tom):
    commitment = made(tom, due_on=TODAY)
    commitments.tell(commitment, state=State.DONE, by=None)

    commitments.remind(tom, before=[commitment], after=[])

    assert Message.objects.count() == 0


def test_home_shows_what_one_said_one_would_do_the_nearest_day_first(client, tom):
    made(tom, what="Some day")
    made(tom, what="Send the letter", due_on=TODAY)
    client.force_login(tom.person)

    page = client.get("/").text

    assert "You said that you would, by 10 March 2027: Send the letter." in page
    assert page.index("Send the letter") < page.index("You said that you would: Some day.")


def test_who_may_tell(community, tom, leader):
    commitment = made(tom)
    people = (tom.person, leader.person, make_staff(community.program), make_person())
    una = add_member(community, "Una").person

    assert [can_tell(each, commitment) for each in (*people, una)] == [True, True, True, False, False]
