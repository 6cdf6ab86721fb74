"""The pages of a marketplace: the staff's board, and everybody's own by their link or signed in."""

from datetime import timedelta

import pytest
from django.urls import reverse

from coppice.communities.tests.factories import make_program, make_staff
from coppice.formation import actions
from coppice.formation.market_board import cards_of
from coppice.formation.models import Choice, Criterion, Formation, Marketplace, OfferedTopic
from coppice.formation.tests.factories import (
    choose,
    choosers_of,
    make_marketplace,
    make_roster,
    offer_topics,
    waiting_in,
    who_is_in,
)
from coppice.notifications.models import Message
from coppice.programs.models import Enrollment

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def board():
    board = make_marketplace(people=8, minimum=2, maximum=2)
    Enrollment.objects.update(language="en")
    return board


@pytest.fixture
def manager(client, board):
    client.force_login(make_staff(board.program))
    return client


def own(chooser, change=""):
    return reverse(f"formation:own_market{change}", args=[chooser.token])


def staff(name, thing):
    return reverse(f"formation:{name}", args=[thing.pk])


def sent(response):
    return (response.status_code, response.headers.get("Location"))


# The staff


def test_the_manager_opens_a_marketplace(client):
    program = make_program()
    client.force_login(make_staff(program))
    url = staff("marketplaces", program)
    assert "Nobody is on the roster yet" in text_of(client.get(url))
    make_roster(program, 4)
    terms = {"name": "Launch", "minimum": 3, "maximum": 2, "offered_by": "everybody", "waits": 2}

    wrong = client.post(url, {**terms, "closes_on": "2020-01-01"})
    made = client.post(url, {**terms, "maximum": 6, "closes_on": "2100-01-01"})

    assert wrong.status_code == 422
    assert "Choose today or a later day." in text_of(wrong)
    assert "The largest size is below the smallest one." in text_of(wrong)
    marketplace = Marketplace.objects.get()
    assert sent(made) == (302, staff("marketplace", marketplace))
    assert (marketplace.minimum, marketplace.maximum, marketplace.waits) == (3, 6, 2)
    assert "People choose until" in text_of(client.get(url))


def test_the_board_shows_each_topic_with_its_fill(manager, board):
    people = choosers_of(board)
    grants, boards, ready = offer_topics(board, "Grants", "Boards", "Ready one")
    choose(grants, *people[:2])
    actions.wait(people[2], topic=grants, by=None)
    choose(boards, people[3])
    actions.write_criterion(people[0], topic=grants, text="Beginners", by=None)
    OfferedTopic.objects.filter(pk=ready.pk).update(own_maximum=3)
    choose(ready, people[4], people[5])
    actions.wait(people[6], topic=boards, by=None, from_paper=True)

    page = text_of(manager.get(staff("marketplace", board)))

    assert all(words in page for words in ("2 of 2", "Full. Waitlist 1", "Beginners", "2 of 3", "Ready"))
    assert "<strong>6</strong> have chosen" in page
    assert "<strong>2</strong> still deciding" in page
    assert "<strong>1</strong> written in from paper" in page


def test_terms_are_changed_unless_somebody_would_be_put_out(manager, board):
    [grants] = offer_topics(board, "Grants")
    choose(grants, *choosers_of(board)[:2])
    terms = {"name": "New", "minimum": 1, "maximum": 1, "offered_by": "staff", "waits": 0}
    terms["closes_on"] = board.closes_on.isoformat()

    refused = manager.post(staff("market_terms", board), terms)
    done = manager.post(staff("market_terms", board), {**terms, "maximum": 5})

    assert (refused.status_code, "More people than that" in text_of(refused)) == (422, True)
    assert sent(done) == (302, staff("marketplace", board))
    board.refresh_from_db()
    assert (board.name, board.maximum, board.everybody_offers) == ("New", 5, False)


def test_the_staff_put_a_topic_up_and_see_what_is_like_it(manager, board):
    offer_topics(board, "Keeping volunteers")
    url = staff("market_topics", board)

    near = manager.post(url, {"name": "Keep our volunteers"})
    same = manager.post(url, {"name": "keeping VOLUNTEERS", "is_another": "1"})
    done = manager.post(url, {"name": "Keep our volunteers", "why": "Why", "is_another": "1"})

    assert (near.status_code, "Is it one of these?" in text_of(near)) == (422, True)
    assert (same.status_code, "There is a topic of this name already." in text_of(same)) == (422, True)
    assert sent(done) == (302, staff("marketplace", board))
    assert [card.topic.name for card in cards_of(board)] == ["Keeping volunteers", "Keep our volunteers"]


