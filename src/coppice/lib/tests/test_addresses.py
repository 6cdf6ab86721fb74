"""Addresses of which a page has many."""

from django.urls import reverse

from coppice.lib.addresses import address


def test_an_address_is_the_one_that_django_would_write():
    assert [address("home:board", number) for number in (7, 8, 7)] == [
        reverse("home:board", args=[number]) for number in (7, 8, 7)
    ]
