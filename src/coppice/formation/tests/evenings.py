"""What tests of boards in live rooms share: people of a roster in a room, their phones, the host's screen."""

import re

from django.urls import reverse

from coppice.communities.tests.factories import make_program
from coppice.formation.models import Marketplace, MarketRoom
from coppice.formation.tests.factories import make_roster
from coppice.live import links
from coppice.live.actions import people
from coppice.live.models import Participant, Room, Step
from coppice.programs.models import Program


def make_program_of(count: int) -> Program:
    """A program with so many people, who read English."""
    program = make_program()
    make_roster(program, count)
    program.enrollments.update(language="en")
    return program


def everybody_in(room: Room) -> list[Participant]:
    """Everybody on the roster comes into a room, each with a phone."""
    return [
        people.join(room, name=each.name, person=each.person, language="en")
        for each in room.program.enrollments.select_related("person").order_by("pk")
    ]


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def page(client, participant: Participant) -> str:
    return text(client.get(links.phone_path(participant)))


def own(client, participant: Participant) -> str:
    return text(client.get(links.phone_path(participant) + "own/"))


def act(client, step: Step, who: Participant, act: str, **fields):
    """Do something on a phone, and return the refusal's sentence, "" when there is none."""
    address = f"{links.phone_path(who)}steps/{step.pk}/{act}/"
    answer = client.post(address, {"round": step.round, **fields}, headers={"X-Live": "1"})
    return answer.content.decode()


def host_act(client, step: Step, name: str, **fields):
    """Do something on a host's screen, and return the refusal's sentence, "" when there is none."""
    answer = client.post(reverse("live:host_act", args=[step.pk, name]), fields, headers={"X-Live": "1"})
    return answer.content.decode() if answer.status_code >= 400 else ""


def board_of(room: Room) -> Marketplace:
    return MarketRoom.objects.get(room=room).marketplace
