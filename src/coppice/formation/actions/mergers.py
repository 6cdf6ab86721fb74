"""The staff make a topic part of another, and undo it as long as that takes nothing from anybody."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.formation import market_notices as notices
from coppice.formation.actions.market_choices import (
    choices_of,
    held,
    note,
    open_marketplace,
    require_new,
    take_next,
)
from coppice.formation.market_errors import ChosenSince, NothingToUndo, ToldAlready, TopicIsGone
from coppice.formation.models import Choice, GuestWish, Marketplace, OfferedTopic, TopicMerger
from coppice.notifications.actions import hold, withdraw

type Rows = list[list[Any]]

QUIET = timedelta(minutes=10)
"""So long the mails wait that tell of a merger: one that is undone meanwhile writes to nobody."""
FIELDS = ("pk", "topic_id", "enrollment_id", "is_waiting", "from_paper", "stays", "guest_id")
TOPIC, ENROLLMENT = FIELDS.index("topic_id"), FIELDS.index("enrollment_id")


@transaction.atomic
def merge(topic: OfferedTopic, *, into: OfferedTopic, by: Any) -> OfferedTopic:
    """Make a topic part of another: its people move with it in the order in which they came, told once.

    Who finds no place there waits, before nobody who waited already; whoever has a place keeps it, and so do
    guests for whom one is kept there. Criteria and what guests chose go with it. The mails wait for ten
    minutes. Returns the other topic. Raises MarketplaceIsOver and TopicIsGone.
    """
    _marketplace, topic = held(topic.marketplace, topic)
    marketplace, into = held(topic.marketplace, into)
    if topic.pk == into.pk:
        raise TopicIsGone
    before = _choices(marketplace)
    carried = {
        "criteria": list(topic.criteria.values_list("pk", flat=True)),
        "wishes": list(topic.guest_wishes.values_list("participant", flat=True)),
    }
    mails = _move_people(topic, into, marketplace)
    topic.criteria.update(topic=into)
    topic.guest_wishes.update(topic=into)
    topic.merged_into = into
    topic.save(update_fields=["merged_into"])
    note("topic.merged", topic, None, by=by)
    take_next(into)
    after = _choices(marketplace)
    changed = _changed(before, after)
    moved = {row[ENROLLMENT] for row in changed}
    mails += notices.told_of_places(row[0] for row in changed)
    hold(mails, until=timezone.now() + QUIET)
    TopicMerger.objects.create(
        topic=topic,
        into=into,
        by=by,
        before=_of(moved, before),
        after=_of(moved, after),
        carried={**carried, "mails": mails},
    )
    return into


@transaction.atomic
def undo_merger(topic: OfferedTopic, *, by: Any) -> OfferedTopic:
    """Make a topic that became part of another its own again, with everybody where they stood.

    Who came since stays where they are; who waits for a place that is free by that is taken. Raises
    MarketplaceIsOver, NothingToUndo, TopicIsGone, TopicIsThere, ToldAlready when a mail has left, and
    ChosenSince when somebody whom it moved has chosen anew, or somebody else has their place by now.
    """
    marketplace = open_marketplace(topic.marketplace)
    merger = TopicMerger.objects.filter(topic=topic, undone_at=None).first()
    if merger is None:
        raise NothingToUndo
    _marketplace, into = held(marketplace, merger.into)
    require_new(marketplace, topic.name)
    moved = {row[ENROLLMENT] for row in [*merger.before, *merger.after]}
    if _of(moved, _choices(marketplace)) != merger.after:
        raise ChosenSince
    if not withdraw(merger.carried["mails"]):
        raise ToldAlready
    merger.undone_at = timezone.now()
    merger.save(update_fields=["undone_at"])
    topic.merged_into = None
    topic.save(update_fields=["merged_into"])
    into.criteria.filter(pk__in=merger.carried["criteria"]).update(topic=topic)
    GuestWish.objects.filter(topic=into, participant__in=merger.carried["wishes"]).update(topic=topic)
    _put_back(marketplace, moved, merger.before)
    note("topic.parted", topic, None, by=by)
    take_next(into)
    return topic


def _move_people(topic: OfferedTopic, into: OfferedTopic, marketplace: Marketplace) -> list[int]:
    """Move everybody into the other topic, and return the ids of the mails that tell them."""
    mails = []
    moving = sorted(choices_of(topic), key=lambda each: (each.is_waiting, each.since, each.pk))
    there = {each.enrollment_id: each for each in choices_of(into)}
    taken = sum(not each.is_waiting for each in there.values()) + into.guest_wishes.count()
    for choice in moving:
        known = there.get(choice.enrollment_id)
        gets_place = not choice.is_waiting and taken < into.maximum
        if known is not None:
            choice.delete()
            if known.is_waiting and gets_place:
                known.is_waiting = False
                known.save(update_fields=["is_waiting"])
                taken += 1
            choice = known
        else:
            choice.topic, choice.is_waiting = into, not gets_place
            choice.since = timezone.now() if choice.is_waiting else choice.since
            choice.save(update_fields=["topic", "is_waiting", "since"])
            taken += gets_place
        choice.topic, choice.marketplace = into, marketplace
        mail = notices.topic_changed(choice, old_name=topic.name)
        mails += [mail.pk] if mail else []
    return mails


def _choices(marketplace: Marketplace) -> Rows:
    """Return everything that is chosen on a marketplace as lists of values that JSON has as well."""
    rows = marketplace.choices.order_by("pk").values_list(*FIELDS, "since")
    return [[*fields, since.isoformat()] for *fields, since in rows]


def _changed(before: Rows, after: Rows) -> set[tuple[Any, ...]]:
    """Return the rows that are in one of the two alone."""
    return {tuple(row) for row in before} ^ {tuple(row) for row in after}


def _of(enrollments: set[int], rows: Rows) -> Rows:
    return [row for row in rows if row[ENROLLMENT] in enrollments]


def _put_back(marketplace: Marketplace, enrollments: set[int], rows: Rows) -> None:
    """Let these people have chosen what they had; raises ChosenSince where that fills a topic too much."""
    marketplace.choices.filter(enrollment__in=enrollments).delete()
    Choice.objects.bulk_create(
        Choice(
            marketplace=marketplace,
            since=datetime.fromisoformat(since),
            **dict(zip(FIELDS, fields, strict=True)),
        )
        for *fields, since in rows
    )
    for topic in marketplace.topics.standing().filter(pk__in={row[TOPIC] for row in rows}):
        topic.marketplace = marketplace
        if topic.choices.places().count() > topic.maximum:
            raise ChosenSince
