"""Addresses of things that a page has many of."""

from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=4096)
def path(name: str, number: int) -> str:
    """Return `reverse(name, args=[number])`, kept: a board of 25 lines asks for a hundred."""
    return reverse(name, args=[number])
