"""The staff take topics off the board, and ask the people of a thin one whether they go into another."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.formation.actions.market_choices import held, note, open_marketplace, take_next, wait
from coppice.formation.market_board import Chooser
from coppice.formation.market_errors import NothingAsked, TopicIsGone, TopicIsThere
from coppice.formation.models import Choice, OfferedTopic
from coppice.programs.rosters.headers import fold


@transaction.atomic
def hide_topic(topic: OfferedTopic, *, by: Any) -> OfferedTopic:
    """Take a topic off the board: nobody has a place in it until it is shown again, or waits for one.

    Raises MarketplaceIsOver and TopicIsGone.
    """
    _marketplace, topic = held(topic.marketplace, topic)
    topic.hidden_at = timezone.now()
    topic.save(update_fields=["hidden_at"])
    note("topic.hidden", topic, None, by=by)
    return topic


@transaction.atomic
def show_topic(topic: OfferedTopic, *, by: Any) -> OfferedTopic:
    """Put a hidden topic on the board again, with whoever has chosen nothing else since.

    One that stands there already stays. Raises MarketplaceIsOver, TopicIsGone when it is part of another, and
    TopicIsThere when another of its name was put up meanwhile.
    """
    marketplace = open_marketplace(topic.marketplace)
    rows = marketplace.topics.filter(merged_into=None).select_related("marketplace__program__provider")
    now = rows.filter(pk=topic.pk).first()
    if now is None:
        raise TopicIsGone
    if now.hidden_at is None:
        return now
    if fold(now.name) in {fold(each.name) for each in marketplace.topics.standing()}:
        raise TopicIsThere
    now.hidden_at = None
    now.save(update_fields=["hidden_at"])
    note("topic.brought_back", now, None, by=by)
    take_next(now)
    return now


@transaction.atomic
def ask_people(topic: OfferedTopic, *, into: OfferedTopic, by: Any) -> OfferedTopic:
    """Ask everybody in a topic whether they go into another, together; each says yes or no for themself.

    Asked anew, whoever said no is asked again. Raises MarketplaceIsOver and TopicIsGone.
    """
    _marketplace, into = held(topic.marketplace, into)
    _marketplace, topic = held(topic.marketplace, topic)
    if topic.pk == into.pk:
        raise TopicIsGone
    topic.asked_into = into
    topic.save(update_fields=["asked_into"])
    topic.choices.update(stays=False)
    note("topic.people_asked", topic, None, by=by)
    return topic


@transaction.atomic
def end_question(topic: OfferedTopic, *, by: Any) -> OfferedTopic:
    """Ask no longer; whoever has gone stays gone. Twice changes nothing. Raises as `ask_people`."""
    _marketplace, topic = held(topic.marketplace, topic)
    if topic.asked_into_id is not None:
        topic.asked_into = None
        topic.save(update_fields=["asked_into"])
        note("topic.question_ended", topic, None, by=by)
    return topic


@transaction.atomic
def go_along(chooser: Chooser, *, by: Any, from_paper: bool = False) -> Choice:
    """Say yes: take a place in the topic that one is asked to go into, or wait there and keep one's place.

    Raises NothingAsked, and as `wait`.
    """
    into = _asked(chooser).topic.asked_into
    assert into is not None
    return wait(chooser, topic=into, by=by, from_paper=from_paper)


@transaction.atomic
def stay(chooser: Chooser, *, by: Any) -> None:
    """Say no: stay in one's topic. Raises NothingAsked and MarketplaceIsOver."""
    open_marketplace(chooser.marketplace)
    choice = _asked(chooser)
    choice.stays = True
    choice.save(update_fields=["stays"])
    note("topic.stayed", choice.topic, chooser.enrollment, by=by)


def _asked(chooser: Chooser) -> Choice:
    rows = chooser.marketplace.choices.places().filter(enrollment=chooser.enrollment)
    choice = rows.select_related("topic__asked_into", "topic__marketplace__program").first()
    if choice is None or choice.topic.asked_into is None:
        raise NothingAsked
    return choice
