"""The pages of conversations."""

from coppice.conversations.views import deciding, decisions, posts, reading, threads

__all__ = ["deciding", "decisions", "posts", "reading", "threads"]
