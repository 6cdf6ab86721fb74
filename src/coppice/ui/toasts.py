"""A sentence shown once after a change, and the way back when there is one."""

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

from coppice.ui.navigation import Words

UNDO = "undo "


def offer_undo(request: HttpRequest, sentence: Words, *, url: str) -> None:
    """Say what was done, with an Undo button that POSTs to `url` (one of our own paths)."""
    messages.success(request, str(sentence), extra_tags=UNDO + url)


def undo_url(message: Message) -> str:
    """Return the address that takes back what `message` tells of, or "" when nothing can."""
    tags = message.extra_tags or ""
    return tags.removeprefix(UNDO) if tags.startswith(UNDO) else ""
