"""A commitment that somebody wrote down for another: asked by one mail, right or not theirs."""

from datetime import date

import pytest
from django.urls import reverse

from coppice.communities.actions import commitments, memberships
from coppice.communities.actions.commitments import Asking
from coppice.communities.commitment_board import board_of, follow_through
from coppice.communities.commitment_models import Commitment
from coppice.communities.errors import NotTheirCommitment
from coppice.communities.links import commitment_path
from coppice.communities.plan_board import plan_of
from coppice.communities.tests.factories import add_member, enroll, make_community, make_staff
from coppice.communities.who_does_what import who_does_what
from coppice.history.models import Entry
from coppice.notifications.models import Message

pytestmark = pytest.mark.django_db

State, Word = Commitment.State, Commitment.Word
DAY = date(2027, 3, 10)


@pytest.fixture
def community():
    return make_community(time_zone="UTC")


@pytest.fixture
def tom(community):
    return add_member(community, "Tom Whitehorse")


@pytest.fixture
def leader(community):
    return add_member(community, "Rosa Medina", role="leader")


def written(membership, by, **fields):
    return commitments.make(membership, what="Send the letter", due_on=DAY, by=by.person, **fields)


def now(commitment):
    commitment.refresh_from_db()
    return commitment.word, commitment.state


def test_a_member_is_asked_by_one_mail_whether_it_is_right(community, tom, leader):
    made = written(tom, leader)

    [message] = Message.objects.all()
    assert (message.recipient_id, made.word) == (tom.person_id, Word.ASKED)
    assert "Rosa Medina wrote down that you do this by 10 March 2027: Send the letter." in message.text
    assert commitment_path(made, tom, word="right") in message.text
    assert commitment_path(made, tom, word="not_mine") in message.text


def test_staff_are_named_as_the_program_knows_them(community, tom):
    staff = make_staff(community.program, "Maria Velasco")

    commitments.make(tom, what="Send the letter", by=staff)

    assert "Maria Velasco wrote down that you do this: Send the letter." in Message.objects.get().text


def test_nobody_is_asked_about_their_own_word_nor_where_a_room_asks_nor_without_mail(community, tom, leader):
    paper = add_member(community, enrollment=enroll(community.program, "Paper", email=""))

    own = written(tom, tom)
    of_a_meeting = written(tom, leader, asking=Asking.LATER)
    said_in_a_room = written(tom, leader, asking=Asking.NEVER)
    on_paper = written(paper, leader)

    assert [each.word for each in (own, of_a_meeting, said_in_a_room, on_paper)] == ["", Word.ASKED, "", ""]
    assert Message.objects.count() == 0


def test_a_link_in_the_mail_chooses_and_only_the_button_answers(client, tom, leader):
    made = written(tom, leader)
    address = commitment_path(made, tom, word="not_mine")

    page = client.get(address).text
    assert ("You chose: That is not mine." in page, now(made)) == (True, (Word.ASKED, State.MADE))
    sent = client.post(f"{commitment_path(made, tom)}word/", {"word": "not_mine"})

    assert (sent.headers["Location"], now(made)) == (
        commitment_path(made, tom),
        (Word.NOT_MINE, State.MADE),
    )
    assert "How does it stand?" not in client.get(commitment_path(made, tom)).text
    client.post(f"{commitment_path(made, tom)}word/", {"word": "right"})
    assert (now(made), made.outcome, made.settled_at) == ((Word.RIGHT, State.MADE), "", None)
    assert "How does it stand?" in client.get(commitment_path(made, tom)).text


def test_an_answer_that_is_none_is_asked_for_again(client, tom, leader):
    made = written(tom, leader)

    again = client.post(f"{commitment_path(made, tom)}word/", {"word": "asked"})

    assert (again.status_code, "Choose one of the two answers." in again.text) == (422, True)
    assert now(made) == (Word.ASKED, State.MADE)


def test_what_is_not_theirs_counts_for_nothing(community, tom, leader):
    theirs, not_theirs = written(tom, leader), written(tom, leader)
    commitments.tell(theirs, state=State.DONE, by=tom.person)

    commitments.give_word(not_theirs, word=Word.NOT_MINE, by=tom.person)
    commitments.give_word(not_theirs, word=Word.NOT_MINE, by=tom.person)

    rate = follow_through(community, on=DAY)
    assert (rate.done, rate.due) == (1, 1)


