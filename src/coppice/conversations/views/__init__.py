"""The pages of conversations."""

from coppice.conversations.views import deciding, decisions, moderation, peace, posts, reading, threads

__all__ = ["deciding", "decisions", "moderation", "peace", "posts", "reading", "threads"]
