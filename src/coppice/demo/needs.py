"""What people of the program said they need: a round that is over, and one that goes on."""

from datetime import datetime, timedelta

from django.utils import timezone

from coppice.accounts.models import Person
from coppice.notifications.models import Message
from coppice.profiles import actions
from coppice.profiles.models import NeedsAssessment
from coppice.profiles.questions import CONFIDENCE, HIGHEST, IMPORTANCE, LOWEST
from coppice.programs.models import Program
from coppice.surveys import actions as surveys
from coppice.surveys.models import Instrument, Participant, Response, Wave

# How important each topic is to people of this program, and how confident they are in it, from 1 to 5.
MEANS = {
    "Volunteers": (4.4, 3.6),
    "Grants": (4.6, 2.1),
    "Transport": (3.9, 2.5),
    "Boards": (3.1, 3.3),
    "Young people": (4.1, 2.9),
    "Data": (3.5, 1.9),
}
ROUND = timedelta(days=14)


def tell(program: Program, *, by: Person, held: datetime, now_open: datetime) -> None:
    """Hold one round that began at `held`, answered by all but every ninth; begin another at `now_open`.

    In the second a third has answered so far.
    """
    first = _round(program, name="What people need, at the start", by=by)
    for place, participant in enumerate(_people(first)):
        if place % 9 != 4:
            _answer(participant, place=place)
    surveys.close(first.wave, by=by)
    _move(first.wave, began=held)
    Message.objects.filter(occasion=f"survey-asked:{first.wave_id}").delete()
    second = _round(program, name="What people need now", by=by)
    for place, participant in enumerate(_people(second)):
        if place % 3 == 0:
            _answer(participant, place=place + 2)
            recipient = participant.enrollment.person_id
            Message.objects.filter(occasion=f"survey-asked:{second.wave_id}", recipient=recipient).delete()
    _move(second.wave, began=now_open)


def _round(program: Program, *, name: str, by: Person) -> NeedsAssessment:
    closes_on = timezone.localdate(timezone=program.zone) + ROUND
    assessment = actions.begin_assessment(program, name=name, closes_on=closes_on, by=by)
    while surveys.write_waiting(assessment.wave):
        pass
    return assessment


def _people(assessment: NeedsAssessment) -> list[Participant]:
    people = assessment.wave.participants.select_related(
        "wave__program", "wave__instrument", "enrollment__person"
    )
    return list(people.order_by("pk"))


def _answer(participant: Participant, *, place: int) -> None:
    """Somebody answers; what they say lies around the means, and some leave out a topic."""
    questions = list(participant.wave.instrument.document.questions)
    rows = questions[0].choices
    names = [row.text[participant.wave.program.language] for row in rows]
    answers: dict[str, dict[str, int]] = {IMPORTANCE: {}, CONFIDENCE: {}}
    for turn, (row, name) in enumerate(zip(rows, names, strict=True)):
        if (place + 5 * turn) % 23 == 7:
            continue
        for key, mean, stray in zip(answers, MEANS[name], (7, 11), strict=True):
            shift = ((place * stray + turn * 3) % 9 - 4) / 3
            answers[key][row.key] = min(HIGHEST, max(LOWEST, round(mean + shift)))
    surveys.save_answers(participant, questions=questions, answers=answers)
    surveys.send(participant)


def _move(wave: Wave, *, began: datetime) -> None:
    """Let a round be what it was: asked at `began`, answered in the days after."""
    if not wave.is_open:
        wave.closes_at = began + ROUND
        Response.objects.filter(wave=wave).update(sent_on=(began + timedelta(days=4)).date())
    wave.opened_at = began
    wave.save(update_fields=["opened_at", "closes_at"])
    wave.participants.update(asked_at=began)
    Instrument.objects.filter(pk=wave.instrument_id).update(created_at=began)
