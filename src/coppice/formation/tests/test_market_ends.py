"""What comes of a marketplace: thin topics kept, dropped or gone into others, a round, communities."""

from datetime import timedelta

import pytest
from django.utils import timezone

from coppice.communities.models import Membership
from coppice.formation import actions, tasks
from coppice.formation.frames import Frame
from coppice.formation.late import late_people
from coppice.formation.market_board import cards_of, nearest_with_room
from coppice.formation.market_errors import AlreadySettled, DoesNotHold, NobodyChose
from coppice.formation.market_hints import hints_for
from coppice.formation.market_outlook import outlook_of, targets_for, thin_cards
from coppice.formation.models import Formation, Marketplace, OfferedTopic
from coppice.formation.tests.factories import choose, choosers_of, make_marketplace, offer_topics
from coppice.programs.likeness import is_about, likeness, nearest
from coppice.programs.models import Enrollment

pytestmark = pytest.mark.django_db


@pytest.fixture
def board():
    """Three to five people a topic; Grants has three, Boards two, Food one; three have not chosen."""
    board = make_marketplace(people=9, minimum=3, maximum=5)
    people = choosers_of(board)
    grants = actions.offer(people[0], name="Grants", why="Money.", leads=True, by=people[0].person)
    boards, food = offer_topics(board, "Boards", "Food")
    offer_topics(board, "Nobody's")
    choose(grants, people[1], people[2])
    choose(boards, people[3], people[4])
    choose(food, people[5])
    return board


def topic(board, name):
    return OfferedTopic.objects.get(marketplace=board, name=name)


def outlook(board, **fates):
    return outlook_of(board, cards_of(board), {topic(board, name).pk: fate for name, fate in fates.items()})


def shape(outlook):
    return {group.card.topic.name: len(group.people) for group in outlook.groups}


def test_topics_with_too_few_are_dropped_unless_something_else_is_said(board):
    found = outlook(board)

    assert shape(found) == {"Grants": 3}
    assert [card.topic.name for card in found.dropped] == ["Boards", "Food", "Nobody's"]
    assert (found.people, found.placed, found.unplaced, found.room) == (9, 3, 6, 2)
    assert found.groups[0].leader == choosers_of(board)[0].enrollment


def test_a_thin_topic_stays_or_goes_into_another(board):
    into_grants = str(topic(board, "Grants").pk)

    found = outlook(board, Boards=into_grants, Food="keep")

    assert shape(found) == {"Grants": 5, "Food": 1}
    assert [each.name for each in found.groups[0].joined_by] == ["Boards"]
    assert [card.topic.name for card in thin_cards(cards_of(board))] == ["Boards", "Food"]
    boards = next(card for card in cards_of(board) if card.topic.name == "Boards")
    assert [card.topic.name for card in targets_for(boards, cards_of(board))] == [
        "Grants",
        "Food",
        "Nobody's",
    ]


def test_a_topic_that_does_not_stay_or_has_no_room_takes_nobody(board):
    grants, food = str(topic(board, "Grants").pk), str(topic(board, "Food").pk)

    with pytest.raises(DoesNotHold):
        outlook(board, Boards=food)
    with pytest.raises(DoesNotHold):
        outlook(board, Boards=grants, Food=grants)
    OfferedTopic.objects.filter(name="Grants").delete()
    with pytest.raises(NobodyChose):
        outlook(board)


def test_a_settled_marketplace_is_a_round_in_which_everybody_is_where_they_chose(board):
    ana, ben, _caro, dora = choosers_of(board)[:4]
    grants, boards = topic(board, "Grants"), topic(board, "Boards")
    for chooser, here, text in ((ben, grants, "Beginners"), (dora, boards, "People with a board")):
        actions.write_criterion(chooser, topic=here, text=text, by=chooser.person)
    actions.offer(ana, name="Elsewhere", why="", leads=True, by=ana.person)  # so nobody leads Grants
    choose(grants, ana)

    formation = actions.settle(board, fates={boards.pk: str(grants.pk)}, by=None)

    [column] = formation.proposed_communities.all()
    assert (formation.name, formation.reason, formation.state) == ("Launch", "own_choice", "proposed")
    assert (column.name, column.topic.name, column.minimum, column.maximum) == ("Grants", "Grants", 3, 5)
    assert column.purpose == "Money.\n\nWho is this for:\n- Beginners\n- People with a board"
    places = list(formation.places.order_by("pk"))
    assert [place.enrollment for place in places if place.is_leader] == [ana.enrollment]
    assert {place.is_locked for place in places} == {True}
    assert {tuple(place.reasons) for place in places} == {()}
    assert late_people(formation).count() == 4
    board.refresh_from_db()
    assert (board.formation, board.is_open, board.is_settled) == (formation, False, True)
    with pytest.raises(AlreadySettled):
        actions.settle(board, fates={}, by=None)


