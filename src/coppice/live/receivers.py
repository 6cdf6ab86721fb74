"""What live rooms do when a person renames themself."""

from typing import Any

from coppice.accounts.signals import person_renamed
from coppice.live.models import Participant


def connect() -> None:
    """Listen; called from AppConfig.ready()."""
    person_renamed.connect(rename_in_rooms, dispatch_uid="live.rename_in_rooms")


def rename_in_rooms(*, person: Any, **_sent: Any) -> None:
    """Call the person in every room what they call themself."""
    if person.name:
        Participant.objects.filter(person=person).update(name=person.name[:80])
