"""What people do in a library: add, change, replace, restore, throw away, take back."""

from coppice.library.actions.items import (
    Contents,
    add,
    describe,
    purge,
    remove,
    renew,
    restore,
    take_back,
)

__all__ = ["Contents", "add", "describe", "purge", "remove", "renew", "restore", "take_back"]