def test_when_its_round_is_removed_a_marketplace_can_be_settled_again(board):
    actions.remove(actions.settle(board, fates={}, by=None), by=None)

    assert actions.settle(Marketplace.objects.get(), fates={}, by=None).proposals.count() == 1


def test_published_it_is_communities_with_their_people_and_leader(board):
    formation = actions.settle(board, fates={}, by=None)
    today = timezone.localdate(timezone=board.program.zone)
    actions.ask_to_publish(
        formation, frame=Frame(starts_on=today, ends_on=today + timedelta(days=90), purpose="Ours"), by=None
    )
    tasks.publish.call(formation_id=formation.pk)

    [community] = board.program.communities.all()
    assert (community.name, community.purpose) == ("Grants", "Money.")
    members = Membership.objects.filter(community=community).order_by("pk")
    assert [each.role for each in members] == ["leader", "member", "member"]
    assert members[1].reasons[0] == {"code": "has_wish", "parameters": {"topic": "Grants", "rank": 1}}
    late = late_people(Formation.objects.get(pk=formation.pk))[0]
    assert actions.place_late(formation, places={late.pk: community.pk}, by=None) == 1


def test_a_round_of_a_marketplace_is_worked_out_again_with_everybody_where_they_chose(board):
    Marketplace.objects.update(minimum=2)
    formation = actions.settle(Marketplace.objects.get(), fates={}, by=None)
    chose = dict(formation.places.values_list("enrollment", "proposed_community__name"))

    actions.propose_again(formation, by=None)
    tasks.propose.call(formation_id=formation.pk)

    formation.refresh_from_db()
    now = dict(formation.places.values_list("enrollment", "proposed_community__name"))
    assert {person: now[person] for person in chose} == chose
    assert len(now) == 9


# Likeness and hints


@pytest.mark.parametrize(
    ("one", "other", "is_alike"),
    [
        ("Keeping volunteers", "How to keep our volunteers", True),
        ("Writing a first grant", "Write grants", True),
        ("Niños y jóvenes", "ninos, jovenes", True),
        ("Colour", "color", True),
        ("Food banks", "Bus stops", False),
        ("The", "Boards", False),
    ],
)
def test_topics_are_alike_by_the_words_that_they_share(one, other, is_alike):
    assert (likeness(one, other) >= 0.55) == is_alike
    assert likeness(one, one) == 1.0
    assert likeness(one, other) == likeness(other, one)


def test_a_short_answer_is_about_a_topic_that_holds_all_its_words():
    assert is_about("Bus stops", "Bus stops that feel safe at night")
    assert not is_about("Bus stops", "Bus drivers who stay for years")
    assert not is_about("the", "Boards")


def test_the_nearest_come_first_and_those_too_far_not_at_all():
    things = [(name, name) for name in ("Food", "Food banks", "Food banks in town", "Boards")]

    assert nearest("Food banks", things) == ["Food banks", "Food banks in town", "Food"]
    assert nearest("Food banks", things, most=1) == ["Food banks"]


def test_topics_with_a_free_place_are_near_by_words_then_by_what_they_need(board):
    [grants, boards, food, nobody] = cards_of(board)

    assert nearest_with_room(food, [grants, boards, food, nobody]) == [grants, boards, nobody]


def test_hints_come_from_what_somebody_told_and_from_what_needs_people(board):
    people = choosers_of(board)
    for enrollment in Enrollment.objects.all():
        enrollment.attributes = {
            "First choice": "Stage",
            "Second choice": "Boards",
            "What do you want help with?": "Grants",
            "What can you help with?": "Food",
        }
        enrollment.save()

    found = hints_for(choosers_of(board)[6], cards_of(board))

    assert [(hint.card.topic.name, hint.why) for hint in found] == [
        ("Boards", ("You wished for it.", "It needs one more person to start.")),
        ("Grants", ("You want help with Grants.",)),
        ("Food", ("You can help with Food.", "It needs 2 more people to start.")),
    ]
    Enrollment.objects.update(attributes={})
    assert [hint.card.topic.name for hint in hints_for(people[6], cards_of(board))] == [
        *("Boards", "Food", "Nobody's"),
    ]


def test_a_first_wish_counts_most_and_full_topics_are_not_hinted_at(board):
    Enrollment.objects.update(attributes={"First choice": "Food", "Second choice": "Boards"})
    OfferedTopic.objects.filter(name="Boards").update(own_maximum=2)

    found = hints_for(choosers_of(board)[6], cards_of(board))

    assert [hint.card.topic.name for hint in found] == ["Food", "Nobody's"]
    assert found[0].why == ("It is your first wish.", "It needs 2 more people to start.")
