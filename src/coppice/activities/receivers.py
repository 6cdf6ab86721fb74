"""What the formats do when two places of a live room turn out to be one person's."""

from typing import Any

from coppice.activities.actions import cards, joined_walls
from coppice.live.models import Participant
from coppice.live.signals import place_merging


def connect() -> None:
    """Listen; called from AppConfig.ready()."""
    place_merging.connect(keep_both_cards, dispatch_uid="activities.keep_both_cards")
    place_merging.connect(hang_once, dispatch_uid="activities.hang_once")


def keep_both_cards(*, guest: Participant, into: Participant, **_sent: Any) -> None:
    """Let both objects hang that somebody brought to one gallery from two places."""
    cards.keep_both(guest, into=into)


def hang_once(*, guest: Participant, into: Participant, **_sent: Any) -> None:
    """Let what somebody put on one wall from two places, and said of it, hang there once."""
    joined_walls.hang_once(guest, into=into)
