"""Rows for tests of mail: plain functions that make real rows."""

import itertools
from typing import Any

from django.contrib.auth import get_user_model

from coppice.notifications.models import Message

_numbers = itertools.count(1)


def make_person(**fields: Any) -> Any:
    """A person with an address of their own."""
    fields.setdefault("email", f"person{next(_numbers)}@example.org")
    return get_user_model().objects.create_user(**fields)


def make_message(recipient: Any = None, **fields: Any) -> Message:
    """A message that is due now."""
    number = next(_numbers)
    recipient = recipient or make_person()
    return Message.objects.create(
        **{
            "recipient": recipient,
            "to_address": recipient.email,
            "occasion": f"occasion:{number}",
            "subject": "First meeting",
            "text": "Say whether you come.\n",
            "html": "<html><head></head><body><p>Say whether you come.</p></body></html>",
            "message_id": f"<message{number}@coppice.example>",
            **fields,
        }
    )
