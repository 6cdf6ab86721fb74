"""A topic marketplace: people offer, join, move and wait; the staff merge, rename, close and enter."""

from datetime import timedelta

import pytest
from django.utils import timezone

from coppice.accounts.actions import erase
from coppice.communities.tests.factories import enroll, make_program, make_staff
from coppice.formation import actions
from coppice.formation.market_board import Chooser, cards_of, own_of, tally_of, undecided
from coppice.formation.market_errors import (
    AlreadySettled,
    MarketplaceIsOver,
    NotInTopic,
    StaffOffer,
    TooManyInside,
    TooManyWaits,
    TopicIsClosed,
    TopicIsFull,
    TopicIsGone,
    TopicIsThere,
)
from coppice.formation.models import Choice, Criterion, Marketplace, OfferedTopic
from coppice.formation.tests.factories import (
    choosers_of,
    make_marketplace,
    offer_topics,
    waiting_in,
    who_is_in,
)
from coppice.history.models import Entry
from coppice.notifications.models import Message
from coppice.programs import actions as programs
from coppice.programs.models import Enrollment

pytestmark = pytest.mark.django_db


@pytest.fixture
def board():
    """Eight people, two topics of at most two: Grants and Boards, each with nobody."""
    board = make_marketplace(people=8, minimum=2, maximum=2, waits=1)
    Enrollment.objects.update(language="en")
    return board


@pytest.fixture
def people(board):
    return choosers_of(board)


@pytest.fixture
def grants(board):
    return offer_topics(board, "Grants")[0]


@pytest.fixture
def boards(board):
    return offer_topics(board, "Boards")[0]


def join(chooser, topic):
    return actions.join(chooser, topic=topic, by=chooser.person)


def wait(chooser, topic):
    return actions.wait(chooser, topic=topic, by=chooser.person)


def leave(chooser, topic):
    actions.leave(chooser, topic=topic, by=chooser.person)


def close_the_time(board):
    Marketplace.objects.filter(pk=board.pk).update(closes_on=board.today - timedelta(days=1))


# Choosing


def test_somebody_joins_moves_and_leaves(people, grants, boards):
    ana = people[0]

    join(ana, grants)
    join(ana, grants)
    join(ana, boards)

    assert (who_is_in(grants), who_is_in(boards)) == ([], [ana.enrollment])
    leave(ana, boards)
    leave(ana, boards)
    assert Choice.objects.count() == 0
    assert [
        (entry.verb, entry.subject_name)
        for entry in Entry.objects.filter(about=ana.person, verb__startswith="topic.").order_by("pk")
    ] == [("topic.chosen", "Grants"), ("topic.chosen", "Boards"), ("topic.left", "Boards")]


def test_a_full_topic_takes_nobody_and_has_a_waitlist(people, grants, boards):
    ana, ben, caro, dora = people[:4]
    join(ana, grants)
    join(ben, grants)
    join(caro, boards)

    with pytest.raises(TopicIsFull):
        join(caro, grants)
    first, second = wait(caro, grants), wait(dora, grants)

    assert (first.is_waiting, second.is_waiting) == (True, True)
    assert wait(caro, grants) == first
    assert waiting_in(grants) == [caro.enrollment, dora.enrollment]
    assert (own_of(caro).topic_id, own_of(caro).waits) == (boards.pk, {grants.pk: 1})
    assert (own_of(dora).place, own_of(dora).waits) == (None, {grants.pk: 2})
    [full, one] = cards_of(grants.marketplace)
    assert (full.people, full.waiting, full.is_full, full.room, full.missing, full.tone) == (
        *(2, 2, True, 0, 0),
        "bluebell",
    )
    assert (one.people, one.room, one.missing, one.tone) == (1, 1, 1, "hazel")


def test_who_waits_first_is_taken_when_somebody_leaves_and_what_they_leave_goes_on(people, grants, boards):
    ana, ben, caro, dora, eva = people[:5]
    for chooser, topic in ((ana, grants), (ben, grants), (caro, boards), (dora, boards)):
        join(chooser, topic)
    wait(caro, grants)
    wait(eva, boards)
    wait(ana, boards)

    leave(ben, grants)

    assert who_is_in(grants) == [ana.enrollment, caro.enrollment]
    assert who_is_in(boards) == [dora.enrollment, eva.enrollment]
    assert waiting_in(boards) == [ana.enrollment]
    mails = Message.objects.filter(occasion__startswith="topic-place:").order_by("pk")
    assert [(mail.recipient, mail.subject) for mail in mails] == [
        (caro.person, "You have a place in Grants"),
        (eva.person, "You have a place in Boards"),
    ]
    assert "You left Boards for it" in mails[0].text
    assert "You are on no other waitlist now." in mails[1].text


