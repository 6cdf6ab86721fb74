"""The home page of somebody who takes part: what they asked for, their place, what goes on now."""

import re

import pytest
from django.urls import reverse

from coppice.communities.tests.factories import make_program
from coppice.conversations.actions import decisions
from coppice.conversations.actions.decisions import Said
from coppice.conversations.tests.factories import begin, make_circle, open_decision
from coppice.formation import actions as formation
from coppice.formation.tests.factories import (
    ask,
    choose,
    choosers_of,
    founded,
    make_marketplace,
    make_published,
    make_roster,
    members,
    offer_topics,
)
from coppice.live.tests.factories import make_room, opened

pytestmark = pytest.mark.django_db
HOME = reverse("home:home")


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_who_asked_to_change_and_where_a_room_goes_on_stands_on_the_home_page(client):
    program = make_program()
    make_roster(program, 24)
    first, second, *_rest = founded(make_published(program))
    mine, other = members(first)[:2]
    client.force_login(mine.person)
    assert "Going on for you" not in text(client.get(HOME))
    wish, _other = ask(mine, wanted=second), ask(other)
    room = make_room(program, community=first, title="Tuesday")
    assert "is going on now" not in text(client.get(HOME))
    make_room(program, community=second, title="Elsewhere")
    opened(make_room(program, community=first, title="Tuesday"))

    page = client.get(HOME)

    assert f"You asked to change from {first} to {second}. It waits." in text(page)
    assert reverse("formation:member_swap", args=[mine.pk]) in page.content.decode()
    assert "The live room “Tuesday” is going on now." in text(page)
    assert "Elsewhere" not in text(page)
    assert room.code not in page.content.decode()
    client.force_login(other.person)
    assert f"You asked to change from {first} to another one. It waits." in text(client.get(HOME))
    client.force_login(mine.person)
    formation.take_back(wish, by=mine.person)
    assert "You asked to change" not in text(client.get(HOME))


def test_where_somebody_has_a_place_on_a_marketplace_stands_beside_it(client):
    board = make_marketplace()
    ana, ben = choosers_of(board)[:2]
    choose(offer_topics(board, "Grants")[0], ana)

    client.force_login(ana.person)
    assert "You are in Grants" in text(client.get(HOME))
    client.force_login(ben.person)
    assert "You have no place yet." in text(client.get(HOME))


def test_a_decision_waits_on_home_and_on_now_until_it_is_answered(client):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    decision = open_decision(begin(ana), "A second phone?")
    client.force_login(ben.person)
    pages = ["/", ana.community.get_absolute_url()]
    asked = ["“A second phone?” waits for your answer.", "1 decision waits for your answer."]

    before = [words in client.get(page).text for words, page in zip(asked, pages, strict=True)]
    said = Said({decision.options.all()[0].pk: 1})
    decisions.answer(decision, membership=ben, said=said, by=ben.person)

    assert before == [True, True]
    assert [words in client.get(page).text for words, page in zip(asked, pages, strict=True)] == [False] * 2
    client.force_login(ana.person)
    decisions.decide(decision, outcome="No.", by=ana.person)
    assert asked[0] not in client.get("/").text
