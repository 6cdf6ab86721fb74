"""Saying how much topics interest one, and agreeing to be shown on the profile board."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from coppice.formation.interest_board import topics_of
from coppice.formation.market_board import Chooser
from coppice.formation.market_errors import MarketplaceIsOver
from coppice.formation.models import Appearance, Interest


@transaction.atomic
def say_interests(chooser: Chooser, *, levels: Mapping[int, int]) -> None:
    """Keep how much topics interest somebody, by the ids of the topics; the latest word counts.

    It takes the place of what they said before of topics that are part of these by now. Topics that no longer
    stand on the board are left out. Raises MarketplaceIsOver.
    """
    _require_open(chooser)
    topics = topics_of(chooser.marketplace)
    said = {topic: levels[topic] for topic in topics.names if topic in levels}
    now = timezone.now()
    before = list(
        Interest.objects.filter(topic__in=topics.roots, enrollment=chooser.enrollment).values_list(
            "topic", flat=True
        )
    )
    counted = {topic: said[root] for topic in before if (root := topics.roots[topic]) in said}
    Interest.objects.bulk_create(
        [
            Interest(topic_id=topic, enrollment=chooser.enrollment, level=level, said_at=now)
            for topic, level in (said | counted).items()
        ],
        update_conflicts=True,
        unique_fields=["topic", "enrollment"],
        update_fields=["level", "said_at"],
    )


@transaction.atomic
def appear(chooser: Chooser) -> None:
    """Show somebody on the profile board, because they ask for it; once. Raises MarketplaceIsOver."""
    _require_open(chooser)
    Appearance.objects.get_or_create(marketplace=chooser.marketplace, enrollment=chooser.enrollment)


@transaction.atomic
def disappear(chooser: Chooser) -> None:
    """Take somebody off the profile board, at any time; twice changes nothing."""
    Appearance.objects.filter(marketplace=chooser.marketplace, enrollment=chooser.enrollment).delete()


def _require_open(chooser: Chooser) -> None:
    if not chooser.marketplace.is_open:
        raise MarketplaceIsOver
