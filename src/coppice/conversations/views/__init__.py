"""The pages of conversations."""

from coppice.conversations.views import posts, reading, threads

__all__ = ["posts", "reading", "threads"]
