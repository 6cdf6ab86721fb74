"""Names in a post: whom @Name means, and whom it could mean."""

import re
from collections import defaultdict
from collections.abc import Iterable

from coppice.conversations.circle import Circle, Someone

AT = re.compile(r"(?<![\w@./])@(\w[\w'’.-]*)")


def mentioned_in(text: str, circle: Circle) -> set[int]:
    """Return the ids of people whom a text names: by their whole name, or by a first name that one has."""
    return {each.person_id for each in _whole(text, circle.present)} | {
        people[0].person_id for people in _by_first(text, circle).values() if len(people) == 1
    }


def unclear_in(text: str, circle: Circle) -> dict[str, list[Someone]]:
    """Return the first names after an @ that several people have, each with those people."""
    return {name: people for name, people in _by_first(text, circle).items() if len(people) > 1}


def names_in(text: str, circle: Circle) -> list[str]:
    """Return the words of a text that name somebody here, such as "@Ana Ruiz" and "@Ana"."""
    whole = [f"@{each.name}" for each in _whole(text, circle.present)]
    return whole + [f"@{name}" for name, people in _by_first(text, circle).items() if len(people) == 1]


def _whole(text: str, people: Iterable[Someone]) -> list[Someone]:
    if "@" not in text:
        return []
    folded = text.casefold()
    return [each for each in people if _at(each.name).search(folded)]


def _at(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w@./])@{re.escape(name.casefold())}(?!\w)")


def _by_first(text: str, circle: Circle) -> dict[str, list[Someone]]:
    """First names as the text writes them, each with who has it; without those that begin a whole name."""
    if "@" not in text:
        return {}
    rest = text
    for each in sorted(_whole(text, circle.present), key=lambda each: -len(each.name)):
        rest = re.sub(_at(each.name).pattern, " ", rest, flags=re.IGNORECASE)
    having: dict[str, list[Someone]] = defaultdict(list)
    for each in circle.present:
        having[each.name.split()[0].casefold()].append(each)
    found = {name.rstrip(".'’-") for name in AT.findall(rest)}
    return {name: having[name.casefold()] for name in sorted(found) if name.casefold() in having}
