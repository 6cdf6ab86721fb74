"""The two questions about each topic, in every language that Coppice speaks."""

from collections.abc import Iterable

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coppice.programs.models import Topic
from coppice.surveys.instruments import Choice, Group, Instrument, Kind, Question, Text

IMPORTANCE, CONFIDENCE = "importance", "confidence"
LOWEST, HIGHEST = 1, 5


def instrument_about(topics: Iterable[Topic], *, language: str) -> Instrument:
    """Return the instrument of a needs assessment; topics are rows of two grids, one a screen."""
    rows = tuple(Choice(f"topic_{topic.pk}", {language: topic.name}) for topic in topics)
    return Instrument(
        language=language,
        title=_in_each(_("What do you need?")),
        introduction=_in_each(
            _(
                "Two short questions about each topic. Your answers decide what we work on together. "
                "Leave out a topic that has nothing to do with you."
            )
        ),
        groups=(
            _screen(
                IMPORTANCE,
                rows,
                asked=_("How important is each of these for your work?"),
                ends=(_("not at all"), _("very")),
            ),
            _screen(
                CONFIDENCE,
                rows,
                asked=_("How confident are you in each of these today?"),
                ends=(_("not at all"), _("very")),
            ),
        ),
    )


def _screen(
    key: str, rows: tuple[Choice, ...], *, asked: str | Promise, ends: tuple[str | Promise, str | Promise]
) -> Group:
    question = Question(
        key=key,
        kind=Kind.GRID,
        text=_in_each(asked),
        help={},
        choices=rows,
        lowest=LOWEST,
        highest=HIGHEST,
        lowest_text=_in_each(ends[0]),
        highest_text=_in_each(ends[1]),
    )
    return Group(title={}, text={}, questions=(question,))


def _in_each(words: str | Promise) -> Text:
    said = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            said[language] = str(words)
    return said
