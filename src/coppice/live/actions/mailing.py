"""Sending a room's link to those who belong there."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.history.actions import record
from coppice.lib.jobs import after_commit
from coppice.live.errors import RoomHasEnded
from coppice.live.models import Room
from coppice.notifications.actions import post
from coppice.notifications.models import Message


@transaction.atomic
def send_link(room: Room, *, by: Any) -> None:
    """Have everybody of the room's audience sent their own link who has not had it; a job writes the mails.

    Raises RoomHasEnded.
    """
    held = Room.objects.select_for_update().select_related("program").get(pk=room.pk)
    if held.is_ended:
        raise RoomHasEnded
    held.link_asked_at = timezone.now()
    held.save(update_fields=["link_asked_at"])
    record("live_room.link_sent", scope=held.program.scope, by=by, subject=held)
    after_commit("coppice.live.tasks.send_links")


@transaction.atomic
def post_links(room: Room, mails: Sequence[Message]) -> None:
    """Put the mails that a host asked for into the outbox, and note that it was done."""
    post(mails)
    Room.objects.filter(pk=room.pk, link_asked_at=room.link_asked_at).update(link_sent_at=timezone.now())