def test_what_somebody_chose_on_paper_is_entered(manager, board):
    people = choosers_of(board)
    [grants] = offer_topics(board, "Grants")
    url = staff("market_people", board)

    def enter(chooser, topic=grants):
        return manager.post(url, {"person": chooser.enrollment.pk, "topic": topic.pk}, follow=True)

    assert "Person 000 has a place in Grants." in text_of(enter(people[0]))
    assert "Person 000" not in text_of(manager.get(url))
    enter(people[1])
    assert "Grants is full: Person 002 waits" in text_of(enter(people[2]))
    actions.close_topic(grants, by=None)
    assert "This topic takes nobody else." in text_of(enter(people[3]))
    assert "Choose a topic for this person first." in text_of(manager.post(url, {}, follow=True))
    assert "Person 003" in text_of(manager.get(url, {"q": "003"}))
    assert "Nobody called “Zoe” is still deciding." in text_of(manager.get(url, {"q": "Zoe"}))
    assert [choice.from_paper for choice in Choice.objects.all()] == [True, True, True]


def test_when_everybody_has_chosen_nobody_is_deciding(manager, board):
    Enrollment.objects.all().delete()

    assert "Everybody on the roster has a place." in text_of(manager.get(staff("market_people", board)))


def test_a_topic_is_changed_closed_and_opened(manager, board):
    people = choosers_of(board)
    grants, boards = offer_topics(board, "Grants", "Boards")
    choose(grants, *people[:2])
    actions.wait(people[2], topic=grants, by=None)
    actions.write_criterion(people[0], topic=grants, text="Beginners", by=None)
    url = staff("offered_topic", grants)

    shown = text_of(manager.get(url))
    refused = manager.post(url, {"name": "Boards", "why": "", "own_maximum": ""})
    done = manager.post(url, {"name": "Grants", "why": "", "own_maximum": "3"})

    assert all(words in shown for words in ("Person 000", "Person 002", "Waits", "Beginners"))
    assert (refused.status_code, "There is a topic of this name" in text_of(refused)) == (422, True)
    assert (sent(done), len(who_is_in(grants))) == ((302, url), 3)
    assert "nobody else comes in" in text_of(manager.post(staff("topic_closing", grants), follow=True))
    assert "Let people in again" in text_of(manager.get(url))
    assert "Open again." in text_of(manager.post(staff("topic_closing_end", grants), follow=True))
    Marketplace.objects.update(closes_on=board.today - timedelta(days=1))
    for name in ("topic_closing", "topic_closing_end"):
        assert "The time to choose is over." in text_of(manager.post(staff(name, boards), follow=True))


def test_a_topic_goes_into_another_once_its_page_has_said_what_that_does(manager, board):
    people = choosers_of(board)
    grants, boards = offer_topics(board, "Grants", "Boards")
    choose(grants, people[0])
    choose(boards, *people[1:3])
    url = staff("topic_merger", boards)

    shown = text_of(manager.get(url))
    unsaid = manager.post(url, {}, follow=True)
    done = manager.post(url, {"into": grants.pk})

    assert "Has 1 of 2. 1 of its people finds a place. 1 waits for one." in shown
    assert "Choose the topic that it becomes part of." in text_of(unsaid)
    assert sent(done) == (302, staff("offered_topic", grants))
    assert (len(who_is_in(grants)), len(waiting_in(grants))) == (2, 1)
    assert manager.get(url).status_code == 404
    assert "There is no other topic on the board." in text_of(manager.get(staff("topic_merger", grants)))


def test_after_the_end_topics_are_not_merged_by_hand(manager, board):
    grants, boards = offer_topics(board, "Grants", "Boards")
    Marketplace.objects.update(closes_on=board.today - timedelta(days=1))

    refused = manager.post(staff("topic_merger", grants), {"into": boards.pk}, follow=True)

    assert "The time to choose is over." in text_of(refused)


