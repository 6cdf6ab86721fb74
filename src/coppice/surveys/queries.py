"""Reads of surveys that several doors and the rooms above use."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import CharField, Count, Q
from django.db.models.functions import Cast
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from coppice.programs.models import Program
from coppice.surveys.answers import Answers, answers_in, asked_of
from coppice.surveys.models import FEWEST_SHOWN, Answer, Instrument, Response, Wave


def instrument_of(person: Any, *, instrument_id: int) -> Instrument:
    """Return an instrument of a program that the person runs; raises Http404 otherwise."""
    return get_object_or_404(
        Instrument.objects.visible_to(person).select_related("program__provider"), pk=instrument_id
    )


def wave_of(person: Any, *, wave_id: int) -> Wave:
    """Return a wave of a program that the person runs; raises Http404 otherwise."""
    waves = Wave.objects.visible_to(person).select_related("program__provider", "instrument")
    return get_object_or_404(waves, pk=wave_id)


@dataclass(frozen=True)
class Rate:
    """How many of the people asked have answered."""

    answered: int
    asked: int

    @property
    def waiting(self) -> int:
        return self.asked - self.answered


def rate_of(wave: Wave) -> Rate:
    """Return how many answered in a wave; in one query."""
    counted = wave.participants.aggregate(
        asked=Count("pk"), answered=Count("pk", filter=Q(has_answered=True))
    )
    return Rate(answered=counted["answered"], asked=counted["asked"])


def waves_with_rates(program: Program) -> list[tuple[Wave, Rate]]:
    """Return the waves of a program, the latest first, each with how many answered; in one query."""
    waves = program.waves.annotate(
        asked=Count("participants"),
        answered=Count("participants", filter=Q(participants__has_answered=True)),
    ).order_by("-opened_at", "-pk")
    return [(wave, Rate(wave.answered, wave.asked)) for wave in waves]


def may_show(wave: Wave, *, sent: int) -> bool:
    """Say whether answers of a wave may be shown to those who run its program.

    With names: at any time. Else only together, of at least five people, and when the wave is over: while it
    is open, the numbers before and after one more answer would tell what that answer was.
    """
    return wave.is_named or (not wave.is_open and sent >= FEWEST_SHOWN)


@dataclass(frozen=True)
class Given:
    """What one person sent: values by question as `answers.py` tells, with what skip rules leave out gone.

    `person` is a number that stands for them within this list alone; `name` is theirs in a wave with names,
    else "". `organization` is the id of the one that they are counted in.
    """

    person: int
    name: str
    organization: int | None
    language: str
    answers: Answers


def given_in(wave: Wave) -> list[Given]:
    """Return everything that people sent in a wave, in two queries, in the order of random ids.

    Whether it may be shown is for the caller to ask of `may_show`.
    """
    document = wave.instrument.document
    of_sent = Cast("response", CharField())  # as text: to make an id of each row would take longest
    sent = Answer.objects.filter(response__wave=wave, response__is_sent=True).annotate(of=of_sent)
    rows: dict[str, list[Any]] = defaultdict(list)
    columns = ("of", "question", "item", "number", "day", "text")
    for row in sent.order_by("pk").values_list(*columns, named=True):
        rows[row.of].append(row)
    responses = (
        Response.objects.filter(wave=wave, is_sent=True)
        .annotate(key=Cast("pk", CharField()))
        .order_by("pk")
        .values_list("key", "language", "participant__organization", "participant__enrollment__name")
    )
    return [
        Given(
            person=number,
            name=(name or _("Somebody who left")) if wave.is_named else "",
            organization=organization,
            language=language,
            answers=dict(_asked(document, answers_in(document, rows[key]))),
        )
        for number, (key, language, organization, name) in enumerate(responses, start=1)
    ]


def _asked(document: Any, answers: Answers) -> Iterator[tuple[str, Any]]:
    for _number, questions in asked_of(document, answers):
        for question in questions:
            if question.key in answers:
                yield question.key, answers[question.key]


def shown(wave: Wave) -> list[Given]:
    """Return what those who run a program may read of a wave: nothing unless `may_show`.

    Without names, languages go, and so does what fewer than five people answered.
    """
    given = given_in(wave)
    if not may_show(wave, sent=len(given)):
        return []
    if wave.is_named:
        return given
    counts = Counter(key for each in given for key in each.answers)
    return [
        replace(
            each,
            language="",
            answers={key: value for key, value in each.answers.items() if counts[key] >= FEWEST_SHOWN},
        )
        for each in given
    ]