def test_who_tells_what_came_of_it_calls_it_theirs(tom, leader):
    made = written(tom, leader)

    commitments.tell(made, state=State.TRIED, by=leader.person)
    by_leader = now(made)
    commitments.tell(made, state=State.DONE, by=tom.person)

    assert (by_leader, now(made)) == ((Word.ASKED, State.TRIED), (Word.RIGHT, State.DONE))


def test_what_is_right_stands_as_it_was_written(tom, leader):
    made = written(tom, leader)

    commitments.give_word(made, word=Word.RIGHT, by=tom.person)

    assert now(made) == (Word.RIGHT, State.MADE)


def test_a_word_about_what_one_wrote_oneself_changes_nothing(tom):
    own = written(tom, tom)

    commitments.give_word(own, word=Word.NOT_MINE, by=tom.person)

    assert now(own) == ("", State.MADE)


def test_whose_it_is_finds_the_question_on_the_page_of_it_too(client, tom, leader):
    address = reverse("communities:commitment", args=[written(tom, leader).pk])
    found = []
    for reader in (tom, leader):
        client.force_login(reader.person)
        found.append("is it right?" in client.get(address).text)

    assert found == [True, False]


def test_who_leads_sees_that_it_waits_for_their_word(client, community, tom, leader):
    written(tom, leader)
    client.force_login(leader.person)

    page = client.get(reverse("communities:commitments", args=[community.pk])).text

    assert "They have yet to say whether it is right" in page


def test_nobody_else_overrules_what_somebody_calls_not_theirs(client, community, tom, leader):
    made = written(tom, leader)
    commitments.give_word(made, word=Word.NOT_MINE, by=tom.person)
    client.force_login(leader.person)
    address = reverse("communities:commitment", args=[made.pk])

    for change in ({"state": "made", "what": "Pay the whole rent"}, {"state": "tried", "what": made.what}):
        refused = client.post(address, {"due_on": "2099-03-10", **change, "outcome": ""})
        assert (refused.status_code, "They said that this is not theirs" in refused.text) == (422, True)
    with pytest.raises(NotTheirCommitment):
        commitments.tell(made, state=State.DONE, by=leader.person)
    assert "They said that this is not theirs" in client.get(address).text

    made.refresh_from_db()
    assert (now(made), made.what, made.due_on) == ((Word.NOT_MINE, State.MADE), "Send the letter", DAY)
    assert not Entry.objects.filter(verb="commitment.changed").exists()


def test_what_is_not_theirs_waits_nowhere_and_who_leads_reads_that_it_was_refused(
    client, community, tom, leader
):
    made = written(tom, leader)
    commitments.give_word(made, word=Word.NOT_MINE, by=tom.person)

    of_tom, of_leader = (board_of(community, leads=leads) for leads in (False, True))

    assert (of_tom.waiting, of_tom.settled, of_tom.refused) == ([], [], [])
    assert (of_leader.waiting, of_leader.settled, of_leader.refused) == ([], [], [made])
    assert (made.is_open, now(made), made.is_open) == (True, (Word.NOT_MINE, State.MADE), False)
    assert not plan_of(community).of("commitments").is_answered
    pages = []
    for reader in (tom, leader):
        client.force_login(reader.person)
        pages.append(client.get(reverse("communities:commitments", args=[community.pk])).text)
    assert ["Not theirs, they say" in page for page in pages] == [False, True]


def test_what_came_of_it_stands_again_when_not_mine_was_a_slip(tom, leader):
    made = written(tom, leader)
    commitments.tell(made, state=State.DONE, outcome="Sent", by=tom.person)
    settled_at = Commitment.objects.get().settled_at

    commitments.give_word(made, word=Word.NOT_MINE, by=tom.person)
    commitments.give_word(made, word=Word.RIGHT, by=tom.person)

    made.refresh_from_db()
    assert (now(made), made.outcome, made.settled_at) == ((Word.RIGHT, State.DONE), "Sent", settled_at)


