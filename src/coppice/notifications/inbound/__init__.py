"""Mail that comes in: who takes it, whose it is, and what it does."""

from coppice.notifications.inbound.mailboxes import register_own_addresses
from coppice.notifications.inbound.registry import (
    Incoming,
    IncomingFile,
    NotUnderstood,
    Place,
    register,
    register_address,
    register_reader,
)

__all__ = [
    "Incoming",
    "IncomingFile",
    "NotUnderstood",
    "Place",
    "register",
    "register_address",
    "register_own_addresses",
    "register_reader",
]
