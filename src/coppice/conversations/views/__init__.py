"""The pages of conversations."""

from coppice.conversations.views import moderation, posts, reading, threads

__all__ = ["moderation", "posts", "reading", "threads"]
