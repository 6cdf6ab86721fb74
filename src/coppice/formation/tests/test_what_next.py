"""The page of results tells hosts where they go on, and nobody else."""

import re

import pytest
from django.urls import reverse

from coppice.activities.actions import market as notes
from coppice.activities.tests.factories import market
from coppice.communities.tests.factories import add_member, enroll, make_community, make_program, make_staff
from coppice.formation import actions
from coppice.formation.agendas import topic_marketplace
from coppice.formation.room_board import market_in
from coppice.live.actions import rooms
from coppice.live.models import Room
from coppice.live.tests.factories import make_participant, make_room, opened

pytestmark = pytest.mark.django_db


def what_next(client, room: Room) -> list[str]:
    """The addresses under "What you can do next"."""
    page = client.get(reverse("live:results", args=[room.pk])).content.decode()
    found = re.search(r'aria-labelledby="next-heading">(.*?)</section>', page, re.DOTALL)
    return re.findall(r'href="([^"]+)"', found[1]) if found else []


def held_market(room: Room) -> None:
    """Somebody needs something on the market of a room, which then ends."""
    step = opened(room)
    someone = make_participant(room, "Rosa", person=enroll(room.program, "Rosa Medina").person)
    notes.write(step, participant=someone, round=1, kind="need", words="A van", topic_id=0, how="")
    rooms.end(room, by=room.created_by)


def test_staff_go_on_to_communities_and_once_there_is_a_round_to_that(client):
    program = make_program()
    staff = make_staff(program)
    room = make_room(program, steps=topic_marketplace(), by=staff)
    opened(room, 1)
    board = market_in(room).marketplace
    actions.put_up(board, name="Grants", why="", by=None)
    opened(room, 2)
    client.force_login(staff)
    while_it_goes_on = what_next(client, room)
    rooms.end(room, by=staff)

    assert (while_it_goes_on, what_next(client, room)) == (
        [],
        [reverse("formation:market_settlement", args=[board.pk])],
    )


def test_what_was_said_on_a_market_leads_staff_to_needs_and_introductions(client):
    program = make_program()
    room = make_room(program, steps=market())
    held_market(room)
    client.force_login(make_staff(program))

    assert what_next(client, room) == [
        reverse("profiles:board", args=[program.pk]),
        reverse("profiles:introductions", args=[program.pk]),
    ]


def test_a_communitys_leader_is_led_to_its_own_pages_and_a_member_nowhere(client):
    community = make_community()
    leader, member = add_member(community, role="leader").person, add_member(community).person
    room = make_room(community.program, community=community, steps=market())
    held_market(room)

    client.force_login(leader)
    led = what_next(client, room)
    client.force_login(member)

    assert (led, what_next(client, room)) == ([reverse("communities:needs", args=[community.pk])], [])
    client.force_login(leader)
    assert client.get(led[0]).status_code == 200
