"""Real rows for the tests of profiles and of the rooms above."""

from typing import Any

from coppice.profiles import actions
from coppice.profiles.models import Expertise, Need
from coppice.programs.models import Enrollment, Program, Topic


def make_topic(program: Program, name: str = "Grants") -> Topic:
    """The topic of the program with this name, made where there is none."""
    return Topic.objects.get_or_create(program=program, name=name)[0]


def need(enrollment: Enrollment, topic: str = "Grants", text: str = "", **fields: Any) -> Need:
    """What somebody needs, said by themself."""
    about = make_topic(enrollment.program, topic) if topic else None
    return actions.voice_need(enrollment, by=enrollment.person, topic=about, text=text, **fields)


def offer(enrollment: Enrollment, topic: str = "Grants", text: str = "", **fields: Any) -> Expertise:
    """What somebody offers help with, said by themself."""
    about = make_topic(enrollment.program, topic) if topic else None
    return actions.offer_help(enrollment, by=enrollment.person, topic=about, text=text, **fields)
