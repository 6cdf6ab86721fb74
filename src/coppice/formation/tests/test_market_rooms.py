"""A marketplace in a live room: one board for room and web, guests, people asked, topics hidden."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.communities.tests.factories import enroll, make_community, make_program, make_staff
from coppice.formation import actions, market_steps, tasks
from coppice.formation.market_board import Chooser, cards_of
from coppice.formation.market_errors import (
    MarketplaceIsOver,
    NothingAsked,
    TooManyInside,
    TopicIsGone,
    TopicIsThere,
)
from coppice.formation.models import (
    Choice,
    Formation,
    GuestWish,
    Marketplace,
    MarketRoom,
    OfferedTopic,
    Offerer,
)
from coppice.formation.tests.factories import (
    choose,
    choosers_of,
    make_marketplace,
    make_roster,
    offer_topics,
    waiting_in,
    who_is_in,
)
from coppice.history.models import Entry
from coppice.live import links
from coppice.live.actions import claims, moves, people, rooms
from coppice.live.actions.rooms import Plan
from coppice.live.kinds import kind_of
from coppice.live.models import Participant, Room, Step
from coppice.live.tests.factories import fresh, make_participant, make_room, opened
from coppice.notifications.models import Message
from coppice.profiles.tests.factories import make_topic, need, offer

pytestmark = pytest.mark.django_db

OFFERS, CHOOSING = range(2)


def steps(**settings: int) -> list[Plan]:
    sizes = {"minimum": 2, "maximum": 3, "waits": 1, "days": 2, **settings}
    return [
        Plan(kind="market_offers", title="What would you work on?"),
        Plan(kind="market_choice", title="Choose your topic", settings=sizes),
    ]


@pytest.fixture
def program():
    program = make_program()
    make_roster(program, 6)
    program.enrollments.update(language="en")
    return program


@pytest.fixture
def staff(program):
    return make_staff(program)


@pytest.fixture
def room(program, staff) -> Room:
    return make_room(program, title="Launch", by=staff, steps=steps())


@pytest.fixture
def host(client, staff):
    client.force_login(staff)
    return client


@pytest.fixture
def known(program, room) -> list[Participant]:
    """Everybody on the roster, each with a phone."""
    return [
        people.join(room, name=each.name, person=each.person, language="en")
        for each in program.enrollments.select_related("person").order_by("pk")
    ]


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def page(client, participant: Participant) -> str:
    return text(client.get(links.phone_path(participant)))


def own(client, participant: Participant) -> str:
    return text(client.get(links.phone_path(participant) + "own/"))


def act(client, step: Step, who: Participant, name: str, **fields):
    """Do something on a phone, and return the refusal's sentence, "" when there is none."""
    address = f"{links.phone_path(who)}steps/{step.pk}/{name}/"
    answer = client.post(address, {"round": step.round, **fields}, headers={"X-Live": "1"})
    return answer.content.decode()


def host_act(client, step: Step, name: str, **fields):
    answer = client.post(reverse("live:host_act", args=[step.pk, name]), fields, headers={"X-Live": "1"})
    return answer.content.decode()


def board_of(room: Room) -> Marketplace:
    return MarketRoom.objects.get(room=room).marketplace


def names(topic: OfferedTopic) -> list[str]:
    return [each.name for each in who_is_in(topic)]


def test_asked(client, host, room, known):
    step = opened(room, CHOOSING)
    board = board_of(room)
    one, other = offer_topics(board, "Grants", "Boards")
    act(client, step, known[0], "choose", topic=one.pk)
    act(client, step, known[1], "choose", topic=other.pk)
    before = kind_of(step).look(step)["board"].marks
    assert host_act(host, step, "ask", topic=one.pk, into=other.pk) == ""
    assert kind_of(step).look(step)["board"].marks != before
    assert "Go to Boards together?" in own(client, known[0])
