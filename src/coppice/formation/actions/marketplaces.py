"""The staff open a marketplace, change it, and work on its topics; anybody allowed puts one up."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.formation import market_notices as notices
from coppice.formation.actions.market_choices import (
    choices_of,
    held,
    held_marketplace,
    join,
    note,
    open_marketplace,
    people_in,
    require_new,
    take_next,
)
from coppice.formation.market_board import Chooser
from coppice.formation.market_errors import (
    AlreadySettled,
    StaffOffer,
    TooManyInside,
)
from coppice.formation.models import Marketplace, OfferedTopic, Offerer
from coppice.history.actions import record
from coppice.lib.jobs import after_commit
from coppice.programs.models import Program


@transaction.atomic
def open_for_choice(
    program: Program,
    *,
    name: str,
    minimum: int,
    maximum: int,
    closes_on: date,
    offered_by: str,
    waits: int,
    by: Any,
) -> Marketplace:
    """Open a marketplace; everybody on the roster whom mail reaches gets their own link, once.

    `closes_on` is the last day by the program's clock, `offered_by` a value of Offerer, `waits` how many
    waitlists somebody may be on beside their place.
    """
    marketplace = Marketplace.objects.create(
        program=program,
        name=name,
        minimum=minimum,
        maximum=maximum,
        closes_on=closes_on,
        offered_by=Offerer(offered_by),
        waits=waits,
        opened_by=by,
    )
    record("marketplace.opened", scope=program.scope, by=by, subject=marketplace)
    after_commit("coppice.formation.tasks.tell_of_marketplace", marketplace_id=marketplace.pk)
    return marketplace


@transaction.atomic
def change_marketplace(marketplace: Marketplace, *, by: Any, **terms: Any) -> Marketplace:
    """Change name, sizes, last day, who offers, or how many waits; a larger size takes who waits.

    Raises AlreadySettled, and TooManyInside when a topic would be over its largest size.
    """
    marketplace = held_marketplace(marketplace)
    if marketplace.is_settled:
        raise AlreadySettled
    largest = marketplace.maximum
    changed = [name for name, value in terms.items() if getattr(marketplace, name) != value]
    for name in changed:
        setattr(marketplace, name, terms[name])
    topics = list(marketplace.topics.standing().select_related("marketplace__program__provider"))
    for topic in topics:
        topic.marketplace = marketplace
        if marketplace.maximum < largest and people_in(topic) > topic.maximum:
            raise TooManyInside
    if not changed:
        return marketplace
    marketplace.save(update_fields=changed)
    scope = marketplace.program.scope
    record("marketplace.changed", scope=scope, by=by, subject=marketplace, detail={"fields": changed})
    if marketplace.is_open:
        for topic in topics:
            take_next(topic)
    return marketplace


@transaction.atomic
def offer(chooser: Chooser, *, name: str, why: str, leads: bool, by: Any) -> OfferedTopic:
    """Put a topic up as somebody of the roster, and give them its first place.

    `leads`: they would lead it. Raises MarketplaceIsOver, StaffOffer and TopicIsThere.
    """
    marketplace = open_marketplace(chooser.marketplace)
    if not marketplace.everybody_offers:
        raise StaffOffer
    topic = _put_up(
        marketplace, name=name, why=why, offered_by=chooser.enrollment, offerer_leads=leads, by=by
    )
    join(chooser, topic=topic, by=by)
    return topic


@transaction.atomic
def put_up(marketplace: Marketplace, *, name: str, why: str, by: Any, origin: str = "") -> OfferedTopic:
    """Put a topic up as the program's staff. Raises MarketplaceIsOver and TopicIsThere."""
    return _put_up(open_marketplace(marketplace), name=name, why=why, by=by, origin=origin)


@transaction.atomic
def change_topic(
    topic: OfferedTopic, *, name: str, why: str, own_maximum: int | None, by: Any
) -> OfferedTopic:
    """Rename a topic, say better why, or give it a largest size of its own (None: that of all).

    Its people are told of another name, once. Raises MarketplaceIsOver, TopicIsGone, TopicIsThere and
    TooManyInside.
    """
    marketplace, topic = held(topic.marketplace, topic)
    old_name, largest = topic.name, topic.maximum
    require_new(marketplace, name, apart_from=topic)
    topic.name, topic.why, topic.own_maximum = name, why, own_maximum
    if topic.maximum < largest and people_in(topic) > topic.maximum:
        raise TooManyInside
    topic.save(update_fields=["name", "why", "own_maximum"])
    note("topic.changed", topic, None, by=by)
    if topic.name != old_name:
        for choice in choices_of(topic):
            notices.topic_changed(choice, old_name=old_name)
    take_next(topic)
    return topic


@transaction.atomic
def close_topic(topic: OfferedTopic, *, by: Any) -> OfferedTopic:
    """Let nobody else into a topic; its people stay. Twice changes nothing. Raises as `change_topic`."""
    _marketplace, topic = held(topic.marketplace, topic)
    if not topic.is_closed:
        topic.closed_at = timezone.now()
        topic.save(update_fields=["closed_at"])
        note("topic.closed", topic, None, by=by)
    return topic


@transaction.atomic
def reopen_topic(topic: OfferedTopic, *, by: Any) -> OfferedTopic:
    """Let people into a topic again; who waits is taken. Twice changes nothing. Raises as `change_topic`."""
    _marketplace, topic = held(topic.marketplace, topic)
    if topic.is_closed:
        topic.closed_at = None
        topic.save(update_fields=["closed_at"])
        note("topic.reopened", topic, None, by=by)
        take_next(topic)
    return topic


def _put_up(marketplace: Marketplace, *, name: str, by: Any, **fields: Any) -> OfferedTopic:
    require_new(marketplace, name)
    topic = OfferedTopic.objects.create(marketplace=marketplace, name=name, **fields)
    note("topic.offered", topic, fields.get("offered_by"), by=by)
    return topic
