"""Addresses that refuse our mail: counted, paused after the third refusal for good, and tried again."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from coppice.lib.jobs import after_commit
from coppice.notifications.inbound_models import AddressStanding
from coppice.notifications.models import Message

HARD_ONES = 3
# What a server said half a year ago tells nothing about today.
FORGOTTEN_AFTER = timedelta(days=180)
LONGEST_SAID = 1000

address_paused = Signal()
"""Sent with `standing`, inside the transaction, when mail to an address has come back the third time."""


def note_refusal(message: Message, *, is_hard: bool, said: str) -> None:
    """Count that a message was refused at its address; the third time for good, the address is paused.

    Call it inside a transaction. Refusals for now are counted and pause nothing; a message that several
    servers report counts once as refused for good.
    """
    now = timezone.now()
    if is_hard and not Message.objects.filter(pk=message.pk, returned_at=None).update(returned_at=now):
        return
    standing, _is_new = AddressStanding.objects.select_for_update().get_or_create(
        person=message.recipient, address=message.to_address.lower()
    )
    if standing.paused_at is None and standing.last_at < now - FORGOTTEN_AFTER:
        standing.hard = standing.soft = 0
    standing.last_said, standing.last_at = said[:LONGEST_SAID], now
    if is_hard:
        standing.hard += 1
    else:
        standing.soft += 1
    is_third = standing.hard >= HARD_ONES and standing.paused_at is None
    if is_third:
        standing.paused_at = now
    standing.save()
    if is_third:
        address_paused.send(sender=AddressStanding, standing=standing)


def paused_among(messages: Sequence[Message]) -> set[int]:
    """Return the keys of messages whose address gets no mail until somebody tries it again; one query."""
    people = {message.recipient_id for message in messages}
    paused = set(
        AddressStanding.objects.paused().filter(person__in=people).values_list("person_id", "address")
    )
    return {
        message.pk for message in messages if (message.recipient_id, message.to_address.lower()) in paused
    }


@transaction.atomic
def try_again(standing: AddressStanding, *, by: Any, to_address: str = "") -> int:
    """Let mail go to an address again, with what was kept back from it, and return how many mails that is.

    They go to `to_address` where that is given. `by` is the staff member who asks; the caller records it.
    """
    after_commit("coppice.notifications.tasks.deliver_due")
    AddressStanding.objects.filter(pk=standing.pk).update(hard=0, soft=0, paused_at=None)
    return Message.objects.filter(
        recipient=standing.person_id,
        to_address__iexact=standing.address,
        state=Message.State.WITHHELD,
        trouble=Message.Trouble.PAUSED,
    ).update(
        state=Message.State.WAITING,
        to_address=to_address or standing.address,
        attempts=0,
        next_attempt_at=timezone.now(),
        trouble="",
        last_error="",
        returned_at=None,
    )