def test_what_comes_of_it_is_looked_at_before_it_is_done(manager, board):
    people = choosers_of(board)
    Marketplace.objects.update(maximum=3)
    grants, boards, _empty = offer_topics(board, "Grants", "Boards", "Empty")
    choose(grants, *people[:2])
    choose(boards, people[2])
    url = staff("market_settlement", board)
    fate = f"topic-{boards.pk}"

    dropped = text_of(manager.get(url))
    gone_into = text_of(manager.get(url, {fate: str(grants.pk)}))
    nonsense = manager.get(url, {fate: "nonsense"})
    done = manager.post(url, {fate: str(grants.pk)})

    assert "2 of 8 people have a place. 6 people have none. 1 place stays free." in dropped
    assert "The proposal lists who has none" in dropped
    assert "Dropped: its one person gets a place later." in dropped
    assert "Its people go to Grants, which has 3 of 3 then" in dropped
    assert "3 of 8 people have a place." in gone_into
    assert "“Boards” goes into it." in gone_into
    assert (nonsense.status_code, "have a place." in text_of(nonsense)) == (200, False)
    formation = Formation.objects.get()
    assert sent(done) == (302, formation.get_absolute_url())
    assert sent(manager.get(url)) == (302, formation.get_absolute_url())
    assert "Go on with the round" in text_of(manager.get(staff("marketplace", board)))
    assert "5 people on the roster have no place yet." in text_of(manager.get(formation.get_absolute_url()))
    late = text_of(manager.get(reverse("formation:late", args=[formation.pk])))
    assert "People without a place" in late
    assert "They chose nothing, came later, or their topic was dropped." in late
    assert manager.get(reverse("formation:settings", args=[formation.pk])).status_code == 200
    for page in ("publication", "late", "explanation"):
        assert manager.get(reverse(f"formation:{page}", args=[formation.pk])).status_code == 200


def test_nothing_comes_of_a_board_that_nobody_chose_from(manager, board):
    url = staff("market_settlement", board)

    assert "No topic would stay" in text_of(manager.get(url))
    assert (manager.post(url).status_code, Formation.objects.count()) == (422, 0)


def test_two_who_settle_at_once_make_one_round(manager, board, monkeypatch):
    [grants] = offer_topics(board, "Grants")
    choose(grants, *choosers_of(board)[:2])
    settle = actions.settle

    def settle_twice(*given, **terms):
        settle(*given, **terms)
        return settle(*given, **terms)

    monkeypatch.setattr(actions, "settle", settle_twice)

    refused = manager.post(staff("market_settlement", board))

    assert (refused.status_code, "A round was made of this marketplace" in text_of(refused)) == (422, True)
    assert Formation.objects.count() == 1


# Everybody's own page


def test_by_their_link_somebody_joins_moves_waits_and_leaves(client, board):
    ana, ben, caro = choosers_of(board)[:3]
    grants, boards = offer_topics(board, "Grants", "Boards")
    choose(grants, ben, caro)

    def post(change, topic):
        return text_of(client.post(own(ana, change), {"topic": topic.pk}, follow=True))

    assert "The last place there was just taken." in post("_choice", grants)
    assert "You are in Boards." in post("_choice", boards)
    assert "You wait for Grants." in post("_wait", grants)
    page = text_of(client.get(own(ana)))
    assert "You wait, number 1" in page
    assert "Leave the waitlist" in page
    assert "You have left Grants." in post("_departure", grants)
    actions.leave(ben, topic=grants, by=None)
    assert "A place was free: you are in Grants." in post("_wait", grants)
    assert "This topic is no longer on the board." in text_of(
        client.post(own(ana, "_choice"), {"topic": "0"}, follow=True)
    )
    assert who_is_in(grants) == [caro.enrollment, ana.enrollment]


def test_names_are_read_by_who_is_in_the_same_topic_alone(client, board):
    ana, ben, caro = choosers_of(board)[:3]
    topic = actions.offer(ana, name="Grants", why="", leads=True, by=None)
    choose(topic, ben)

    inside, outside = text_of(client.get(own(ana))), text_of(client.get(own(caro)))

    assert "With you: Person 001" in inside
    assert "Person 001" not in outside
    assert "Offered by Person 000, who would lead it" in outside
    assert "2 of 2" in outside


def test_who_offers_sees_what_is_like_it_first(client, board):
    ana, ben = choosers_of(board)[:2]
    offer_topics(board, "Keeping volunteers")
    url = own(ana, "_offer")

    assert client.get(url).status_code == 200
    near = client.post(url, {"name": "Keep our volunteers"})
    same = client.post(url, {"name": "Keeping volunteers", "is_another": "1"})
    done = client.post(url, {"name": "Keep our volunteers", "leads": "on", "is_another": "1"})

    assert (near.status_code, "Mine is another one" in text_of(near)) == (422, True)
    assert (same.status_code, "There is a topic of this name" in text_of(same)) == (422, True)
    assert sent(done) == (302, own(ana))
    topic = OfferedTopic.objects.get(name="Keep our volunteers")
    assert (topic.offered_by, topic.offerer_leads, who_is_in(topic)) == (
        *(ana.enrollment, True, [ana.enrollment]),
    )
    Marketplace.objects.update(offered_by="staff")
    assert "the program's staff put the topics up" in text_of(client.get(own(ben, "_offer")))
    assert "Offer a topic of your own" not in text_of(client.get(own(ben)))


