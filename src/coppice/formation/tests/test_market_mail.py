"""What a marketplace writes, to whom, on which morning, and never twice."""

from datetime import UTC, timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone

from coppice.formation import actions, market_mailing, tasks
from coppice.formation.models import Marketplace, OfferedTopic
from coppice.formation.tests.factories import choose, choosers_of, make_marketplace, offer_topics
from coppice.notifications.actions import mute
from coppice.notifications.models import Message
from coppice.notifications.standings import standing
from coppice.programs.models import Enrollment, Program

pytestmark = pytest.mark.django_db

NIGHT, MORNING, NOON = 3, 8, 13


@pytest.fixture
def board():
    """Six people in UTC who heard of the board two days ago; nothing has happened since then."""
    board = make_marketplace(people=6, minimum=3, maximum=3)
    Program.objects.update(time_zone="UTC")
    Enrollment.objects.update(language="en")
    tasks.tell_of_marketplace.call(marketplace_id=board.pk)
    Message.objects.update(created_at=timezone.now() - timedelta(days=2))
    return Marketplace.objects.select_related("program").get()


def at(hour):
    return timezone.now().astimezone(UTC).replace(hour=hour, minute=0)


def written(board, hour=MORNING):
    return [message.recipient for message in market_mailing.digests(board, at=at(hour))]


def days_left(board, days):
    """The board as it is so many days before its last one."""
    closes_on = board.today + timedelta(days=days)
    Marketplace.objects.filter(pk=board.pk).update(closes_on=closes_on)
    return Marketplace.objects.select_related("program").get(pk=board.pk)


def test_everybody_gets_their_own_link_once_and_who_comes_later_too(board):
    tasks.tell_of_marketplace.call(marketplace_id=board.pk)
    people = choosers_of(board)

    mails = Message.objects.filter(occasion=f"marketplace-opened:{board.pk}")
    assert sorted(mail.recipient_id for mail in mails) == [each.person.pk for each in people]
    first = mails.get(recipient=people[1].person)
    assert f"/market/{people[1].token}/" in first.text
    assert "Choose your community" in first.subject
    Message.objects.filter(recipient=people[1].person).delete()  # as for somebody who came later
    tasks.tend_marketplaces.call()
    assert mails.count() == 6


def test_over_and_settled_boards_write_nothing():
    over = make_marketplace(people=2)
    Marketplace.objects.update(closes_on=over.today - timedelta(days=1))

    tasks.tell_of_marketplace.call(marketplace_id=over.pk)
    tasks.tend_marketplaces.call()

    assert Message.objects.count() == 0


def test_nothing_new_means_no_mail(board):
    assert written(board) == []


def test_who_has_not_chosen_hears_in_their_morning_what_is_new(board):
    ana, ben, *others = choosers_of(board)
    [topic] = offer_topics(board, "Grants")
    choose(topic, ana)

    assert written(board) == [each.person for each in (ben, *others)]
    assert (written(board, NIGHT), written(board, NOON)) == ([], [])
    mail = market_mailing.digests(board, at=at(MORNING))[0]
    assert "- Grants" in mail.text
    assert "1 person took a place since the last mail." in mail.text
    assert "You have no place yet" in mail.text


def test_the_morning_is_that_of_the_reader(board):
    ana, ben, *_others = choosers_of(board)
    offer_topics(board, "Grants")
    ben.person.time_zone = "Asia/Tokyo"
    ben.person.save()
    Enrollment.objects.filter(pk=ana.enrollment.pk).update(time_zone="Asia/Tokyo")

    tokyo = {ana.person, ben.person}
    in_the_west = {each.person for each in choosers_of(board)} - tokyo
    assert set(written(board, MORNING)) == in_the_west
    assert set(market_mailing.digests(board, at=at(23)) and written(board, 23)) == tokyo


def test_who_waits_hears_their_number_and_who_has_a_place_alone_hears_nothing(board):
    people = choosers_of(board)
    [topic, other] = offer_topics(board, "Grants", "Boards")
    choose(topic, *people[:3])
    choose(other, people[3])
    for each in (people[4], people[3]):
        actions.wait(each, topic=topic, by=each.person)

    mails = {mail.recipient: mail for mail in market_mailing.digests(board, at=at(MORNING))}

    assert set(mails) == {each.person for each in people[3:]}
    assert "You wait for Grants: number 2 on its list." in mails[people[3].person].text
    assert "you can change until" in mails[people[3].person].text
    assert "3 people took a place" in mails[people[3].person].text  # their own is no news to them


