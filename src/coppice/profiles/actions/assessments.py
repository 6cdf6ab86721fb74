"""Ask everybody what they need."""

from datetime import date
from typing import Any

from django.db import transaction

from coppice.history.actions import record
from coppice.lib.languages import first_spoken
from coppice.profiles.errors import NoTopics, TooManyTopics
from coppice.profiles.models import NeedsAssessment
from coppice.profiles.questions import instrument_about
from coppice.programs.models import Program
from coppice.surveys import actions as surveys
from coppice.surveys.instruments import MOST_CHOICES
from coppice.surveys.models import Wave


@transaction.atomic
def begin_assessment(program: Program, *, name: str, closes_on: date, by: Any) -> NeedsAssessment:
    """Ask everybody on the roster whom mail reaches about the program's topics, until the end of a day.

    The answers are counted: they show only together, when the time is over. Each assessment is a wave of an
    instrument of its own, with the topics as they are now. Raises NoTopics, TooManyTopics, and what
    `surveys.actions.open_wave` raises.
    """
    topics = list(program.topics.all())
    if not topics:
        raise NoTopics
    if len(topics) > MOST_CHOICES:
        raise TooManyTopics
    document = instrument_about(topics, language=first_spoken(program.language))
    instrument = surveys.keep_instrument(program, document=document, by=by, name=name)
    wave = surveys.open_wave(
        instrument, name=name, closes_on=closes_on, anonymity=Wave.Anonymity.COUNTED, by=by
    )
    assessment = NeedsAssessment.objects.create(wave=wave)
    record("needs.asked", scope=program.scope, by=by, subject=assessment)
    return assessment
