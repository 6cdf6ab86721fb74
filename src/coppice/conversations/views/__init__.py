"""The pages of conversations."""

from coppice.conversations.views import moderation, peace, posts, reading, threads

__all__ = ["moderation", "peace", "posts", "reading", "threads"]
