"""A marketplace is settled: its topics become a round with a proposal, to be looked at and published."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import override

from coppice.communities.models import Community
from coppice.formation.actions.hands import keep_scores
from coppice.formation.actions.market_choices import held_marketplace
from coppice.formation.inputs import settings_of
from coppice.formation.market_board import cards_of, criteria_of
from coppice.formation.market_errors import AlreadySettled
from coppice.formation.market_outlook import Group, Outlook, outlook_of, purpose_of
from coppice.formation.models import (
    Criterion,
    Formation,
    Marketplace,
    Place,
    Proposal,
    ProposedCommunity,
)
from coppice.formation.proposing import standing
from coppice.history.actions import record
from coppice.lib.languages import first_spoken
from coppice.programs.models import Program, Topic


@transaction.atomic
def settle(marketplace: Marketplace, *, fates: Mapping[int, str], by: Any) -> Formation:
    """End a marketplace and make a round of it, with one proposal in which everybody is where they chose.

    `fates` is as `market_outlook.outlook_of` takes it. Places are locked, so that whatever is worked out
    from here on leaves people where they chose; whoever has none is placed as people who came late. Nobody
    is told before the round is published. Raises AlreadySettled, DoesNotHold and NobodyChose.
    """
    marketplace = held_marketplace(marketplace)
    if marketplace.is_settled:
        raise AlreadySettled
    cards = cards_of(marketplace)
    outlook = outlook_of(marketplace, cards, fates)
    formation = Formation.objects.create(
        program=marketplace.program,
        name=marketplace.name,
        reason=Community.Reason.OWN_CHOICE,
        minimum=marketplace.minimum,
        maximum=marketplace.maximum,
        state=Formation.State.PROPOSED,
        created_by=by,
        asked_by=by,
    )
    proposal = Proposal.objects.create(
        formation=formation,
        number=1,
        seed=formation.seed,
        outcome={"total": 1.0, "rules": {}, "broken": []},
        settings=settings_of(formation),
        made_by=by,
    )
    formation.on_table = proposal
    formation.save(update_fields=["on_table"])
    columns = _columns(proposal, outlook, criteria_of(cards))
    _fill(proposal, outlook, columns)
    stands = standing(formation, communities=columns)
    keep_scores(formation, columns, stands=stands, effect=stands.board.effect({}))
    marketplace.formation = formation
    marketplace.save(update_fields=["formation"])
    record(
        "marketplace.settled",
        scope=marketplace.program.scope,
        by=by,
        subject=marketplace,
        detail={"communities": len(outlook.groups), "people": outlook.placed},
    )
    return formation


def _columns(
    proposal: Proposal, outlook: Outlook, criteria: Mapping[int, Iterable[Criterion]]
) -> list[ProposedCommunity]:
    program = proposal.formation.program
    topics = _topics(program, [group.card.topic.name for group in outlook.groups])
    with override(first_spoken(program.language)):  # members read it, whoever settles
        heading = _("Who is this for:")
    return ProposedCommunity.objects.bulk_create(
        ProposedCommunity(
            proposal=proposal,
            topic=topics[group.card.topic.name],
            name=group.card.topic.name,
            purpose=purpose_of(group, criteria, heading=heading),
            position=position,
            minimum=min(group.card.minimum, len(group.people)),
            maximum=group.card.maximum,
            named_by_hand=True,
        )
        for position, group in enumerate(outlook.groups)
    )


def _fill(proposal: Proposal, outlook: Outlook, columns: list[ProposedCommunity]) -> None:
    Place.objects.bulk_create(
        Place(
            proposal=proposal,
            proposed_community=column,
            enrollment=enrollment,
            reasons=_reasons(group),
            is_leader=enrollment == group.leader,
            is_locked=True,
            worked_out_position=column.position,
        )
        for group, column in zip(outlook.groups, columns, strict=True)
        for enrollment in group.people
    )


def _reasons(group: Group) -> list[dict[str, Any]]:
    """Everybody asked for it first of all, except where another topic went into it: then nothing is said."""
    if group.joined_by:
        return []
    return [{"code": "has_wish", "parameters": {"topic": group.card.topic.name, "rank": 1}}]


def _topics(program: Program, names: list[str]) -> dict[str, Topic]:
    """The program's topics of these names; those that it had none of yet are new."""
    known = {topic.name: topic for topic in program.topics.filter(name__in=names)}
    last = program.topics.aggregate(last=Max("position"))["last"] or 0
    new = [name for name in names if name not in known]
    made = Topic.objects.bulk_create(
        Topic(program=program, name=name, position=last + number) for number, name in enumerate(new, start=1)
    )
    return {**known, **{topic.name: topic for topic in made}}
