"""A topic becomes part of another, and that is undone: everybody stands where they stood."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.accounts.actions import erase
from coppice.communities.tests.factories import make_staff
from coppice.formation import actions
from coppice.formation.actions.mergers import QUIET
from coppice.formation.market_errors import (
    ChosenSince,
    MarketplaceIsOver,
    NothingToUndo,
    ToldAlready,
    TopicIsGone,
    TopicIsThere,
)
from coppice.formation.models import Choice, GuestWish, Marketplace, OfferedTopic, TopicMerger
from coppice.formation.tests.factories import (
    choose,
    choosers_of,
    make_marketplace,
    offer_topics,
    waiting_in,
    who_is_in,
)
from coppice.live.actions import people as phones
from coppice.notifications.models import Message
from coppice.notifications.tasks import deliver_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def board():
    return make_marketplace(people=9, minimum=2, maximum=3)


@pytest.fixture
def people(board):
    return choosers_of(board)


@pytest.fixture
def topics(board, people):
    """Grants and Writing have three each, of whom one waits for Grants, Boards two; two wait for Writing."""
    grants, writing, boards = offer_topics(board, "Grants", "Writing", "Boards")
    choose(grants, *people[:2], people[8])
    choose(writing, *people[2:5])
    choose(boards, *people[5:7])
    actions.wait(people[2], topic=grants, by=people[2].person)
    for each in (people[5], people[7]):
        actions.wait(each, topic=writing, by=each.person)
    actions.write_criterion(people[2], topic=writing, text="Beginners", by=people[2].person)
    return grants, writing, boards


def stands(board):
    rows = board.choices.order_by("topic", "is_waiting", "since", "pk")
    return list(rows.values_list("pk", "topic", "enrollment", "is_waiting", "since", "from_paper", "stays"))


def told():
    return Message.objects.filter(occasion__startswith="topic-")


def merged(topics):
    grants, writing, _boards = topics
    actions.merge(writing, into=grants, by=None)
    return OfferedTopic.objects.select_related("marketplace__program__provider").get(pk=writing.pk)


def test_undone_everybody_stands_where_they_stood_and_hears_nothing(board, topics, people, mailoutbox):
    grants, writing, boards = topics
    program = board.program
    room = actions.open_room(board, by=make_staff(program, "Hana"))
    bea, cy = (phones.join(room, name=each, language="en") for each in ("Bea", "Cy"))
    GuestWish.objects.create(participant=bea, topic=writing)
    GuestWish.objects.create(participant=cy, topic=writing)
    before = stands(board)

    topic = merged(topics)
    assert stands(board) != before
    assert len(who_is_in(grants)) == 3
    assert told().count() > 0
    deliver_due.func()
    assert mailoutbox == []
    GuestWish.objects.filter(participant=cy).update(topic=boards)
    actions.undo_merger(topic, by=None)

    assert stands(board) == before
    assert [str(line) for line in writing.criteria.all()] == ["Beginners"]
    assert [wish.participant for wish in writing.guest_wishes.all()] == [bea]
    assert [wish.participant for wish in boards.guest_wishes.all()] == [cy]
    assert not told().exists()
    with pytest.raises(NothingToUndo):
        actions.undo_merger(topic, by=None)
    merged(topics)
    assert TopicMerger.objects.filter(undone_at=None).count() == 1


def test_the_mails_leave_after_ten_minutes_and_then_it_stays(board, topics, people):
    topic = merged(topics)
    waiting = list(told())
    soon = timezone.now() + QUIET - timedelta(minutes=1)
    assert [each for each in waiting if each.next_attempt_at < soon] == []

    told().update(state=Message.State.SENT)

    with pytest.raises(ToldAlready):
        actions.undo_merger(topic, by=None)
    assert told().count() == len(waiting)


def test_who_comes_since_stays_and_who_waits_has_what_is_free(board, people):
    grants, writing = offer_topics(board, "Grants", "Writing")
    choose(grants, *people[:2])
    choose(writing, people[2])
    topic = merged([grants, writing, None])
    actions.wait(people[8], topic=grants, by=people[8].person)
    assert people[8].enrollment in waiting_in(grants)

    actions.undo_merger(topic, by=None)

    assert who_is_in(grants) == [each.enrollment for each in (people[0], people[1], people[8])]


def test_what_somebody_moved_has_chosen_since_is_not_taken_back(board, topics, people):
    _grants, _writing, boards = topics
    topic = merged(topics)
    actions.join(people[2], topic=boards, by=people[2].person)
    after = stands(board)

    with pytest.raises(ChosenSince):
        actions.undo_merger(topic, by=None)

    assert stands(board) == after
    assert TopicMerger.objects.get().undone_at is None


def test_nobody_is_put_out_of_a_place_that_a_merger_left_free(board, people):
    grants, writing, boards = offer_topics(board, "Grants", "Writing", "Boards")
    Marketplace.objects.update(maximum=2)
    choose(writing, *people[:1])
    choose(grants, *people[1:2])
    choose(boards, *people[2:4])
    Choice.objects.create(marketplace=board, topic=writing, enrollment=people[2].enrollment, is_waiting=True)
    OfferedTopic.objects.filter(pk=grants.pk).update(own_maximum=3)
    actions.merge(writing, into=grants, by=None)
    assert people[2].enrollment in who_is_in(grants)
    actions.join(people[4], topic=boards, by=people[4].person)

    with pytest.raises(ChosenSince):
        actions.undo_merger(OfferedTopic.objects.get(pk=writing.pk), by=None)

    assert who_is_in(boards) == [people[3].enrollment, people[4].enrollment]


def test_somebody_erased_since_comes_back_nowhere(board, topics, people):
    topic = merged(topics)

    erase(people[3].person, by=people[3].person)

    with pytest.raises(ChosenSince):
        actions.undo_merger(topic, by=None)


def test_a_name_or_a_topic_that_is_gone_cannot_be_undone(board, topics):
    grants, _writing, boards = topics
    topic = merged(topics)
    [again] = offer_topics(board, "writing")
    with pytest.raises(TopicIsThere):
        actions.undo_merger(topic, by=None)
    again.delete()
    actions.merge(grants, into=boards, by=None)
    with pytest.raises(TopicIsGone):
        actions.undo_merger(topic, by=None)
    Marketplace.objects.update(closes_on=board.today - timedelta(days=1))
    with pytest.raises(MarketplaceIsOver):
        actions.undo_merger(topic, by=None)


def test_the_staff_undo_on_the_page_of_the_other_topic(client, board, topics, people):
    grants, writing, _boards = topics
    client.force_login(make_staff(board.program, "Hana"))
    client.post(reverse("formation:topic_merger", args=[writing.pk]), {"into": grants.pk})
    end = reverse("formation:topic_merger_end", args=[writing.pk])
    assert end in client.get(grants.get_absolute_url()).content.decode()

    actions.leave(people[3], topic=grants, by=people[3].person)
    refused = client.post(end, follow=True)
    assert "have chosen something else since" in refused.content.decode()


def test_the_staff_are_told_that_it_stands_alone_again(client, board, topics):
    grants, writing, _boards = topics
    client.force_login(make_staff(board.program, "Hana"))
    merged(topics)

    done = client.post(reverse("formation:topic_merger_end", args=[writing.pk]), follow=True)

    assert done.redirect_chain == [(writing.get_absolute_url(), 302)]
    assert "On the board by itself again" in done.content.decode()
    assert "Became part of it" not in client.get(grants.get_absolute_url()).content.decode()
