"""Themes of a room's earlier steps become topics of its board."""

from typing import Any

from django.db import transaction

from coppice.formation.actions.market_choices import open_marketplace
from coppice.formation.actions.market_topics import hide_topic
from coppice.formation.actions.marketplaces import put_up
from coppice.formation.market_board import counted_topics
from coppice.formation.market_errors import NoBoard
from coppice.formation.models import OfferedTopic
from coppice.formation.room_board import market_in
from coppice.formation.taking_up import proposed_for, untouched_of
from coppice.live.models import Step


@transaction.atomic
def take_up(step: Step, *, by: Any) -> list[OfferedTopic]:
    """Put what came of the steps before this one on the room's board; what is there already stays as it is.

    Nobody has a place by it. Pressed twice, the second time finds nothing. Raises NoBoard and
    MarketplaceIsOver.
    """
    link = market_in(step.room)
    if link is None:
        raise NoBoard
    marketplace = open_marketplace(link.marketplace)
    return [
        put_up(marketplace, name=each.name, why=each.why, by=by, origin=each.key)
        for each in proposed_for(step, marketplace.topics.all())
    ]


@transaction.atomic
def take_up_by_itself(step: Step) -> None:
    """Put what came of the steps before one that opens on the room's board, where it has an open one."""
    link = market_in(step.room)
    if link is not None and link.marketplace.is_open:
        take_up(step, by=step.room.created_by)


@transaction.atomic
def take_down(step: Step, *, by: Any) -> list[OfferedTopic]:
    """Take off the board what came of steps, as long as nobody has chosen it.

    Each can be shown again. Raises NoBoard and MarketplaceIsOver.
    """
    link = market_in(step.room)
    if link is None:
        raise NoBoard
    marketplace = open_marketplace(link.marketplace)
    topics = untouched_of(counted_topics(marketplace))
    return [hide_topic(each, by=by) for each in topics]