def test_who_is_in_a_topic_writes_whom_it_is_for_and_takes_it_back(client, board):
    ana, ben = choosers_of(board)[:2]
    [grants] = offer_topics(board, "Grants")
    choose(grants, ana)

    empty = client.post(own(ana, "_criterion"), {"topic": grants.pk, "text": ""})
    client.post(own(ana, "_criterion"), {"topic": grants.pk, "text": "People who begin"})

    assert (empty.status_code, "Write one line" in text_of(empty)) == (422, True)
    assert "People who begin" in text_of(client.get(own(ben)))
    refused = client.post(own(ben, "_criterion"), {"topic": grants.pk, "text": "Me"}, follow=True)
    assert "Who is in a topic writes whom it is for." in text_of(refused)
    assert "Take “People who begin” back" in text_of(client.get(own(ana)))
    line = Criterion.objects.get()
    client.post(own(ana, "_criterion_end"), {"criterion": line.pk})
    assert Criterion.objects.count() == 0


def test_who_cannot_decide_gets_three_with_why(client, board):
    ana = choosers_of(board)[0]
    offer_topics(board, "Grants", "Boards", "Food", "Buses")
    Enrollment.objects.update(attributes={"First choice": "Buses"})

    page = text_of(client.get(own(ana, "_hints")))

    assert "It is your first wish." in page
    assert page.count("It needs 2 more people to start.") == 3
    assert "Food" not in page
    OfferedTopic.objects.all().delete()
    assert "Nothing stands out for you" in text_of(client.get(own(ana, "_hints")))


def test_after_the_end_the_page_says_what_was_chosen(client, board):
    ana, ben = choosers_of(board)[:2]
    [grants] = offer_topics(board, "Grants")
    choose(grants, ana)
    line = actions.write_criterion(ana, topic=grants, text="Beginners", by=None)
    Marketplace.objects.update(closes_on=board.today - timedelta(days=1))

    assert "You chose Grants." in text_of(client.get(own(ana)))
    assert "You have no place yet." in text_of(client.get(own(ben)))
    assert "The time to choose is over." in text_of(client.get(own(ben, "_offer")))
    assert "The time to choose is over." in text_of(client.get(own(ben, "_hints")))
    client.post(own(ana, "_criterion_end"), {"criterion": line.pk})
    assert Criterion.objects.count() == 1


def test_the_page_speaks_the_language_of_its_person(client, board):
    ana = choosers_of(board)[0]
    ana.person.language = "es"
    ana.person.save()

    response = client.get(own(ana))
    client.force_login(ana.person)
    signed_in = client.get(own(ana))

    assert (response.headers["Content-Language"], signed_in.status_code) == ("es", 200)


def test_a_link_of_somebody_who_left_the_roster_leads_nowhere(client, board):
    ana = choosers_of(board)[0]
    Enrollment.objects.filter(pk=ana.enrollment.pk).update(ended_at=board.opened_at)

    assert client.get(own(ana)).status_code == 404
    Marketplace.objects.all().delete()
    assert client.get(own(choosers_of(board)[0])).status_code == 404


def test_signed_in_somebody_finds_the_board_on_their_home_page(client, board):
    ana = choosers_of(board)[1]
    [grants] = offer_topics(board, "Grants")
    client.force_login(ana.person)
    url = reverse("formation:member_market", args=[board.pk])

    assert url in text_of(client.get("/"))
    assert "Nothing here yet" not in text_of(client.get("/"))
    assert "Grants" in text_of(client.get(url))
    client.post(f"{url}choice/", {"topic": grants.pk})
    assert who_is_in(grants) == [ana.enrollment]
    Marketplace.objects.update(closes_on=board.today - timedelta(days=1))
    assert url not in text_of(client.get("/"))


def test_an_empty_board_invites_to_begin(client, board):
    ana = choosers_of(board)[0]

    assert "Be the first" in text_of(client.get(own(ana)))
    Marketplace.objects.update(offered_by="staff")
    assert "Come back soon." in text_of(client.get(own(ana)))
    assert Message.objects.count() == 0