def test_a_place_from_a_waitlist_ends_the_other_waits(grants, boards):
    board = grants.marketplace
    Marketplace.objects.update(waits=2)
    ana, ben, caro, dora, eva = choosers_of(board)[:5]
    for chooser, topic in ((ana, grants), (ben, grants), (caro, boards), (dora, boards)):
        join(chooser, topic)
    wait(eva, grants)
    wait(eva, boards)

    leave(caro, boards)

    assert (own_of(eva).topic_id, own_of(eva).waits) == (boards.pk, {})


def test_nobody_waits_for_more_than_the_board_allows(people, grants, boards):
    ana, ben, caro, dora, eva = people[:5]
    for chooser, topic in ((ana, grants), (ben, grants), (caro, boards), (dora, boards)):
        join(chooser, topic)
    wait(eva, grants)

    with pytest.raises(TooManyWaits):
        wait(eva, boards)


def test_to_wait_for_a_topic_that_has_room_by_now_gives_a_place(people, grants):
    choice = wait(people[0], grants)

    assert (choice.is_waiting, who_is_in(grants)) == (False, [people[0].enrollment])


def test_a_newcomer_does_not_pass_who_waits_for_a_place_that_came_free_unseen(people, grants):
    ana, ben, caro, dora = people[:4]
    join(ana, grants)
    join(ben, grants)
    wait(caro, grants)
    Choice.objects.filter(enrollment=ben.enrollment).delete()  # as when somebody has themself erased

    with pytest.raises(TopicIsFull):
        join(dora, grants)

    assert actions.fill_free_places(grants.marketplace) == 1
    assert who_is_in(grants) == [ana.enrollment, caro.enrollment]
    Choice.objects.filter(enrollment=ana.enrollment).delete()
    wait(dora, grants)
    assert who_is_in(grants) == [caro.enrollment, dora.enrollment]


def test_who_waits_and_finds_a_free_place_joins_it(people, grants):
    ana, ben, caro = people[:3]
    join(ana, grants)
    join(ben, grants)
    wait(caro, grants)
    Choice.objects.filter(enrollment=ben.enrollment).delete()

    choice = join(caro, grants)

    assert (choice.is_waiting, who_is_in(grants)) == (False, [ana.enrollment, caro.enrollment])


def test_a_wait_turns_into_a_place_by_joining_once_there_is_room(people, grants):
    ana, ben, caro = people[:3]
    join(ana, grants)
    join(ben, grants)
    wait(caro, grants)
    actions.close_topic(grants, by=None)
    leave(ben, grants)

    assert who_is_in(grants) == [ana.enrollment]
    actions.reopen_topic(grants, by=None)
    assert who_is_in(grants) == [ana.enrollment, caro.enrollment]


def test_after_the_last_day_nobody_chooses(board, people, grants):
    join(people[0], grants)
    close_the_time(board)

    for act in (join, wait, leave):
        with pytest.raises(MarketplaceIsOver):
            act(people[1], grants)
    with pytest.raises(MarketplaceIsOver):
        actions.put_up(board, name="Late", why="", by=None)
    assert actions.fill_free_places(board) == 0


def test_who_leaves_the_roster_leaves_their_topic_to_the_next(people, grants):
    ana, ben, caro = people[:3]
    join(ana, grants)
    join(ben, grants)
    wait(caro, grants)

    programs.end_enrollment(ana.enrollment, by=make_staff(ana.program))

    assert who_is_in(grants) == [ben.enrollment, caro.enrollment]
    assert tally_of(grants.marketplace).chosen == 2


def test_of_who_has_themself_erased_the_topic_alone_stays(board, people):
    ana, ben, caro = people[:3]
    topic = actions.offer(ana, name="Grants", why="My story.", leads=True, by=ana.person)
    join(ben, topic)
    wait(caro, topic)
    actions.write_criterion(ana, topic=topic, text="Mine", by=ana.person)

    erase(ana.person, by=ana.person)
    actions.fill_free_places(board)

    [card] = cards_of(board)
    assert (card.topic.name, card.topic.why, card.topic.offerer_leads, card.offerer) == (
        *("Grants", "", False, None),
    )
    assert who_is_in(topic) == [ben.enrollment, caro.enrollment]
    assert Criterion.objects.count() == 0


def test_what_is_over_stays_when_somebody_leaves_the_roster(board, people, grants):
    join(people[0], grants)
    close_the_time(board)

    actions.let_go(people[0].enrollment, by=None)

    assert Choice.objects.count() == 1


