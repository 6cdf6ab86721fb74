"""The doors of accounts."""

from django.http import HttpRequest

from coppice.accounts.models import Person


def reader(request: HttpRequest) -> Person:
    """Return the person who is signed in; `access(signed_in)` has made sure that there is one."""
    assert isinstance(request.user, Person)
    return request.user
