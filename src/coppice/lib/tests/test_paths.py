"""Addresses of which a page has many."""

from django.urls import reverse

from coppice.lib.paths import path


def test_an_address_is_the_one_that_django_would_write():
    assert [path("home:board", number) for number in (7, 8, 7)] == [
        reverse("home:board", args=[number]) for number in (7, 8, 7)
    ]
