"""Which optional groups to use: a first choice by topics, and changes of it that promise to pay."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, zip_longest

from engines.grouping.aims import TopicWanted, Wishes
from engines.grouping.allotment import allot
from engines.grouping.measures import contentment, wants
from engines.grouping.sheet import Sheet

type Opening = tuple[list[bool], Mapping[str, str]]
"""For each group whether it is used, and a start: person's id -> group's id."""


def first_openings(sheet: Sheet, start: Mapping[str, str]) -> list[Opening]:
    """The groups that a start uses, if it places most people; else those of the best allotment by topics."""
    if not any(group.optional for group in sheet.groups):
        return []
    placed = {sheet.group_at[name] for name in start.values() if name in sheet.group_at}
    if 2 * len(start) > len(sheet.people):
        return [([not group.optional or g in placed for g, group in enumerate(sheet.groups)], start)]
    found = allot(sheet, topic_worths(sheet), random.Random(0))  # noqa: S311
    return [] if found is None else [(found.is_open, {**named(sheet, found.places), **start})]


def topic_worths(sheet: Sheet) -> list[list[float]]:
    """What the topic of each group is worth to each unit by the aims, summed over its people and weights."""
    topics = {topic: k for k, topic in enumerate(dict.fromkeys(group.topic for group in sheet.groups))}
    rows = []
    for unit in sheet.units:
        row = dict.fromkeys(topics, 0.0)
        for aim in sheet.aims:
            if isinstance(aim, TopicWanted):
                for topic in topics:
                    row[topic] += aim.weight * sum(wants(sheet, i, topic) for i in unit)
            elif isinstance(aim, Wishes):
                for topic in topics:
                    row[topic] += aim.weight * sum(contentment(aim, sheet, i, topic) for i in unit)
        rows.append([row[group.topic] for group in sheet.groups])
    return rows


def named(sheet: Sheet, places: list[int]) -> dict[str, str]:
    """Person's id -> group's id, from the group of each unit."""
    return {
        sheet.people[i].id: sheet.groups[g].id
        for unit, g in zip(sheet.units, places, strict=True)
        for i in unit
    }


def changed_openings(sheet: Sheet, is_open: list[bool], places: list[int], most: int) -> Iterator[Opening]:
    """Up to so many other openings, by turns of each sort, those first of which the topics promise most.

    A group is closed, and its people look for another; or opened, with those who gain most by it; or all
    people of one take up the topic of another that was not used.
    """
    now = _Now(sheet, is_open, places)
    sorts = [sorted(each, key=_promise) for each in (now.renamed(), now.opened(), now.closed())]
    turns = (change for turn in zip_longest(*sorts) for change in turn if change is not None)
    for change in islice(turns, most):
        after = [change.is_open.get(g, used) for g, used in enumerate(is_open)]
        then = [change.moves.get(unit, g) for unit, g in enumerate(places)]
        start = named(sheet, then)
        yield after, {name: place for name, place in start.items() if after[sheet.group_at[place]]}


@dataclass(frozen=True, slots=True)
class _Change:
    """Groups that are opened or closed, units that move with that, and what the topics promise."""

    promise: float
    is_open: dict[int, bool]
    moves: dict[int, int]


def _promise(change: _Change) -> float:
    return -change.promise


class _Now:
    """A grouping as it stands, and what could be opened and closed."""

    def __init__(self, sheet: Sheet, is_open: list[bool], places: list[int]) -> None:
        self.sheet = sheet
        self.places = places
        self.worths = topic_worths(sheet)
        self.people = [len(unit) for unit in sheet.units]
        self.inside: list[list[int]] = [[] for _ in sheet.groups]
        for unit, g in enumerate(places):
            self.inside[g].append(unit)
        self.sizes = [sum(self.people[unit] for unit in units) for units in self.inside]
        self.used = [g for g, used in enumerate(is_open) if used]
        self.optional = [g for g in self.used if sheet.groups[g].optional]
        self.unused = [g for g, used in enumerate(is_open) if not used]

    def closed(self) -> Iterator[_Change]:
        """Each optional group closed, if the others have room: everybody at best goes to the next best."""
        room = sum(self.sheet.groups[g].maximum for g in self.used) - sum(self.sizes)
        for g in self.optional:
            if room >= self.sheet.groups[g].maximum:
                promise = 0.0
                for unit in self.inside[g]:
                    others = (self.worths[unit][h] for h in self.used if h != g and self._may(unit, h))
                    promise += max(others, default=0.0) - self.worths[unit][g]
                yield _Change(promise, {g: False}, {})

    def opened(self) -> Iterator[_Change]:
        """Each unused group opened with those who gain most, at least as many as it needs."""
        for h in self.unused:
            group, sizes, moves, promise = self.sheet.groups[h], list(self.sizes), dict[int, int](), 0.0
            units = [unit for unit in range(len(self.places)) if self._may(unit, h)]
            units.sort(key=lambda unit: self.worths[unit][self.places[unit]] - self.worths[unit][h])
            for unit in units:
                g, gain = self.places[unit], self.worths[unit][h] - self.worths[unit][self.places[unit]]
                is_enough = sizes[h] >= group.minimum and gain <= 0
                can_go = sizes[g] - self.people[unit] >= self.sheet.groups[g].minimum
                if can_go and not is_enough and sizes[h] + self.people[unit] <= group.maximum:
                    sizes[g] -= self.people[unit]
                    sizes[h] += self.people[unit]
                    moves[unit] = h
                    promise += gain
            if sizes[h] >= max(1, group.minimum):
                yield _Change(promise, {h: True}, moves)

    def renamed(self) -> Iterator[_Change]:
        """Each optional group with another topic that is not used, if all its people may have that."""
        for g in self.optional:
            for h in self.unused:
                group, units = self.sheet.groups[h], self.inside[g]
                if group.minimum <= self.sizes[g] <= group.maximum and all(self._may(u, h) for u in units):
                    promise = sum(self.worths[unit][h] - self.worths[unit][g] for unit in units)
                    yield _Change(promise, {g: False, h: True}, dict.fromkeys(units, h))

    def _may(self, unit: int, g: int) -> bool:
        return g in self.sheet.unit_allowed[unit]