# Offering, and whom a topic is for


def test_whoever_offers_a_topic_is_the_first_in_it(board, people, grants):
    ana = people[0]
    join(ana, grants)

    topic = actions.offer(ana, name="Food  banks", why="We all run one.", leads=True, by=ana.person)

    assert (topic.name, topic.why, topic.offered_by, topic.offerer_leads) == (
        *("Food banks", "We all run one.", ana.enrollment, True),
    )
    assert (who_is_in(topic), who_is_in(grants)) == ([ana.enrollment], [])
    with pytest.raises(TopicIsThere):
        actions.offer(people[1], name="FOOD banks!", why="", leads=False, by=people[1].person)


def test_where_the_staff_offer_nobody_else_does(people):
    Marketplace.objects.update(offered_by="staff")

    with pytest.raises(StaffOffer):
        actions.offer(people[0], name="Mine", why="", leads=False, by=people[0].person)


def test_who_is_in_a_topic_says_whom_it_is_for(people, grants):
    ana, ben = people[:2]
    join(ana, grants)

    line = actions.write_criterion(ana, topic=grants, text=" People who  write one ", by=ana.person)

    assert actions.write_criterion(ana, topic=grants, text="People who write one", by=ana.person) == line
    assert line.text == "People who write one"
    with pytest.raises(NotInTopic):
        actions.write_criterion(ben, topic=grants, text="Me", by=ben.person)
    actions.take_criterion_back(ben, criterion_id=line.pk, by=ben.person)
    assert Criterion.objects.count() == 1
    actions.take_criterion_back(ana, criterion_id=line.pk, by=ana.person)
    assert Criterion.objects.count() == 0


def test_who_waits_writes_nothing_yet(people, grants):
    for chooser in people[:2]:
        join(chooser, grants)
    wait(people[2], grants)

    with pytest.raises(NotInTopic):
        actions.write_criterion(people[2], topic=grants, text="Me", by=people[2].person)


# The staff


def test_a_topic_goes_into_another_with_its_people_who_are_told_once(board, people):
    Marketplace.objects.update(maximum=3, waits=2)
    grants, boards, writing = offer_topics(board, "Grants", "Boards", "Writing grants")
    ana, ben, caro, dora, eva, finn = people[:6]
    for chooser, topic in ((ana, grants), (ben, grants), (caro, writing), (dora, writing), (eva, boards)):
        join(chooser, topic)
    Choice.objects.create(marketplace=board, topic=writing, enrollment=finn.enrollment, is_waiting=True)
    Choice.objects.create(marketplace=board, topic=grants, enrollment=dora.enrollment, is_waiting=True)
    Choice.objects.create(marketplace=board, topic=writing, enrollment=ana.enrollment, is_waiting=True)
    actions.write_criterion(caro, topic=writing, text="Beginners", by=caro.person)

    into = actions.merge(writing, into=grants, by=None)

    assert into == grants
    assert who_is_in(grants) == [ana.enrollment, ben.enrollment, caro.enrollment]
    assert waiting_in(grants) == [dora.enrollment, finn.enrollment]
    assert [str(line) for line in grants.criteria.all()] == ["Beginners"]
    assert [card.topic.name for card in cards_of(board)] == ["Grants", "Boards"]
    told = Message.objects.filter(occasion=f"topic-changed:{grants.pk}").order_by("pk")
    assert {mail.recipient for mail in told} == {each.person for each in (ana, caro, dora, finn)}
    texts = {mail.recipient: mail.text for mail in told}
    assert "What you chose as “Writing grants” is “Grants” now." in texts[caro.person]
    assert "You have a place in it" in texts[caro.person]
    assert "You are on its waitlist" in texts[finn.person]
    with pytest.raises(TopicIsGone):
        join(eva, writing)
    with pytest.raises(TopicIsGone):
        actions.merge(grants, into=grants, by=None)


def test_who_waited_there_gets_their_place_when_their_own_topic_goes_into_it(board, people):
    Marketplace.objects.update(maximum=3)
    grants, writing = offer_topics(board, "Grants", "Writing grants")
    ana, ben = people[:2]
    join(ana, grants)
    join(ben, writing)
    Choice.objects.create(marketplace=board, topic=grants, enrollment=ben.enrollment, is_waiting=True)

    actions.merge(writing, into=grants, by=None)

    assert (who_is_in(grants), waiting_in(grants)) == ([ana.enrollment, ben.enrollment], [])