def test_a_day_has_one_mail_whatever_happens(board):
    offer_topics(board, "Grants")
    mails = market_mailing.digests(board, at=at(MORNING))

    assert actions.post_mails(mails) == 6
    assert actions.post_mails(mails) == 6

    assert Message.objects.filter(occasion=f"marketplace-digest:{board.pk}").count() == 6
    OfferedTopic.objects.update(offered_at=timezone.now() + timedelta(hours=1))
    assert written(board, 11) == []


def test_on_the_day_of_the_first_mail_there_is_no_other(board):
    Message.objects.update(created_at=at(6))
    offer_topics(board, "Grants")
    OfferedTopic.objects.update(offered_at=at(7))

    assert written(board, MORNING) == []


def test_the_last_day_is_news_by_itself(board):
    board = days_left(board, 0)

    mails = market_mailing.digests(board, at=at(MORNING))

    assert len(mails) == 6
    assert mails[1].subject == "Last day to choose your community"
    assert "Today is the last day to choose." in mails[1].text


def test_who_left_the_roster_has_no_mail_or_stopped_it_hears_nothing(board):
    ana, ben, caro, *others = choosers_of(board)
    offer_topics(board, "Grants")
    Enrollment.objects.filter(pk=ana.enrollment.pk).update(ended_at=timezone.now())
    Enrollment.objects.filter(pk=ben.enrollment.pk).update(contact_mode="phone")
    mute(caro.person, list_key=board.list_key)

    assert written(board) == [each.person for each in others]


def test_who_has_had_no_first_mail_gets_no_daily_one(board):
    Message.objects.all().delete()
    offer_topics(board, "Grants")

    assert written(board) == []


def test_thin_topics_are_told_two_days_before_the_end_once(board):
    ana, ben, caro, dora, eva, _finn = choosers_of(board)
    grants, boards, empty, closed = offer_topics(board, "Grants", "Boards", "Grant budgets", "Closed")
    choose(grants, ana, ben)
    choose(boards, caro)
    choose(closed, dora)
    actions.close_topic(closed, by=None)
    Enrollment.objects.filter(pk=ben.enrollment.pk).update(contact_mode="paper")

    assert market_mailing.warnings(days_left(board, 3)) == []
    board = days_left(board, 2)
    mails = market_mailing.warnings(board)
    assert [(mail.recipient, mail.subject) for mail in mails] == [
        (ana.person, "Grants needs one more"),
        (caro.person, "Boards needs 2 more"),
    ]
    assert "2 days left, and Grants has too few people" in mails[0].text
    near = mails[0].text.partition("The nearest topics with a free place:\n")[2].splitlines()
    assert near[:2] == ["- Grant budgets", "- Boards"]
    actions.post_mails(mails)
    assert market_mailing.warnings(board) == []
    choose(boards, eva)
    assert [mail.recipient for mail in market_mailing.warnings(days_left(board, 2))] == [eva.person]
    assert empty.choices.count() == 0


def test_the_clock_does_it_all(board):
    ana, *_others = choosers_of(board)
    [topic] = offer_topics(board, "Grants")
    choose(topic, ana)
    days_left(board, 2)
    moment = at(MORNING)

    with patch.object(timezone, "now", return_value=moment):
        for _twice in range(2):
            tasks.tend_marketplaces.call()

    kinds = [mail.occasion.partition(":")[0] for mail in Message.objects.order_by("pk")]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "marketplace-opened": 6,
        "marketplace-digest": 5,
        "topic-thin": 1,
    }


def test_what_stays_when_somebody_leaves_the_mail(board):
    ana, ben, *_others = choosers_of(board)
    choose(offer_topics(board, "Grants")[0], ana)

    assert standing(ana.person.pk, board.list_key) == "What you chose stays as it is either way."
    assert standing(ben.person.pk, board.list_key) == ""


def test_a_mail_speaks_the_language_of_its_reader(board):
    ana = choosers_of(board)[0]
    ana.person.language = "es"
    ana.person.save()
    Message.objects.all().delete()

    mails = market_mailing.openings(board)

    [mine] = [mail for mail in mails if mail.recipient == ana.person]
    assert 'lang="es"' in mine.html
