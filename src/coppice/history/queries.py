"""Reads of the record."""

from django.core.paginator import Page, Paginator

from coppice.history.models import Entry, EntryQuerySet

PAGE = 50


def entries(scope: str) -> EntryQuerySet:
    """Return the record of one program, provider or person, newest first, with who did it and to whom."""
    return Entry.objects.of(scope).select_related("actor", "about")


def page_of_entries(scope: str, number: str | int | None) -> Page:
    """Return one page of the record; a number that does not exist gives the nearest page."""
    return Paginator(entries(scope), PAGE).get_page(number)
