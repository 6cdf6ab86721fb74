"""Which entries belong to one conversation: by what they answer, else by subject within days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WITHIN = timedelta(days=30)
"""A reply that names nothing that is here belongs to the last one of its subject, if that is no older."""


@dataclass(frozen=True, slots=True)
class Stub:
    """What joining needs of an entry; `subject` is folded."""

    key: str
    at: datetime
    subject: str
    is_reply: bool = False
    parents: tuple[str, ...] = ()
    thread: str = ""


def join(stubs: Sequence[Stub], known: Mapping[str, str]) -> list[str]:
    """Return for each entry the key of its conversation, which is that of its earliest entry.

    `known` are entries that are elsewhere already, with the key of their conversation, which wins. What two
    entries answer in common holds them together although it is missing. Entries may come in any order.
    """
    union = _Union()
    for stub in stubs:
        if stub.thread:
            union.join(stub.key, f"thread {stub.thread}")
        for parent in stub.parents:
            union.join(stub.key, parent)
    in_order = sorted(range(len(stubs)), key=lambda place: (stubs[place].at, place))
    _join_by_subject(union, [stubs[place] for place in in_order])
    names: dict[str, str] = {}
    for key, thread in known.items():
        names.setdefault(union.find(key), thread)
    for place in in_order:
        names.setdefault(union.find(stubs[place].key), stubs[place].key)
    return [names[union.find(stub.key)] for stub in stubs]


def _join_by_subject(union: "_Union", stubs: Sequence[Stub]) -> None:
    """Join replies whose parents are nowhere; `stubs` are in the order of time."""
    here = {stub.key for stub in stubs}
    last: dict[str, Stub] = {}
    for stub in stubs:
        if not stub.subject or stub.thread:
            continue
        before = last.get(stub.subject)
        is_lost = stub.is_reply and not any(parent in here for parent in stub.parents)
        if is_lost and before is not None and stub.at - before.at <= WITHIN:
            union.join(stub.key, before.key)
        last[stub.subject] = stub


class _Union:
    """Sets that grow together."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def find(self, key: str) -> str:
        """Return the name of the set that holds `key`."""
        top = key
        while (above := self._above.get(top, top)) != top:
            top = above
        while key != top:  # the way is short next time
            self._above[key], key = top, self._above.get(key, key)
        return top

    def join(self, one: str, other: str) -> None:
        """Make one set of two."""
        self._above[self.find(one)] = self.find(other)
