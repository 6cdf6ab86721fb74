"""Up to three topics for somebody who cannot decide, with why, from their roster row and their profile."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from textwrap import shorten
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coppice.formation.answers import EXPERT, READ_TO_GUESS, Answered, Reader, guess, without_hours
from coppice.formation.interest_board import levels_of
from coppice.formation.market_board import Card, Chooser
from coppice.formation.models import Interest
from coppice.formation.queries import rows_of
from coppice.profiles.models import OPEN_NEEDS, OPEN_OFFERS, Expertise, Need
from coppice.programs.likeness import is_about
from coppice.programs.models import Enrollment

MOST = 3
LONGEST = 90
"""So many letters of what somebody wrote of themself are told back to them."""
WISHED, NEEDED, KNOWN, WANTING = 8, 5, 3, 1
"""What counts how much; a wish further down counts less."""


@dataclass(frozen=True)
class Hint:
    """A topic that could suit somebody, and why, in sentences."""

    card: Card
    why: tuple[str, ...]


def hints_for(chooser: Chooser, cards: Iterable[Card]) -> list[Hint]:
    """Return up to three topics with a free place, the best first; in five queries for any roster.

    What interests a person much, as they said, or what they wished for counts most, then what they want help
    with, then what they can help with, then that a topic still needs people; what they said does not interest
    them is left out. Of several alike, the one that needs fewest more comes first.
    """
    said, levels = answered_by(chooser), levels_of(chooser)
    fit = [card for card in cards if card.room and levels.get(card.topic.pk) != Interest.Level.NO]
    ranked = [(*_weighed(said, card, levels.get(card.topic.pk, 0)), card) for card in fit]
    ranked.sort(key=lambda each: (-each[0], each[2].missing or each[2].maximum, each[2].topic.pk))
    return [Hint(card, why) for points, why, card in ranked if points][:MOST]


def answered_by(chooser: Chooser) -> Answered:
    """Return what somebody answered on the roster, and what their profile says that they need and offer.

    What columns say is guessed from some hundred rows.
    """
    people = Enrollment.objects.current().filter(program=chooser.marketplace.program_id)
    first = people.order_by("pk").values("pk")[:READ_TO_GUESS]
    some: QuerySet[Enrollment] = people.filter(Q(pk=chooser.enrollment.pk) | Q(pk__in=first))
    rows = rows_of(some)
    program = chooser.program
    reader = Reader(without_hours(guess(rows)), zone=program.zone, on=program.award_starts)
    [mine] = [row for row in rows if row.pk == chooser.enrollment.pk]
    return _with_profile(chooser.enrollment, reader.read(mine))


def _with_profile(enrollment: Enrollment, said: Answered) -> Answered:
    """Add what somebody's profile says: nobody else reads a hint, so everything in it counts."""
    needs = Need.objects.filter(enrollment=enrollment, state__in=OPEN_NEEDS)
    offers = Expertise.objects.filter(enrollment=enrollment, state__in=OPEN_OFFERS)
    kept = [_said(rows, kind) for kind, rows in (("need", needs), ("offer", offers))]
    told = [
        (kind, shorten(topic or was_called or text, LONGEST, placeholder=" …"))
        for kind, _place, topic, was_called, text in kept[0].union(kept[1]).order_by("kind", "pk")
    ]
    about = [words for kind, words in told if kind == "need"]
    known = {words: EXPERT for kind, words in told if kind == "offer"}
    return replace(said, needs=(*(said.needs or ()), *about), expertise={**known, **said.expertise})


def _said(rows: QuerySet[Any], kind: str) -> QuerySet[Any, tuple[str, int, str | None, str, str]]:
    """Needs or offers as plain values, so that both are read by one query."""
    plain = rows.annotate(kind=Value(kind)).order_by()
    return plain.values_list("kind", "pk", "topic__name", "topic_said", "text")


def _weighed(said: Answered, card: Card, interest: int) -> tuple[int, tuple[str, ...]]:
    name, points, why = card.topic.name, 0, []
    if interest == Interest.Level.MUCH:
        points += WISHED
        why.append(_("You said that it interests you much."))
    elif interest:
        points += KNOWN
        why.append(_("You said that it perhaps interests you."))
    wish = _first_like(name, said.wishes or ())
    if wish is not None:
        points += max(WISHED - wish, NEEDED)
        why.append(_("You wished for it.") if wish else _("It is your first wish."))
    need = _first_like(name, said.needs or ())
    if need is not None:
        points += NEEDED
        why.append(_("You want help with %(topic)s.") % {"topic": (said.needs or ())[need]})
    known = [topic for topic, level in said.expertise.items() if level >= EXPERT]
    expertise = _first_like(name, known)
    if expertise is not None:
        points += KNOWN
        why.append(_("You can help with %(topic)s.") % {"topic": known[expertise]})
    if card.is_thin:
        points += WANTING
        sentence = ngettext(
            "It needs one more person to start.", "It needs %(count)d more people to start.", card.missing
        )
        why.append(sentence % {"count": card.missing})
    return points, tuple(why)


def _first_like(name: str, answers: Sequence[str]) -> int | None:
    """The place of the first answer that is about the same as a topic, or names it among other words."""
    near = (place for place, each in enumerate(answers) if is_about(each, name) or is_about(name, each))
    return next(near, None)
