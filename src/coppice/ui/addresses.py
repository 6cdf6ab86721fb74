"""Addresses of things that a page has many of, of which Django would look up each from the beginning."""

from django.urls import reverse

PLACE = 9_876_543_210_123
"""A number that stands in no address of ours but where we put it."""


class Addresses:
    """The addresses of one name: `Addresses("conversations:flagging").of(post.pk)`; looked up once.

    Numbers `before` stand ahead of the one that changes.
    """

    def __init__(self, name: str, *before: int) -> None:
        self._start, self._end = reverse(name, args=[*before, PLACE]).split(str(PLACE))

    def of(self, number: int | str) -> str:
        """Return `reverse(name, args=[number])`; instead of a number it may be a gap for one."""
        return f"{self._start}{number}{self._end}"
