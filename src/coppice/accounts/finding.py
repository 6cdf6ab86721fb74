"""What search knows of accounts: what only one person may find."""

from typing import Any


def own(person_id: int) -> str:
    """The key that only this person holds."""
    return f"person:{person_id}"


def keys_of(person: Any) -> list[str]:
    """Return the key of what only this person may find."""
    return [own(person.pk)]
