"""Real rows for the tests of surveys and of the rooms above."""

import json
from datetime import timedelta
from typing import Any

from django.utils import timezone

from coppice.accounts.models import Person
from coppice.programs.models import Affiliation, Enrollment, Organization, Program
from coppice.programs.tests import factories
from coppice.surveys import actions
from coppice.surveys.models import Instrument, Participant, Wave
from coppice.surveys.reading import read_instrument

EVERY_KIND: dict[str, Any] = {
    "format": "coppice-instrument/1",
    "language": "en",
    "title": {"en": "One of each", "es": "Una de cada"},
    "introduction": "Nine questions.",
    "groups": [
        {
            "title": "You",
            "questions": [
                {
                    "key": "role",
                    "kind": "choice",
                    "text": {"en": "What do you do?", "es": "¿Qué haces?"},
                    "required": True,
                    "choices": [{"key": "people", "text": "People"}, {"key": "office", "text": "Office"}],
                },
                {
                    "key": "reached",
                    "kind": "several",
                    "text": "How are you reached?",
                    "choices": [{"key": "phone", "text": "Phone"}, {"key": "web", "text": "Web"}],
                },
                {"key": "years", "kind": "number", "text": "Years?", "lowest": 0, "highest": 70},
            ],
        },
        {
            "title": "Your office",
            "shown_if": {"question": "role", "any_of": ["office"]},
            "questions": [
                {"key": "opened", "kind": "date", "text": "When did it open?"},
                {
                    "key": "web_words",
                    "kind": "text",
                    "text": "Where on the web?",
                    "shown_if": {"question": "reached", "any_of": ["web"]},
                },
            ],
        },
        {
            "title": "How it goes",
            "text": "Almost done.",
            "questions": [
                {
                    "key": "load",
                    "kind": "scale",
                    "text": "How heavy?",
                    "lowest": 1,
                    "highest": 5,
                    "lowest_text": "light",
                    "highest_text": "heavy",
                },
                {
                    "key": "skills",
                    "kind": "grid",
                    "text": "How sure?",
                    "help": "1 is not at all.",
                    "required": True,
                    "rows": [{"key": "listen", "text": "Listening"}, {"key": "write", "text": "Writing"}],
                    "lowest": 1,
                    "highest": 5,
                },
                {
                    "key": "order",
                    "kind": "ranking",
                    "text": "What helps?",
                    "choices": [{"key": "peers", "text": "Peers"}, {"key": "books", "text": "Books"}],
                },
                {"key": "friend", "kind": "zero_to_ten", "text": "Recommend?"},
                {"key": "words", "kind": "text", "text": "What else?"},
            ],
        },
    ],
}


def make_program(people: int = 6, **fields: Any) -> Program:
    """A program with so many people on its roster, all of one organization, and an administrator."""
    administrator = factories.person("Maria Velasco")
    program = factories.program(factories.provider(administrator=administrator), **fields)
    organization = Organization.objects.create(program=program, name="Oak House")
    for number in range(people):
        enroll(program, f"Person {number}", organization=organization)
    return program


def administrator_of(program: Program) -> Person:
    return program.provider.staff.get().person


def enroll(
    program: Program, name: str, *, organization: Organization | None = None, **fields: Any
) -> Enrollment:
    """Somebody on the roster with an address."""
    person = factories.person(name)
    made = Enrollment.objects.create(
        program=program, person=person, name=name, **{"email": person.email or "", **fields}
    )
    if organization is not None:
        Affiliation.objects.create(enrollment=made, organization=organization)
    return made


def make_instrument(program: Program, *, by: Person | None = None) -> Instrument:
    """An instrument with one question of each kind."""
    read = read_instrument(json.dumps(EVERY_KIND))
    return actions.keep_instrument(program, document=read, by=by or administrator_of(program))


def open_wave(
    program: Program | None = None, *, anonymity: str = Wave.Anonymity.COUNTED, instrument: Any = None
) -> Wave:
    """A wave that everybody was asked in, for two weeks from now."""
    program = program or make_program()
    wave = actions.open_wave(
        instrument or make_instrument(program),
        name="Spring",
        closes_on=timezone.localdate(timezone=program.zone) + timedelta(days=14),
        anonymity=anonymity,
        by=administrator_of(program),
    )
    while actions.write_waiting(wave):
        pass
    return wave


WHOLE: dict[str, Any] = {"role": "people", "skills": {"listen": 4, "write": 2}}
"""Answers to everything that must be answered."""


def answer(participant: Participant, **answers: Any) -> None:
    """Somebody answers all at once, and sends it."""
    given = WHOLE | answers
    questions = list(participant.wave.instrument.document.questions)
    actions.save_answers(participant, questions=questions, answers=given)
    actions.send(participant)


def end(wave: Wave) -> Wave:
    """The time to answer is over."""
    return actions.close(wave, by=administrator_of(wave.program))
