"""Saying how much topics interest one, and agreeing to be shown on the profile board."""

from collections.abc import Mapping

from django.db import transaction

from coppice.formation.market_board import Chooser
from coppice.formation.market_errors import MarketplaceIsOver
from coppice.formation.models import Appearance, Interest


@transaction.atomic
def say_interests(chooser: Chooser, *, levels: Mapping[int, int]) -> None:
    """Keep how much topics interest somebody, by the ids of the topics; the latest word counts.

    Topics that no longer stand on the board are left out. Raises MarketplaceIsOver.
    """
    _require_open(chooser)
    standing = chooser.marketplace.topics.standing().filter(pk__in=list(levels))
    Interest.objects.bulk_create(
        [Interest(topic=topic, enrollment=chooser.enrollment, level=levels[topic.pk]) for topic in standing],
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
