"""Leaving the list of a mail, as its link does: for who answered so, or complained about it."""

from coppice.notifications.models import Message, Wish
from coppice.notifications.queries import subscriber_of
from coppice.notifications.subscriptions import make_token
from coppice.notifications.wishes import wish


def leave_list_of(message: Message) -> None:
    """Let the reader of a mail leave its list, or the lists of a digest; twice changes nothing."""
    if message.list_key and message.recipient.erased_at is None:
        token = make_token(message.recipient_id, message.list_key)
        lists = subscriber_of(None, token=token).lists
        wish(message.recipient, list_keys=[each.key for each in lists], wish=Wish.NONE)