def test_another_name_is_told_once_and_a_larger_size_takes_who_waits(people, grants, boards):
    ana, ben, caro = people[:3]
    join(ana, grants)
    join(ben, grants)
    wait(caro, grants)

    actions.change_topic(grants, name="First grants", why="", own_maximum=None, by=None)
    actions.change_topic(grants, name="First grants", why="Money", own_maximum=3, by=None)

    assert who_is_in(grants) == [ana.enrollment, ben.enrollment, caro.enrollment]
    told = Message.objects.filter(occasion=f"topic-changed:{grants.pk}")
    assert sorted(mail.recipient.pk for mail in told) == [each.person.pk for each in people[:3]]
    with pytest.raises(TooManyInside):
        actions.change_topic(grants, name="First grants", why="", own_maximum=2, by=None)
    with pytest.raises(TopicIsThere):
        actions.change_topic(grants, name="boards", why="", own_maximum=None, by=None)


def test_a_closed_topic_keeps_its_people_and_takes_nobody(people, grants):
    join(people[0], grants)

    for _twice in range(2):
        actions.close_topic(grants, by=None)

    for act in (join, wait):
        with pytest.raises(TopicIsClosed):
            act(people[1], grants)
    assert cards_of(grants.marketplace)[0].room == 0
    for _twice in range(2):
        actions.reopen_topic(grants, by=None)
    join(people[1], grants)
    assert who_is_in(grants) == [each.enrollment for each in people[:2]]
    verbs = Entry.objects.filter(subject_kind="offeredtopic").exclude(verb="topic.chosen")
    assert list(verbs.order_by("pk").values_list("verb", flat=True)) == [
        *("topic.offered", "topic.closed", "topic.reopened"),
    ]


def test_terms_change_and_larger_sizes_take_who_waits(board, people, grants):
    for chooser in people[:2]:
        join(chooser, grants)
    wait(people[2], grants)
    same = {"name": board.name, "minimum": 2, "maximum": 2}

    actions.change_marketplace(board, by=None, **same)
    assert Entry.objects.filter(verb="marketplace.changed").count() == 0
    actions.change_marketplace(board, by=None, **{**same, "maximum": 3})

    assert len(who_is_in(grants)) == 3
    with pytest.raises(TooManyInside):
        actions.change_marketplace(board, by=None, **same)
    yesterday = board.today - timedelta(days=1)
    assert actions.change_marketplace(board, by=None, closes_on=yesterday).is_open is False


def test_a_settled_marketplace_changes_no_more(board, people, grants):
    for chooser in people[:2]:
        join(chooser, grants)
    actions.settle(board, fates={}, by=None)

    with pytest.raises(AlreadySettled):
        actions.change_marketplace(board, by=None, name="Other")
    with pytest.raises(MarketplaceIsOver):
        join(people[3], grants)


def test_the_staff_enter_what_came_on_paper(board, people, grants):
    staff = make_staff(board.program)
    for chooser in people[:2]:
        actions.wait(chooser, topic=grants, by=staff, from_paper=True)
    late = actions.wait(people[2], topic=grants, by=staff, from_paper=True)

    assert late.is_waiting
    assert tally_of(board) == type(tally_of(board))(chosen=2, deciding=6, from_paper=2)
    assert list(undecided(board)) == [each.enrollment for each in people[2:]]
    entry = Entry.objects.filter(verb="topic.chosen").first()
    assert (entry.actor, entry.about) in {(staff, each.person) for each in people[:2]}


def test_people_without_an_address_are_moved_without_a_mail(board, grants):
    ana = choosers_of(board)[0]
    paper = Chooser(board, enroll(board.program, "Paper", contact_mode="paper"))
    Marketplace.objects.update(maximum=2, minimum=1)
    other = choosers_of(board)[1]
    join(ana, grants)
    join(other, grants)
    wait(paper, grants)

    leave(ana, grants)

    assert paper.enrollment in who_is_in(grants)
    assert Message.objects.filter(occasion__startswith="topic-place:").count() == 0


def test_only_the_current_program_is_on_a_board(board, grants):
    other = make_marketplace(people=2)
    stranger = choosers_of(other)[0]

    with pytest.raises(TopicIsGone):
        join(stranger, grants)


def test_names_say_what_a_row_is(board, people, grants):
    choice = join(people[0], grants)
    opened = board.opened_at

    assert (str(board), str(grants), str(choice)) == ("Launch", "Grants", "Person 000 · Grants")
    assert opened <= timezone.now()
    assert make_program().marketplaces.count() == 0
    assert OfferedTopic.objects.standing().count() == 1
