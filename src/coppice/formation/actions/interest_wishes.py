"""Taking what people said of topics as their ranked wishes, and taking these off again."""

from dataclasses import replace
from typing import Any

from django.db import transaction

from coppice.formation.actions.proposals import revise
from coppice.formation.actions.rows import unpublished
from coppice.formation.answers import INTEREST_POLL
from coppice.formation.aspects import About, Aspects, Offer, Says, aspects_of
from coppice.formation.interest_wishes import polls_of
from coppice.formation.market_errors import NoWishes
from coppice.formation.models import Formation
from coppice.formation.rules import Kind, Rule, Weight, rules_of
from coppice.history.actions import record
from coppice.programs.models import Enrollment
from coppice.programs.rosters.headers import fold


@transaction.atomic
def take_as_wishes(formation: Formation, *, marketplace_id: int, by: Any) -> int:
    """Take what people said of a marketplace's topics as their ranked wishes, and return how many have some.

    They stand in each one's roster row, in place of those taken before. The formation's communities are about
    the topics wished for, beside those on offer already; wishes count a lot unless a rule says how much, and
    one more proposal is worked out. Raises AlreadyPublished and NoWishes.
    """
    formation = unpublished(formation)
    poll = next((each for each in polls_of(formation) if each.marketplace.pk == marketplace_id), None)
    if poll is None or not poll.people or formation.is_whole_cohort:
        raise NoWishes
    _keep(formation, {pk: list(wished) for pk, wished in poll.wishes.items()})
    rules = rules_of(formation)
    if not any(rule.kind == Kind.WISHES for rule in rules):
        rules = [*rules, Rule(Kind.WISHES, weight=Weight.HIGH)]
    revise(
        formation,
        name=formation.name,
        reason=formation.reason,
        minimum=formation.minimum,
        maximum=formation.maximum,
        rules=rules,
        aspects=_with_topics(aspects_of(formation), poll.topics),
        by=by,
    )
    detail = {"marketplace": marketplace_id, "people": poll.people}
    record("formation.wishes_taken", scope=formation.program.scope, by=by, subject=formation, detail=detail)
    return poll.people


@transaction.atomic
def drop_wishes(formation: Formation, *, by: Any) -> None:
    """Take such wishes off everybody's roster row; proposals keep what they were worked out from.

    Twice changes nothing. Raises AlreadyPublished.
    """
    formation = unpublished(formation)
    if _keep(formation, {}):
        record("formation.wishes_dropped", scope=formation.program.scope, by=by, subject=formation)


def _keep(formation: Formation, wishes: dict[int, list[str]]) -> int:
    """Let everybody's row hold these wishes and no others, and return how many rows that changed."""
    rows = Enrollment.objects.select_for_update().filter(program=formation.program_id).order_by("pk")
    changed = []
    for row in rows:
        if row.attributes.get(INTEREST_POLL) != wishes.get(row.pk):
            row.attributes = {key: said for key, said in row.attributes.items() if key != INTEREST_POLL}
            if row.pk in wishes:
                row.attributes[INTEREST_POLL] = wishes[row.pk]
            changed.append(row)
    Enrollment.objects.bulk_update(changed, ["attributes"], batch_size=500)
    return len(changed)


def _with_topics(aspects: Aspects, topics: list[str]) -> Aspects:
    """The same with these topics on offer, and with the column of the poll read as wishes."""
    offered = {fold(offer.topic) for offer in aspects.offers}
    columns = aspects.columns
    return replace(
        aspects,
        columns=None if columns is None else {**columns, INTEREST_POLL: Says.WISH},
        about=About.OFFERED if aspects.about == About.NOTHING else aspects.about,
        offers=(*aspects.offers, *(Offer(topic) for topic in topics if fold(topic) not in offered)),
    )
