"""Mails of a marketplace that were composed before go into the outbox."""

from collections.abc import Sequence

from django.db import transaction

from coppice.notifications.actions import post
from coppice.notifications.models import Message

AT_ONCE = 200


def post_mails(messages: Sequence[Message]) -> int:
    """Put composed mails into the outbox, some hundred in a transaction; says how many there were.

    One whose recipient, occasion and period are there already is dropped, so that twice sends once.
    """
    for start in range(0, len(messages), AT_ONCE):
        with transaction.atomic():
            post(messages[start : start + AT_ONCE])
    return len(messages)
