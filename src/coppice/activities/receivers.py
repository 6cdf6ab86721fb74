"""What the formats do when two places of a live room turn out to be one person's."""

from typing import Any

from coppice.activities.actions import cards
from coppice.live.models import Participant
from coppice.live.signals import place_merging


def connect() -> None:
    """Listen; called from AppConfig.ready()."""
    place_merging.connect(keep_both_cards, dispatch_uid="activities.keep_both_cards")


def keep_both_cards(*, guest: Participant, into: Participant, **_sent: Any) -> None:
    """Let both objects hang that somebody brought to one gallery from two places."""
    cards.keep_both(guest, into=into)
