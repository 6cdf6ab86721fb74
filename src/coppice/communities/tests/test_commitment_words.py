"""A commitment that somebody wrote down for another: asked by one mail, right or not theirs."""

from datetime import date

import pytest
from django.urls import reverse

from coppice.communities.actions import commitments
from coppice.communities.commitment_board import follow_through
from coppice.communities.commitment_models import Commitment
from coppice.communities.links import commitment_path
from coppice.communities.tests.factories import add_member, enroll, make_community, make_staff
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
    commitments.change(made, what="Send the letter to all", due_on=DAY, by=leader.person)

    [message] = Message.objects.all()
    assert (message.recipient_id, made.word) == (tom.person_id, Word.ASKED)
    assert "Rosa Medina wrote down that you do this by 10 March 2027: Send the letter." in message.text
    assert commitment_path(made, tom, word="right") in message.text
    assert commitment_path(made, tom, word="not_mine") in message.text


def test_staff_are_named_as_the_program_knows_them(community, tom):
    staff = make_staff(community.program, "Maria Velasco")

    commitments.make(tom, what="Send the letter", by=staff)

    assert "Maria Velasco wrote down that you do this: Send the letter." in Message.objects.get().text


def test_nobody_is_asked_about_their_own_word_nor_by_a_room_nor_without_mail(community, tom, leader):
    paper = add_member(community, enrollment=enroll(community.program, "Paper", email=""))

    own = written(tom, tom)
    of_a_room = written(tom, leader, source="meeting", source_key="meeting:1:0:a")
    on_paper = written(paper, leader)

    assert [each.word for each in (own, of_a_room, on_paper)] == ["", Word.ASKED, ""]
    assert Message.objects.count() == 0


def test_a_link_in_the_mail_chooses_and_only_the_button_answers(client, tom, leader):
    made = written(tom, leader)
    address = commitment_path(made, tom, word="not_mine")

    page = client.get(address).text
    assert ("You chose: That is not mine." in page, now(made)) == (True, (Word.ASKED, State.MADE))
    sent = client.post(f"{commitment_path(made, tom)}word/", {"word": "not_mine"})

    assert (sent.headers["Location"], now(made)) == (
        commitment_path(made, tom),
        (Word.NOT_MINE, State.DROPPED),
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
