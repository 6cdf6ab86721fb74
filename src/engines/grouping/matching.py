"""Two counting arguments that prove rules impossible: too few places (Hall) and too many mutual foes."""

from engines.grouping.sheet import Sheet

FOE_LOOKS = 200_000


def crowded_people(sheet: Sheet) -> tuple[list[int], list[int]]:
    """People who are only allowed in groups that together hold fewer, and those groups; empty when none.

    Places the restricted people one by one by augmenting paths; when one cannot be placed, everybody who
    was reached in trying is crowded (Hall 1935), and no smaller part of them is found impossible this way.
    """
    everywhere = len(sheet.groups)
    restricted = [i for i, allowed in enumerate(sheet.allowed) if 0 < len(allowed) < everywhere]
    inside: list[set[int]] = [set() for _ in sheet.groups]
    for person in restricted:
        reached = _seat(person, sheet, inside)
        if reached:
            groups = sorted({g for i in reached for g in sheet.allowed[i]})
            return sorted(reached), groups
    return [], []


def _seat(person: int, sheet: Sheet, inside: list[set[int]]) -> set[int]:
    """Seat a person, moving others if need be; returns everybody reached when there is no way."""
    came_from: dict[int, int] = {}
    queue = [person]
    seen_groups: set[int] = set()
    for i in queue:
        for g in sorted(sheet.allowed[i] - seen_groups):
            seen_groups.add(g)
            came_from[g] = i
            if len(inside[g]) < sheet.groups[g].maximum:
                _shift(g, came_from, inside)
                return set()
            queue.extend(sorted(inside[g]))
    return set(queue)


def _shift(g: int, came_from: dict[int, int], inside: list[set[int]]) -> None:
    """Move each person on the path into the group that was found for them."""
    while True:
        person = came_from[g]
        before = next((h for h, here in enumerate(inside) if person in here), None)
        inside[g].add(person)
        if before is None:
            return
        inside[before].remove(person)
        g = before


def mutual_foes(sheet: Sheet) -> tuple[list[int], list[int]]:
    """People all kept apart from one another and more than the groups allowed to them, and those groups.

    Looks through maximal sets of mutual foes (Bron and Kerbosch 1973) up to a fixed number of looks, so a
    large tangle of rules may escape it; what it returns is proven.
    """
    stack: list[tuple[frozenset[int], frozenset[int], frozenset[int]]] = []
    with_foes = frozenset(i for i, foes in enumerate(sheet.foes) if foes)
    stack.append((frozenset(), with_foes, frozenset()))
    looks = FOE_LOOKS
    while stack and looks > 0:
        clique, candidates, done = stack.pop()
        looks -= 1 + len(candidates) + len(done)
        if not candidates and not done:
            crowd = _overfull(clique, sheet)
            if crowd:
                return sorted(crowd), sorted(frozenset().union(*(sheet.allowed[i] for i in crowd)))
            continue
        pivot = max(sorted(candidates | done), key=lambda i: len(sheet.foes[i] & candidates))
        for i in sorted(candidates - sheet.foes[pivot]):
            stack.append((clique | {i}, candidates & sheet.foes[i], done & sheet.foes[i]))
            candidates -= {i}
            done |= {i}
    return [], []


def _overfull(clique: frozenset[int], sheet: Sheet) -> frozenset[int]:
    """Those of mutual foes who have fewer groups than they are; empty when none are found."""
    for limit in sorted({sheet.allowed[i] for i in clique}, key=lambda groups: (len(groups), sorted(groups))):
        crowd = sorted(i for i in clique if sheet.allowed[i] <= limit)
        if len(crowd) > len(limit):
            return frozenset(crowd[: len(limit) + 1])
    return frozenset()
