"""Mail that comes in: who takes it, whose it is, and what it does."""

from coppice.notifications.inbound.registry import (
    Incoming,
    IncomingFile,
    Place,
    register,
    register_address,
    register_reader,
)

__all__ = ["Incoming", "IncomingFile", "Place", "register", "register_address", "register_reader"]
