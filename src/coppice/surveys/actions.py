"""The verbs of surveys: keep an instrument, open a wave of it, ask, answer, send, remind, end."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from coppice.history.actions import record
from coppice.lib.jobs import after_commit
from coppice.notifications.actions import post
from coppice.notifications.models import Mute
from coppice.programs.models import Affiliation, Enrollment, Program
from coppice.surveys import notices
from coppice.surveys.answers import answers_in, asked_of, is_whole, rows_of
from coppice.surveys.errors import (
    AlreadySent,
    AnswersMissing,
    ClosesTooEarly,
    NobodyToAsk,
    NobodyToRemind,
    WaveOver,
)
from coppice.surveys.instruments import Instrument as Document
from coppice.surveys.instruments import Question, written
from coppice.surveys.models import MOST_REMINDERS, Answer, Instrument, Participant, Response, Wave

WRITING = "coppice.surveys.tasks.write_mail"
WRITTEN_AT_ONCE = 200


@transaction.atomic
def keep_instrument(program: Program, *, document: Document, by: Any, name: str = "") -> Instrument:
    """Keep an instrument for a program's waves, called as its title says unless a name is given.

    A copy of it with changes is another one.
    """
    instrument = Instrument.objects.create(
        program=program,
        name=name or document.say(document.title, document.language),
        content=written(document),
    )
    record("survey.instrument_kept", scope=program.scope, by=by, subject=instrument)
    return instrument


@transaction.atomic
def open_wave(instrument: Instrument, *, name: str, closes_on: date, anonymity: str, by: Any) -> Wave:
    """Ask an instrument of everybody on the roster whom mail reaches, until the end of a day.

    The day is one of the program's zone. Who left the program's survey mail is not asked; how many were not
    is kept. The mails are written after the commit, by `write_waiting`. Raises ClosesTooEarly
    and NobodyToAsk.
    """
    program = instrument.program
    if closes_on <= timezone.localdate(timezone=program.zone):
        raise ClosesTooEarly
    roster = list(program.enrollments.current().select_related("person"))
    reached = _reached_by_mail(program, roster)
    if not reached:
        raise NobodyToAsk
    wave = Wave.objects.create(
        program=program,
        instrument=instrument,
        name=name,
        anonymity=anonymity,
        opened_by=by,
        closes_at=datetime.combine(closes_on + timedelta(days=1), time(0), tzinfo=program.zone),
        without_mail=len(roster) - len(reached),
    )
    organizations = _organizations_of(reached)
    Participant.objects.bulk_create(
        (
            Participant(wave=wave, enrollment=each, organization_id=organizations.get(each.pk))
            for each in reached
        ),
        batch_size=500,
    )
    record("survey.opened", scope=program.scope, by=by, subject=wave, detail={"people": len(reached)})
    after_commit(WRITING)
    return wave


def write_waiting(wave: Wave) -> int:
    """Write to the next people of a wave who are due a mail; return how many there were.

    The mails are composed before the transaction that keeps them, so that other writers do not wait for it.
    Who left the program's survey mail meanwhile gets none.
    """
    due = wave.participants.due_a_mail().select_related("enrollment__person").order_by("pk")
    people = list(due[:WRITTEN_AT_ONCE])
    muted = _muted(wave.program)
    letters = (notices.letter(each) for each in people if each.enrollment.person_id not in muted)
    messages = [letter for letter in letters if letter is not None]
    by_mails: dict[int, list[int]] = defaultdict(list)
    for participant in people:
        by_mails[participant.mails].append(participant.pk)
    with transaction.atomic():
        post(messages)
        for mails, keys in by_mails.items():
            written = wave.participants.filter(pk__in=keys, mails=mails)
            written.update(mails=mails + 1, asked_at=Coalesce("asked_at", timezone.now()))
    return len(people)


@transaction.atomic
def save_answers(
    participant: Participant, *, questions: Collection[Question], answers: Mapping[str, Any]
) -> Response:
    """Keep what somebody answered on one screen, in place of what they answered there before.

    `answers` holds values as `answers.py` tells, by key; of `questions` those that are not in it are
    unanswered. Raises WaveOver and AlreadySent.
    """
    response = _own_response(participant)
    response.answers.filter(question__in=[question.key for question in questions]).delete()
    _keep(response, ((question, answers.get(question.key)) for question in questions))
    return response


@transaction.atomic
def send(participant: Participant) -> Response:
    """Let what somebody answered count; answers that skip rules leave out go.

    Sent again it replaces nothing but itself. In an anonymous wave the answers move to a response of nobody,
    with the day alone. Raises WaveOver, AlreadySent and AnswersMissing.
    """
    response = _own_response(participant)
    document = participant.wave.instrument.document
    answers = answers_in(document, response.answers.all())
    asked = [question for _number, questions in asked_of(document, answers) for question in questions]
    if not all(is_whole(question, answers) for question in asked):
        raise AnswersMissing
    if participant.wave.is_anonymous:
        response.delete()
        response = Response(wave=participant.wave, language=response.language)
        response.save(force_insert=True)
        _keep(response, ((question, answers.get(question.key)) for question in asked))
    else:
        response.answers.exclude(question__in=[question.key for question in asked]).delete()
    response.is_sent, response.sent_on = True, timezone.localdate(timezone=participant.wave.zone)
    response.save(update_fields=["is_sent", "sent_on"])
    participant.has_answered = True
    participant.save(update_fields=["has_answered"])
    return response


@transaction.atomic
def remind(wave: Wave, *, by: Any, most: int = MOST_REMINDERS) -> int:
    """Remind everybody who has yet to answer; return how many. Nobody more than twice, nor within two days.

    `by` is None for the clock, which reminds those who had fewer than `most` reminders. The mails are written
    after the commit. Raises WaveOver, and NobodyToRemind when there is nobody to write to.
    """
    if not wave.is_open:
        raise WaveOver
    people = wave.participants.remindable().filter(reminders__lt=most)
    count = people.update(reminders=F("reminders") + 1, reminded_at=timezone.now())
    if not count:
        raise NobodyToRemind
    record("survey.reminded", scope=wave.program.scope, by=by, subject=wave, detail={"people": count})
    after_commit(WRITING)
    return count


@transaction.atomic
def close(wave: Wave, *, by: Any) -> Wave:
    """End the time to answer now. Raises WaveOver when it has ended."""
    if not wave.is_open:
        raise WaveOver
    wave.closes_at = timezone.now()
    wave.save(update_fields=["closes_at"])
    record("survey.closed", scope=wave.program.scope, by=by, subject=wave)
    return wave


def _reached_by_mail(program: Program, roster: Iterable[Enrollment]) -> list[Enrollment]:
    muted = _muted(program)
    return [
        each
        for each in roster
        if each.contact_mode == Enrollment.ContactMode.EMAIL
        and (each.email or each.person.email)
        and each.person_id not in muted
    ]


def _organizations_of(people: Collection[Enrollment]) -> dict[int, int]:
    """Return in which organization each enrollment is counted: of theirs, that of the most people asked.

    So everybody is counted once, and what is shown of two organizations tells nothing of who is in both.
    """
    asked = {each.pk for each in people}
    program = next(iter(people)).program_id
    pairs = [
        (enrollment, organization)
        for enrollment, organization in Affiliation.objects.filter(enrollment__program=program)
        .order_by("organization")
        .values_list("enrollment", "organization")
        if enrollment in asked
    ]
    sizes = Counter(organization for _enrollment, organization in pairs)
    counted: dict[int, int] = {}
    for enrollment, organization in pairs:
        if enrollment not in counted or sizes[organization] > sizes[counted[enrollment]]:
            counted[enrollment] = organization
    return counted


def _muted(program: Program) -> set[int]:
    """Who left the program's survey mail."""
    left = Mute.objects.current().filter(list_key=notices.list_key(program))
    return set(left.values_list("person", flat=True))


def _own_response(participant: Participant) -> Response:
    """Return somebody's response that can still change, begun when there is none; one writer at a time."""
    participant = Participant.objects.select_for_update().select_related("wave").get(pk=participant.pk)
    if not participant.wave.is_open:
        raise WaveOver
    if participant.wave.is_anonymous and participant.has_answered:
        raise AlreadySent
    response, _is_new = Response.objects.get_or_create(
        participant=participant, defaults={"wave": participant.wave, "language": participant.language}
    )
    return response


def _keep(response: Response, given: Iterable[tuple[Question, Any]]) -> None:
    Answer.objects.bulk_create(
        row
        for question, value in given
        if value not in (None, "", [], {})
        for row in rows_of(response, question, value)
    )
