"""Counts that prove rules impossible: too few places (Hall), too many mutual foes, too few groups."""

from collections.abc import Iterable

from engines.grouping.sheet import Sheet

FOE_LOOKS, SEAT_LOOKS = 200_000, 2_000_000
"""How many people are looked at, at most, in search of mutual foes, and of places for who is limited."""


def crowded_people(sheet: Sheet) -> tuple[list[int], list[int]]:
    """People who are only allowed in groups that together hold fewer, and those groups; empty when none.

    Places the restricted people one by one by augmenting paths; when one cannot be placed, everybody who
    was reached in trying is crowded (Hall 1935), and no smaller part of them is found impossible this way.
    Gives up after a fixed number of looks.
    """
    everywhere = len(sheet.groups)
    seats = _Seats(sheet)
    for person, allowed in enumerate(sheet.allowed):
        if 0 < len(allowed) < everywhere and seats.looks > 0:
            reached = seats.seat(person)
            if reached:
                return sorted(reached), sorted({g for i in reached for g in sheet.allowed[i]})
    return [], []


class _Seats:
    """Who sits where while the restricted people are placed."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.inside: list[set[int]] = [set() for _ in sheet.groups]
        self.at: dict[int, int] = {}
        self.looks = SEAT_LOOKS

    def seat(self, person: int) -> set[int]:
        """Seat a person, moving others if need be; returns everybody reached when there is no way."""
        came_from: dict[int, int] = {}
        queue = [person]
        for i in queue:
            self.looks -= 1 + len(self.sheet.allowed[i])
            for g in sorted(self.sheet.allowed[i] - came_from.keys()):
                came_from[g] = i
                if len(self.inside[g]) < self.sheet.groups[g].maximum:
                    self._shift(g, came_from)
                    return set()
                queue.extend(sorted(self.inside[g]))
        return set(queue)

    def _shift(self, g: int, came_from: dict[int, int]) -> None:
        """Move each person on the path into the group that was found for them."""
        while True:
            person = came_from[g]
            before = self.at.get(person)
            self.inside[g].add(person)
            self.at[person] = g
            if before is None:
                return
            self.inside[before].remove(person)
            g = before


def most_groups(sheet: Sheet, among: Iterable[int]) -> int:
    """How many of some groups can be used at once, as far as the minimums and the number of people tell."""
    return most_places(sheet, among, 1)


def most_places(sheet: Sheet, among: Iterable[int], each: int) -> int:
    """How many places there can be at once, at most `each` in any of some groups.

    Groups that have to be used take their minimum of the people, and of the others no more are used than the
    smallest minimums leave people for (any, where people are too few for those that have to be used).
    """
    left = sheet.spare
    are_too_few = left < 0
    groups = [sheet.groups[g] for g in among]
    free = [group for group in groups if group.optional or not group.minimum]
    places = sum(min(each, group.maximum) for group in groups if not group.optional and group.minimum)
    count = 0
    for least in sorted(max(1, group.minimum) for group in free):
        left -= least
        count += left >= 0 or are_too_few
    return places + sum(sorted((min(each, group.maximum) for group in free), reverse=True)[:count])


def mutual_foes(sheet: Sheet) -> tuple[list[int], list[int], int]:
    """People all kept apart from one another and more than the groups that they can have.

    With them the groups allowed to them, and how many of those there can be at once; all empty when none are
    found. Looks through maximal sets of mutual foes (Bron and Kerbosch 1973), passing over those that cannot
    become large enough, up to a fixed number of looks, so a large tangle of rules may escape it; what it
    returns is proven.
    """
    rooms: dict[frozenset[int], int] = {}
    for allowed, foes in zip(sheet.allowed, sheet.foes, strict=True):
        if foes and allowed not in rooms:
            rooms[allowed] = most_groups(sheet, allowed)
    looks = FOE_LOOKS
    for people in _hanging_together(sheet):
        looks, crowd = _crowd(sheet, people, rooms, looks)
        if crowd:
            groups = sorted(frozenset().union(*(sheet.allowed[i] for i in crowd)))
            return crowd, groups, most_groups(sheet, groups)
    return [], [], 0


def _hanging_together(sheet: Sheet) -> Iterable[list[int]]:
    """People with foes, those together who are foes directly or through others."""
    seen: set[int] = set()
    for i, foes in enumerate(sheet.foes):
        if foes and i not in seen:
            seen.add(i)
            found = [i]
            for one in found:
                fresh = sheet.foes[one] - seen
                seen |= fresh
                found += sorted(fresh)
            yield sorted(found)


def _crowd(
    sheet: Sheet, people: list[int], rooms: dict[frozenset[int], int], looks: int
) -> tuple[int, list[int]]:
    """The looks that are left, and mutual foes among some people who are more than the groups they can have.

    A set of people is one whole number here, with a bit for each.
    """
    place = {i: k for k, i in enumerate(people)}
    foes = [sum(1 << place[foe] for foe in sheet.foes[i]) for i in people]
    fewest = min(rooms[sheet.allowed[i]] for i in people)
    stack = [(0, (1 << len(people)) - 1, 0)]
    while stack and looks > 0:
        clique, candidates, done = stack.pop()
        looks -= 1 + (candidates | done).bit_count()
        if clique.bit_count() + candidates.bit_count() <= fewest:
            continue
        if not candidates and not done:
            crowd = _overfull([people[k] for k in _bits(clique)], sheet, rooms)
            if crowd:
                return looks, crowd
            continue
        pivot = max(_bits(candidates | done), key=lambda k: (foes[k] & candidates).bit_count())
        for k in _bits(candidates & ~foes[pivot]):
            stack.append((clique | 1 << k, candidates & foes[k], done & foes[k]))
            candidates &= ~(1 << k)
            done |= 1 << k
    return looks, []


def _bits(number: int) -> list[int]:
    """The places of the bits that are set, from the lowest."""
    found = []
    while number:
        lowest = number & -number
        found.append(lowest.bit_length() - 1)
        number ^= lowest
    return found


def _overfull(clique: list[int], sheet: Sheet, rooms: dict[frozenset[int], int]) -> list[int]:
    """Those of mutual foes who have fewer groups than they are; empty when none are found."""
    for limit in sorted({sheet.allowed[i] for i in clique}, key=lambda groups: (len(groups), sorted(groups))):
        crowd = [i for i in clique if sheet.allowed[i] <= limit]
        if len(crowd) > rooms[limit]:
            return crowd[: rooms[limit] + 1]
    return []
