"""Saying how much topics interest one, also as a guest of a room, and agreeing to be on the profile board."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from coppice.formation.actions.market_choices import tell_rooms
from coppice.formation.interest_board import counted, topics_of
from coppice.formation.market_board import Chooser, cards_of
from coppice.formation.market_errors import MarketplaceIsOver
from coppice.formation.models import (
    Appearance,
    EveningTopic,
    GuestInterest,
    Interest,
    Marketplace,
    MarketRoom,
)
from coppice.formation.room_board import chooser_in
from coppice.live.models import Participant


@transaction.atomic
def say_interests(chooser: Chooser, *, levels: Mapping[int, int]) -> None:
    """Keep how much topics interest somebody, by the ids of the topics; the latest word counts.

    It takes the place of what they said before of topics that are part of these by now. Topics that no longer
    stand on the board are left out. Raises MarketplaceIsOver.
    """
    _require_open(chooser.marketplace)
    said_before = Interest.objects.filter(enrollment=chooser.enrollment)
    now = timezone.now()
    Interest.objects.bulk_create(
        [
            Interest(topic_id=topic, enrollment=chooser.enrollment, level=level, said_at=now)
            for topic, level in _word(chooser.marketplace, levels, said_before).items()
        ],
        update_conflicts=True,
        unique_fields=["topic", "enrollment"],
        update_fields=["level", "said_at", "guest"],
    )
    tell_rooms(chooser.marketplace)


def _word(marketplace: Marketplace, levels: Mapping[int, int], before: QuerySet[Any]) -> dict[int, int]:
    """What somebody says now, by topic: also of those they spoke of `before` that are part of one."""
    topics = topics_of(marketplace)
    said = {topic: levels[topic] for topic in topics.names if topic in levels}
    earlier = list(before.filter(topic__in=topics.roots).values_list("topic", flat=True))
    return said | {topic: said[root] for topic in earlier if (root := topics.roots[topic]) in said}


@transaction.atomic
def say_interests_in_room(
    marketplace: Marketplace, participant: Participant, *, levels: Mapping[int, int]
) -> None:
    """Keep the same from a phone or from paper; what a guest said is theirs as soon as they are known.

    Raises MarketplaceIsOver.
    """
    chooser = chooser_in(marketplace, participant)
    if chooser is not None:
        say_interests(chooser, levels=levels)
        return
    _require_open(marketplace)
    said_before = GuestInterest.objects.filter(participant=participant)
    now = timezone.now()
    GuestInterest.objects.bulk_create(
        [
            GuestInterest(topic_id=topic, participant=participant, level=level, said_at=now)
            for topic, level in _word(marketplace, levels, said_before).items()
        ],
        update_conflicts=True,
        unique_fields=["topic", "participant"],
        update_fields=["level", "said_at"],
    )
    tell_rooms(marketplace)


@transaction.atomic
def grant_interests(participant: Participant) -> None:
    """Make what somebody said as a guest their own word, of topics of which they have said nothing else."""
    said = GuestInterest.objects.filter(participant=participant).select_related("topic__marketplace__program")
    boards = {each.topic.marketplace for each in said}
    choosers = {marketplace: chooser_in(marketplace, participant) for marketplace in boards}
    taken = [(each, chooser) for each in said if (chooser := choosers[each.topic.marketplace])]
    Interest.objects.bulk_create(
        [
            Interest(
                topic=each.topic,
                enrollment=chooser.enrollment,
                level=each.level,
                said_at=each.said_at,
                guest=participant,
            )
            for each, chooser in taken
        ],
        ignore_conflicts=True,
    )
    GuestInterest.objects.filter(pk__in=[each.pk for each, _chooser in taken]).delete()


@transaction.atomic
def take_interests_back(participant: Participant, *, person: Any) -> None:
    """Make what became this person's by `grant_interests`, and was not said anew since, a guest's again."""
    theirs = Interest.objects.filter(guest=participant, enrollment__person=person)
    GuestInterest.objects.bulk_create(
        [
            GuestInterest(
                topic_id=each.topic_id, participant=participant, level=each.level, said_at=each.said_at
            )
            for each in theirs
        ],
        ignore_conflicts=True,
    )
    theirs.delete()


@transaction.atomic
def keep_interests(link: MarketRoom) -> None:
    """Keep with the topics of an evening what people have said of them by now; twice keeps the first."""
    topics = {each.topic_id: each for each in link.evening_topics.filter(much=None)}
    cards = [each for each in cards_of(link.marketplace) if each.topic.pk in topics]
    for each in counted(link.marketplace, cards):
        topic = topics[each.card.topic.pk]
        topic.much, topic.perhaps, topic.no = each.much, each.perhaps, each.no
    EveningTopic.objects.bulk_update(topics.values(), ["much", "perhaps", "no"])


@transaction.atomic
def appear(chooser: Chooser) -> None:
    """Show somebody on the profile board, because they ask for it; once. Raises MarketplaceIsOver."""
    _require_open(chooser.marketplace)
    Appearance.objects.get_or_create(marketplace=chooser.marketplace, enrollment=chooser.enrollment)


@transaction.atomic
def disappear(chooser: Chooser) -> None:
    """Take somebody off the profile board, at any time; twice changes nothing."""
    Appearance.objects.filter(marketplace=chooser.marketplace, enrollment=chooser.enrollment).delete()


def _require_open(marketplace: Marketplace) -> None:
    if not marketplace.is_open:
        raise MarketplaceIsOver
