"""What stays as it is when somebody leaves a list: rooms above register a teller for their kind of list."""

from collections.abc import Callable

type Teller = Callable[[int, int], str]
"""Takes the ids of the person and of the thing whose list it is; returns a sentence, or "" for none."""

_tellers: dict[str, Teller] = {}


def register(kind: str, teller: Teller) -> None:
    """Ask `teller` about lists such as "community:3" (kind "community"); called from AppConfig.ready()."""
    _tellers[kind] = teller


def standing(person_id: int, list_key: str) -> str:
    """Return what stays as it is for this person when they leave the list; "" where nobody knows."""
    kind, _, subject_id = list_key.partition(":")
    teller = _tellers.get(kind)
    if teller is None or not (subject_id.isascii() and subject_id.isdigit()):
        return ""
    return teller(person_id, int(subject_id))
