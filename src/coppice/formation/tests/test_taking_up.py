"""Themes that a room's earlier steps name become topics of its board, and one press takes them off again."""

import pytest

from coppice.activities.actions import posters
from coppice.communities.tests.factories import make_community, make_program, make_staff
from coppice.formation import actions
from coppice.formation.agendas import poster_clusters
from coppice.formation.market_errors import MarketplaceIsOver, NoBoard
from coppice.formation.models import Choice, Marketplace, OfferedTopic
from coppice.formation.room_board import market_in
from coppice.formation.taking_up import proposed_for
from coppice.live.actions.rooms import Plan
from coppice.live.announcing import Presence
from coppice.live.kinds import kind_of
from coppice.live.rendering import screens_of
from coppice.live.tests.factories import fresh, make_participant, make_room, opened

pytestmark = pytest.mark.django_db

UP, GATHERING, OFFERS, CHOOSING = range(4)


@pytest.fixture
def program():
    return make_program()


@pytest.fixture
def room(program):
    steps = [each for each in poster_clusters() if each.kind != "talk"]
    return make_room(program, steps=steps, by=make_staff(program))


def named(room, *themes: str) -> None:
    """Let a wall have so many themes, each with a poster of somebody else."""
    up = opened(room, UP)
    numbers = [
        posters.put_up(
            up, participant=make_participant(room, f"P{number}"), round=1, words=f"Words {number}"
        ).pk
        for number, _words in enumerate(themes)
    ]
    gathering = opened(room, GATHERING)
    for number, words in zip(numbers, themes, strict=True):
        posters.gather(gathering, poster_ids=[number], theme_id=0, words=words, by=None)


def topics() -> list[str]:
    return list(OfferedTopic.objects.order_by("pk").values_list("name", flat=True))


def proposed(step) -> list[str]:
    return [each.name for each in proposed_for(step, OfferedTopic.objects.all())]


def on_the_host_s_page(room) -> str:
    return screens_of(room.pk, [("host", "en")], Presence())["host", "en"]


def test_all_themes_go_on_the_board_by_themselves_once_and_nobody_has_a_place(room):
    named(room, "Streets", "Money")

    step = opened(room, OFFERS)

    assert topics() == ["Streets", "Money"]
    assert OfferedTopic.objects.first().why == "From the wall of posters: 1 is about it."
    assert (Choice.objects.count(), OfferedTopic.objects.exclude(offered_by=None).count()) == (0, 0)
    assert "not on the board" not in on_the_host_s_page(room)
    assert actions.take_up(step, by=None) == []


def test_one_press_puts_on_the_board_what_was_named_since(room):
    named(room, "Streets")
    step = opened(room, OFFERS)
    up = fresh(room.steps.all()[UP])
    number = posters.put_up(up, participant=make_participant(room, "Later"), round=1, words="Lights").pk
    posters.gather(
        fresh(room.steps.all()[GATHERING]), poster_ids=[number], theme_id=0, words="Lamps", by=None
    )
    assert "1 theme of the steps before is not on the board" in on_the_host_s_page(room)

    kind_of(step).host_acts["take_up"](step, by=room.created_by, said=None)

    assert topics() == ["Streets", "Lamps"]
    assert "not on the board" not in on_the_host_s_page(room)


def test_one_press_takes_off_again_what_nobody_chose(room):
    named(room, "Streets", "Money")
    step = opened(room, OFFERS)
    marketplace = market_in(room).marketplace
    actions.choose_in_room(marketplace, make_participant(room), topic=OfferedTopic.objects.get(name="Money"))
    assert "1 theme of the steps before is on the board" in on_the_host_s_page(room)

    kind_of(step).host_acts["take_down"](step, by=room.created_by, said=None)

    standing = OfferedTopic.objects.filter(hidden_at=None)
    assert list(standing.values_list("name", flat=True)) == ["Money"]
    assert "1 hidden topic" in on_the_host_s_page(room)
    opened(room, CHOOSING)
    assert standing.count() == 1


def test_what_was_renamed_hidden_or_put_together_is_not_put_up_again(room):
    named(room, "Streets", "Money", "Lights", "Boards")
    step = opened(room, OFFERS)
    streets, money, lights, _boards = OfferedTopic.objects.order_by("pk")

    actions.change_topic(streets, name="Roads", why="", own_maximum=None, by=None)
    actions.hide_topic(money, by=None)
    actions.merge(lights, into=streets, by=None)

    assert (proposed(step), actions.take_up(step, by=None)) == ([], [])


def test_a_theme_of_the_name_of_a_topic_is_not_put_up_and_one_named_later_comes(room):
    named(room, "Streets", "Money")
    prepared = opened(room, GATHERING)
    actions.prepare(prepared)
    actions.put_up(market_in(room).marketplace, name="streets", why="", by=None)

    opened(room, OFFERS)
    assert topics() == ["streets", "Money"]

    gathering = fresh(room.steps.all()[GATHERING])
    number = gathering.room.steps.all()[UP].posters.first().pk
    posters.gather(gathering, poster_ids=[number], theme_id=0, words="Later", by=None)
    opened(room, CHOOSING)
    assert topics() == ["streets", "Money", "Later"]


def test_only_steps_that_went_before_propose_and_each_theme_once(program):
    twice = [each for each in poster_clusters() if each.kind != "talk"]
    twice.insert(2, twice[1])
    room = make_room(program, steps=twice, by=make_staff(program))
    named(room, "Streets")
    opened(room, 2)
    opened(room, 3)
    assert topics() == ["Streets"]
    up = fresh(room.steps.all()[UP])
    assert proposed(up) == []


def test_no_board_and_one_that_is_over_take_nothing_up(program, room):
    alone = make_room(
        program,
        community=make_community(program),
        by=make_staff(program),
        steps=[Plan(kind="market_offers", title="Offer")],
    )
    with pytest.raises(NoBoard):
        actions.take_up(opened(alone), by=None)

    named(room, "Streets")
    step = opened(room, OFFERS)
    OfferedTopic.objects.all().delete()
    Marketplace.objects.update(closes_on="2020-01-01")
    with pytest.raises(MarketplaceIsOver):
        actions.take_up(step, by=None)
    assert "Put them on the board" not in on_the_host_s_page(room)
    opened(room, CHOOSING)
    assert topics() == []
