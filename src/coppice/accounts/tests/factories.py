"""Rows for tests of accounts: plain functions that make real rows."""

import itertools
from typing import Any

from coppice.accounts.models import Person

_numbers = itertools.count(1)


def make_person(**fields: Any) -> Person:
    """A person with an address of their own."""
    fields.setdefault("email", f"person{next(_numbers)}@example.net")
    return Person.objects.create_user(**fields)