@pytest.mark.parametrize("is_own", [True, False])
@pytest.mark.parametrize(
    "change", [{"what": "Give 5000 dollars", "due_on": DAY}, {"what": "Send the letter", "due_on": None}]
)
def test_a_member_is_asked_anew_about_what_somebody_else_changed(tom, leader, is_own, change):
    made = written(tom, tom if is_own else leader)
    commitments.give_word(made, word=Word.RIGHT, by=tom.person)
    before = Message.objects.count()

    commitments.change(made, by=leader.person, **change)
    commitments.change(made, by=leader.person, **change)

    mails = Message.objects.filter(recipient=tom.person)
    assert (now(made)[0], mails.count() - before) == (Word.ASKED, 1)
    assert f"{change['what']}. Is that right?" in mails.latest("pk").text


def test_words_that_one_changed_oneself_are_right(community, tom, leader):
    of_leader, own = written(tom, leader), written(tom, tom)
    paper = written(add_member(community, enrollment=enroll(community.program, "P", email="")), leader)
    before = Message.objects.count()

    for each in (of_leader, own):
        commitments.change(each, what="Send two letters", due_on=DAY, by=tom.person)
    commitments.change(paper, what="Send two letters", due_on=DAY, by=leader.person)

    assert [now(each)[0] for each in (of_leader, own, paper)] == [Word.RIGHT, "", ""]
    assert Message.objects.count() == before


def test_an_outcome_from_a_reminder_says_that_it_is_right(client, tom, leader):
    made = written(tom, leader)
    address = commitment_path(made, tom, state="done")

    page = client.get(address).text
    client.post(f"{commitment_path(made, tom)}outcome/", {"state": "done", "outcome": ""})

    assert page.split('value="done"')[1].split(">")[0].count("checked") == 1
    assert "that says as well that it is right" in page
    assert now(made) == (Word.RIGHT, State.DONE)


def test_who_says_that_it_is_not_begun_calls_it_theirs(client, tom, leader):
    made = written(tom, leader)

    client.post(f"{commitment_path(made, tom)}outcome/", {"state": "made", "outcome": ""})

    assert now(made) == (Word.RIGHT, State.MADE)


def test_papers_name_only_words_that_people_gave_and_only_people_who_are_in(community, tom, leader):
    right, asked, refused = (written(tom, leader) for _ in range(3))
    commitments.give_word(right, word=Word.RIGHT, by=tom.person)
    commitments.give_word(refused, word=Word.NOT_MINE, by=tom.person)
    una = add_member(community, "Una Gone")
    written(una, una)
    both = [each.who for each in who_does_what(community).promises]
    on_board = {str(each.membership.enrollment) for each in board_of(community, leads=True).waiting}

    memberships.leave(una, by=una.person)

    assert (both, [each.who for each in who_does_what(community).promises]) == (
        ["Tom Whitehorse", "Una Gone"],
        ["Tom Whitehorse"],
    )
    assert on_board == {"Tom Whitehorse", "Una Gone"}
    assert board_of(community, leads=True).waiting == [right, asked]
    assert who_does_what(community).leaders == ["Rosa Medina"]


def test_nobody_writes_down_a_day_that_is_over(client, community, tom):
    client.force_login(tom.person)
    sent = {"what": "Send the letter", "due_on": "2020-01-01", "source": "plan"}

    refused = client.post(reverse("communities:new_commitment", args=[community.pk]), sent)

    assert (refused.status_code, "This day is over. Choose today or a later one." in refused.text) == (
        422,
        True,
    )
    assert not community.commitments.exists()


@pytest.mark.parametrize(
    ("door", "said"), [("word", {"word": "right"}), ("outcome", {"state": "done", "outcome": ""})]
)
def test_an_answer_to_other_words_than_those_on_the_page_is_none(client, tom, leader, door, said):
    made = written(tom, leader)
    own = commitment_path(made, tom)

    def press():
        mark = client.get(own).text.split('name="read" value="')[1].split('"')[0]
        return {**said, "read": mark}

    opened_before = press()
    commitments.change(made, what="Give 5000 dollars", due_on=DAY, by=leader.person)
    stale = client.post(f"{own}{door}/", opened_before)
    state_then = now(made)
    client.post(f"{own}{door}/", press())

    assert (stale.status_code, "Read what it says now, then answer." in stale.text) == (422, True)
    assert "Give 5000 dollars" in stale.text
    assert (state_then, now(made)[0]) == ((Word.ASKED, State.MADE), Word.RIGHT)
