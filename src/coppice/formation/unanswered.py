"""Who had not answered what the rules ask for when a proposal was worked out, in words that name nobody."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coppice.formation.facts import UNSAID, fields_in
from coppice.formation.inputs import are_whole
from coppice.formation.lists import listed
from coppice.formation.models import Formation
from coppice.formation.rules import rules_of
from coppice.formation.wording import field_label

PARTS = ("categories", "sets", "numbers")
"""Where the answers to fields stand in what the engine was told of a person."""


def unanswered_sentence(formation: Formation, *, few: int = 0) -> str:
    """Return how many people had answered nothing, and which question how many had left open.

    In one query. Counts of one to `few` - 1 people are told as fewer than five. What everybody left open
    counts for nothing and is left out, and so is all of it once answers have been erased.
    """
    nothing = formation.outcome.get("without_answers", 0)
    answers = _answers_of(formation)
    left_open = _left_open(formation, answers)
    parts = [_nothing(nothing, few) if nothing or not left_open else ""]
    if left_open:
        everybody = len(answers)
        counts = [_counted(field, people, everybody - people, few) for field, people in left_open.items()]
        told = _("Everybody had answered something of what the rules ask for.") if not nothing else ""
        parts += [told, _("Not everybody had answered everything: %(counts)s.") % {"counts": listed(counts)}]
    return " ".join(part for part in parts if part)


def _nothing(people: int, few: int) -> str:
    if not people:
        return _("Everybody had answered all that the rules ask for.")
    if people < few:
        return _(
            "Fewer than five people had answered nothing of what the rules ask for. Whoever has not answered "
            "counts neither for nor against, and is put where there is room."
        )
    return ngettext(
        "One person had answered nothing of what the rules ask for. They count neither for nor against, and "
        "are put where there is room.",
        "%(people)d people had answered nothing of what the rules ask for. They count neither for nor "
        "against, and are spread over all, where there is room.",
        people,
    ) % {"people": people}


def _answers_of(formation: Formation) -> list[Mapping[str, Any]]:
    """What the engine was told of everybody; nothing once some of it has been erased."""
    proposal = formation.on_table
    if proposal is None:
        return []
    answers = list(proposal.places.asked().values_list("answers", flat=True))
    return answers if are_whole(proposal, answers) else []


def _left_open(formation: Formation, answers: Sequence[Mapping[str, Any]]) -> Mapping[str, int]:
    """How many people had not answered each thing that a rule asks for, where some had; 0 is left out."""
    rules = rules_of(formation)
    kinds = {rule.kind for rule in rules}
    fields = fields_in(rules)
    counts = {field: sum(not _has(field, each) for each in answers) for field in fields}
    for name, (asking, _says) in UNSAID.items():
        if kinds & set(asking):
            counts[name] = sum(name not in each for each in answers)
    return {field: people for field, people in counts.items() if 0 < people < len(answers)}


def _has(field: str, answers: Mapping[str, Any]) -> bool:
    return any(field in answers.get(part, {}) for part in PARTS)


def _counted(field: str, people: int, others: int, few: int) -> str:
    """A question with how many people left it open, and not how many if they or the `others` are few."""
    values = {"field": field_label(field), "people": people}
    if people < few:
        return _("“%(field)s” was left open by fewer than five people") % values
    if others < few:
        return _("“%(field)s” was left open by nearly everybody") % values
    return (
        ngettext(
            "“%(field)s” was left open by one person",
            "“%(field)s” was left open by %(people)d people",
            people,
        )
        % values
    )
