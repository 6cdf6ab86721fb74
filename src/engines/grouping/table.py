"""A problem laid out for the loops of `kernel.py`: every list flat, every name a number."""

from array import array
from collections.abc import Iterable, Sequence
from typing import Any

from engines.grouping import aims as a
from engines.grouping import layout as at
from engines.grouping import rules as r
from engines.grouping.layout import (
    ALIKE,
    ALIKE_NUMBERS,
    ALIKE_SETS,
    BALANCED,
    BITS,
    COMMON_NEEDS,
    COVERAGE,
    DIVERSE,
    DIVERSE_NUMBERS,
    ENOUGH,
    HOURS,
    INTS,
    ISOLATED,
    PROPORTIONAL,
    SIZE,
)
from engines.grouping.measures import contentment, is_strict, mean_and_spread, most_unlike, wants
from engines.grouping.sheet import Sheet

KEPT_VALUES = 64
"""An attribute of more values than this is counted anew instead of kept counted in every group."""


MOSTLY_WORST = 0.95
"""The weakest group is never all that counts on the way: the others show in which direction to go on."""

ORDER = (
    a.TopicWanted,
    a.Wishes,
    a.Stability,
    a.MeetingHours,
    a.EnoughOf,
    a.NobodyIsolated,
    a.Alike,
    a.Diverse,
    a.Proportional,
    a.Balanced,
    a.AlikeNumbers,
    a.DiverseNumbers,
    a.SizeNear,
    a.Coverage,
    a.CommonNeeds,
)
"""Aims that settle a swap quickest, and take least time to look at, come first."""


class _Lists:
    """Lists of whole numbers per person, one after another, as start and item."""

    def __init__(self) -> None:
        self.start = array("q")
        self.item = array("q")

    def add(self, lists: Iterable[Iterable[int]]) -> None:
        for each in lists:
            self.start.append(len(self.item))
            self.item.extend(each)
        self.start.append(len(self.item))


class _Builder:
    """Collects the tables of every aim and rule."""

    def __init__(self, sheet: Sheet, room: int) -> None:
        self.sheet = sheet
        self.people = sheet.people
        self.n = len(sheet.people)
        self.room = room
        self.kind: list[int] = []
        self.share: list[float] = []
        self.place: list[int] = []
        self.target: list[float] = []
        self.values: list[int] = []
        self.column: list[int] = []
        self.least: list[int] = []
        self.columns = 0
        self.part: list[float] = []
        self.code = array("q")
        self.best: list[float] = []
        self.number = array("d")
        self.has_number = array("q")
        self.has = array("q")
        self.answered = array("q")
        self.lists = _Lists()
        self.list_count = 0
        self.quorum: list[float] = []
        self.sets: list[list[int]] = []
        self.set_values = 0
        self.pools: list[list[int]] = []  # per pool: value of each person or -1
        self.kin: list[list[int]] = []  # per aim that looks for the same: value of each person or -1
        self.stay = 0.0
        topics = sorted({group.topic or "" for group in sheet.groups})
        self.topic_at = {topic: k for k, topic in enumerate(topics)}
        self.linear = array("d", [0.0]) * (self.n * len(topics))

    def aim(self, aim: a.Aim, share: float) -> None:
        self._lay(aim, share)
        self.part.extend([a.PART if is_strict(aim) else 1.0] * (len(self.kind) - len(self.part)))

    def _lay(self, aim: a.Aim, share: float) -> None:
        match aim:
            case a.Alike() if any(aim.attribute in person.sets for person in self.people):
                self._alike_sets(aim, share)
            case a.Alike() | a.Diverse():
                self._categories(aim, share)
            case a.AlikeNumbers() | a.DiverseNumbers() | a.Balanced():
                self._numbers(aim, share)
            case a.Proportional() | a.EnoughOf():
                self._count(aim, share)
            case a.NobodyIsolated():
                self._isolated(aim, share)
            case a.TopicWanted():
                self._topic(share, lambda i, topic: wants(self.sheet, i, topic))
            case a.Wishes():
                self._topic(share, lambda i, topic: contentment(aim, self.sheet, i, topic))
                firsts = [person.wishes[0] if person.wishes else None for person in self.people]
                self._pool(firsts)
            case a.CommonNeeds():
                self._common_needs(share)
            case a.Coverage():
                self._add(COVERAGE, share)
            case a.MeetingHours():
                self._add(HOURS, share, place=len(self.quorum), target=aim.target)
                self.quorum.append(aim.quorum)
            case a.Stability():
                self._stability(share)
            case _:
                self._add(SIZE, share, target=aim.target)

    def _add(
        self,
        kind: int,
        share: float,
        *,
        place: int = 0,
        target: float = 0.0,
        values: int = 0,
        is_kept: bool = False,
        least: int = 0,
    ) -> None:
        self.kind.append(kind)
        self.share.append(share)
        self.place.append(place)
        self.target.append(target)
        self.values.append(values)
        self.least.append(least)
        is_kept = is_kept and values <= KEPT_VALUES
        self.column.append(self.columns if is_kept else -1)
        self.columns += values if is_kept else 0

    def _pool(self, values: Sequence[Any]) -> None:
        numbers = numbered(values)
        if len(set(numbers) - {-1}) > 0:
            self.pools.append(numbers)

    def pool_kin(self) -> None:
        """One more pool: people alike in everything that is to be alike, enough or not alone."""
        if len(self.kin) > 1:
            self._pool(list(zip(*self.kin, strict=True)))

    def _categories(self, aim: a.Alike | a.Diverse, share: float) -> None:
        values = [person.categories.get(aim.attribute) for person in self.people]
        codes = numbered(values)
        kinds = len(set(codes) - {-1})
        is_alike = isinstance(aim, a.Alike)
        place = len(self.code) // self.n
        kind = ALIKE if is_alike else DIVERSE
        self._add(kind, share, place=place, values=kinds, is_kept=True)
        self.code.extend(codes)
        self.best.extend(most_unlike(count, kinds) for count in range(self.room + 1))
        if is_alike:
            self.kin.append(codes)
        self._pool(values)

    def _alike_sets(self, aim: a.Alike, share: float) -> None:
        answers = [person.values_of(aim.attribute) for person in self.people]
        names = {value: k for k, value in enumerate(sorted(set().union(*answers)))}
        told = self._tell([bool(each) for each in answers])
        self._add(ALIKE_SETS, share, place=len(self.sets), target=told)
        self.sets.append([sum(1 << names[value] for value in each) for each in answers])
        self.set_values = max(self.set_values, len(names))

    def _tell(self, answered: list[bool]) -> int:
        place = len(self.answered) // self.n
        self.answered.extend(map(int, answered))
        self.has.extend([0] * self.n)
        return place

    def _numbers(self, aim: a.AlikeNumbers | a.DiverseNumbers | a.Balanced, share: float) -> None:
        numbers = [person.numbers.get(aim.attribute) for person in self.people]
        answered = [number for number in numbers if number is not None]
        mean, spread = mean_and_spread(answered) if answered else (0.0, 0.0)
        if spread == 0:
            return self._fulfilled(share)
        kinds = {a.AlikeNumbers: ALIKE_NUMBERS, a.DiverseNumbers: DIVERSE_NUMBERS, a.Balanced: BALANCED}
        tolerance = aim.tolerance if isinstance(aim, a.Balanced) else 0.0
        self._add(kinds[type(aim)], share, place=len(self.number) // self.n, target=tolerance)
        self.number.extend(0.0 if x is None else (x - mean) / spread for x in numbers)
        self.has_number.extend(int(x is not None) for x in numbers)
        return None

    def _fulfilled(self, share: float) -> None:
        """An aim that every grouping meets."""
        self.linear = array("d", [x + share for x in self.linear])

    def _count(self, aim: a.Proportional | a.EnoughOf, share: float) -> None:
        has = self.sheet.has(aim.attribute, aim.value)
        place = len(self.has) // self.n
        self.has.extend(map(int, has))
        self.answered.extend(int(bool(person.values_of(aim.attribute))) for person in self.people)
        if isinstance(aim, a.EnoughOf):
            self._add(ENOUGH, share, place=place, target=aim.count)
        else:
            target = self.sheet.share(aim.attribute, aim.value)
            self._add(PROPORTIONAL, share, place=place, target=target)
        self._pool([True if each else None for each in has])
        self.kin.append(list(map(int, has)))

    def _isolated(self, aim: a.NobodyIsolated, share: float) -> None:
        watched = self.sheet.values(aim.attribute) if aim.values is None else aim.values
        names = {value: k for k, value in enumerate(sorted(set(watched)))}
        lists = [[names[v] for v in person.values_of(aim.attribute) if v in names] for person in self.people]
        self._add(ISOLATED, share, place=self.list_count, values=len(names), is_kept=True, least=aim.at_least)
        self.lists.add(lists)
        self.list_count += 1
        self._pool([each[0] if each else None for each in lists])
        self.kin.append([each[0] if each else -1 for each in lists])

    def _common_needs(self, share: float) -> None:
        topics = self.topics()
        told = self._tell([person.needs is not None for person in self.people])
        self._add(COMMON_NEEDS, share, place=self.list_count, target=told, values=len(topics))
        self.lists.add([topics[topic] for topic in person.needs or ()] for person in self.people)
        self.list_count += 1

    def topics(self) -> dict[str, int]:
        names = sorted({topic for person in self.people for topic in person.needs or ()})
        return {topic: k for k, topic in enumerate(names)}

    def _topic(self, share: float, worth: Any) -> None:
        width = len(self.topic_at)
        names: list[tuple[int, str | None]] = [(k, topic or None) for topic, k in self.topic_at.items()]
        for i in range(self.n):
            for k, topic in names:
                self.linear[i * width + k] += share * worth(i, topic)

    def _stability(self, share: float) -> None:
        width = len(self.topic_at)
        self.stay += share
        for i, person in enumerate(self.people):
            if not person.earlier_group:
                for k in range(width):
                    self.linear[i * width + k] += share


def numbered(values: Sequence[Any]) -> list[int]:
    """Values as numbers from 0 in alphabetical order; None as -1."""
    names = {value: k for k, value in enumerate(sorted({v for v in values if v is not None}))}
    return [-1 if value is None else names[value] for value in values]


def words_of(masks: Sequence[int], bits: int) -> tuple[int, list[int]]:
    """Masks cut into words of 62 bits, and how many words each takes (at least one)."""
    words = max(1, -(-bits // BITS))
    if words == 1:
        return 1, list(masks)
    part = (1 << BITS) - 1
    return words, [(mask >> (BITS * w)) & part for mask in masks for w in range(words)]


class Memory:
    """The two arrays, growing table by table."""

    def __init__(self) -> None:
        self.whole = array("q", [0] * at.HEADER)
        self.real = array("d", [0.0] * at.REAL_HEADER)
        self.lengths: dict[int, int] = {}

    def put(self, name: int, numbers: Iterable[int]) -> None:
        """Lay down a table of whole numbers and note where it begins."""
        self.whole[name] = len(self.whole)
        self.whole.extend(numbers)
        self.lengths[name] = len(self.whole) - self.whole[name]

    def put_real(self, name: int, numbers: Iterable[float]) -> None:
        """Lay down a table of real numbers and note where it begins."""
        self.whole[name] = len(self.real)
        self.real.extend(numbers)
        self.lengths[name] = len(self.real) - self.whole[name]

    def table(self, name: int) -> "array[int]":
        """A table of whole numbers."""
        return self.whole[self.whole[name] : self.whole[name] + self.lengths[name]]

    def real_table(self, name: int) -> "array[float]":
        """A table of real numbers."""
        return self.real[self.whole[name] : self.whole[name] + self.lengths[name]]


def memory_of(sheet: Sheet, seed: int) -> Memory:
    """Everything that the loops need; all groups are open, and nobody is placed yet."""
    n, groups, problem = len(sheet.people), sheet.groups, sheet.problem
    largest = max(len(unit) for unit in sheet.units)
    room = min(n, max(group.maximum for group in groups) + largest + 2) + largest
    b = _Builder(sheet, room)
    weight = sum(aim.weight for aim in sheet.aims)
    for aim in sorted(sheet.aims, key=lambda each: ORDER.index(type(each))):
        if aim.weight > 0:
            b.aim(aim, aim.weight / weight)
    if weight <= 0:
        b.linear = array("d", [1.0]) * len(b.linear)
    m = Memory()
    put, put_real = m.put, m.put_real
    m.whole[at.N], m.whole[at.G], m.whole[at.U], m.whole[at.ROOM] = n, len(groups), len(sheet.units), room
    m.real[at.SHARES] = sum(b.share)
    m.real[at.STAY], m.real[at.WORST_FIRST] = b.stay, min(problem.worst_group_first, MOSTLY_WORST)

    units = _Lists()
    units.add(sheet.units)
    unit_of = [0] * n
    for u, unit in enumerate(sheet.units):
        for i in unit:
            unit_of[i] = u
    only, allow_row, allow = _allowed(sheet)
    movable = [u for u in range(len(sheet.units)) if only[u] < 0]
    put(at.AT_UNIT_START, units.start)
    put(at.AT_UNIT_ITEM, units.item)
    put(at.AT_UNIT_OF, unit_of)
    put(at.AT_ONLY, only)
    put(at.AT_ALLOW_ROW, allow_row)
    put(at.AT_ALLOW, allow)
    put(at.AT_MOVABLE, movable)
    m.whole[at.MOVABLES] = len(movable)

    put(at.AT_MINIMUM, [group.minimum for group in groups])
    put(at.AT_MAXIMUM, [group.maximum for group in groups])
    put(at.AT_IS_OPEN, [1] * len(groups))
    put(at.AT_OPTIONAL, [int(group.optional) for group in groups])
    put(at.AT_TOPIC, [b.topic_at[group.topic or ""] for group in groups])
    m.whole[at.TOPICS] = len(b.topic_at)
    put_real(at.AT_LINEAR, b.linear)
    put(at.AT_HOME, [sheet.group_at.get(p.earlier_group or "", -1) for p in sheet.people])

    m.whole[at.AIMS] = len(b.kind)
    put(at.AT_KIND, b.kind)
    put_real(at.AT_SHARE, b.share)
    put_real(at.AT_PART, b.part)
    put(at.AT_PLACE, b.place)
    put_real(at.AT_TARGET, b.target)
    put(at.AT_CODE, b.code)
    put_real(at.AT_NUMBER, b.number)
    put(at.AT_HAS_NUMBER, b.has_number)
    put(at.AT_HAS, b.has)
    put(at.AT_ANSWERED, b.answered)
    put_real(at.AT_BEST, b.best)
    put(at.AT_VALUES, b.values)
    put(at.AT_COLUMN, b.column)
    m.whole[at.COLUMNS] = b.columns
    put(at.AT_LIST_START, b.lists.start)
    put(at.AT_LIST_ITEM, b.lists.item)
    put(at.AT_LEAST, b.least)

    topics = b.topics()
    expert = problem.expert_level
    m.whole[at.TOPIC_WORDS], needs = words_of(
        [sum(1 << topics[t] for t in set(person.needs or ())) for person in sheet.people], len(topics)
    )
    put(at.AT_NEEDS, needs)
    put(
        at.AT_KNOWS,
        words_of(
            [
                sum(1 << topics[t] for t, k in person.expertise.items() if k >= expert and t in topics)
                for person in sheet.people
            ],
            len(topics),
        )[1],
    )
    put(at.AT_ASKS, [len(set(person.needs or ())) for person in sheet.people])
    m.whole[at.SLOTS] = problem.slots
    m.whole[at.SLOT_WORDS], free = words_of(
        [sum(1 << slot for slot in person.hours or ()) for person in sheet.people], problem.slots
    )
    put(at.AT_FREE, free)
    put(at.AT_SLOT_MASK, words_of([(1 << problem.slots) - 1], problem.slots)[1])
    put(at.AT_HAS_HOURS, [int(person.hours is not None) for person in sheet.people])
    put_real(at.AT_QUORUM, b.quorum)
    m.whole[at.HOUR_AIMS] = len(b.quorum)
    m.whole[at.SET_WORDS], sets = words_of([mask for each in b.sets for mask in each], b.set_values)
    put(at.AT_SETS, sets)

    foes = _Lists()
    foes.add(sheet.foes)
    put(at.AT_FOE_START, foes.start)
    put(at.AT_FOE_ITEM, foes.item)
    m.whole[at.FOES] = len(foes.item)
    mosts, widest = problem.rules_of(r.AtMost), 1
    most = _Lists()
    for rule in mosts:
        values = {v for p in sheet.people for v in p.values_of(rule.attribute) if rule.value in (None, v)}
        names = {value: k for k, value in enumerate(sorted(values))}
        most.add([names[v] for v in p.values_of(rule.attribute) if v in names] for p in sheet.people)
        widest = max(widest, len(names))
    m.whole[at.MOSTS] = len(mosts)
    put(at.AT_MOST, [rule.maximum for rule in mosts])
    put(at.AT_MOST_START, most.start)
    put(at.AT_MOST_ITEM, most.item)
    leasts = problem.rules_of(r.AtLeast)
    m.whole[at.LEASTS] = len(leasts)
    put(at.AT_LEAST_COUNT, [rule.count for rule in leasts])
    put(at.AT_LEAST_HAS, [int(h) for rule in leasts for h in sheet.has(rule.attribute, rule.value)])
    shared = problem.rules_of(r.SharedHours)
    m.whole[at.SHAREDS] = len(shared)
    put(at.AT_SHARED_COUNT, [rule.count for rule in shared])
    put_real(at.AT_SHARED_QUORUM, [rule.quorum for rule in shared])
    b.pool_kin()
    pools, pool_of = _pools(b.pools)
    m.whole[at.POOLS] = len(b.pools)
    put(at.AT_POOL_START, pools.start)
    put(at.AT_POOL_ITEM, pools.item)
    put(at.AT_POOL_OF, pool_of)
    _put_state(m, widest=max([widest, *b.values]), seed=seed)
    return m


def _put_state(m: Memory, *, widest: int, seed: int) -> None:
    """What the loops change, empty."""
    rows, numbers = m.whole[at.G] + 2, m.whole
    m.put(at.AT_SIZE, [0] * rows)
    m.put(at.AT_MEMBER, [0] * (rows * numbers[at.ROOM]))
    m.put(at.AT_AT, [-1] * numbers[at.U])
    m.put(at.AT_BREACH, [0] * rows)
    m.put(at.AT_ACTIVE, [*numbers[numbers[at.AT_MOVABLE] :][: numbers[at.MOVABLES]]])
    numbers[at.ACTIVES] = numbers[at.MOVABLES]
    m.put(at.AT_IS_ACTIVE, [1] * numbers[at.G])
    m.put(at.AT_KEPT, [0] * (numbers[at.G] * numbers[at.ROOM]))
    m.put(at.AT_KEPT_SIZE, [0] * numbers[at.G])
    m.put(at.AT_INTS, [0] * (rows * numbers[at.AIMS] * INTS))
    m.put(at.AT_COUNTS, [0] * (rows * numbers[at.COLUMNS]))
    m.put(at.AT_EXPERTS, [0] * (rows * 3 * numbers[at.TOPIC_WORDS]))
    m.put(at.AT_REACH, [0] * (rows * numbers[at.HOUR_AIMS] * at.REACHED * numbers[at.SLOT_WORDS]))
    m.put(at.AT_TALLY, [0] * (widest + 1))
    m.put(at.AT_STAMP, [0] * numbers[at.N])
    m.put(at.AT_LANE, [0] * (numbers[at.N].bit_length() + 1))
    m.put(at.AT_BROKEN, [0] * numbers[at.G])
    m.put(at.AT_BROKEN_AT, [-1] * numbers[at.G])
    m.put(at.AT_WHOLE, [0, 0, *_seeded(seed), 0, 0, 0, 0])
    m.put(at.AT_LOWEST, [-1, -1, -1])
    m.put_real(at.AT_WORTH, [0.0] * rows)
    m.put_real(at.AT_REALS, [0.0] * (rows * numbers[at.AIMS] * 2))
    m.put_real(at.AT_LINEAR_SUM, [0.0] * rows)
    m.put_real(at.AT_TOTAL, [0.0])
    m.put_real(at.AT_LOGARITHM, [logarithm((k + 0.5) / at.LOGARITHMS) for k in range(at.LOGARITHMS)])


def _pools(pools: list[list[int]]) -> tuple[_Lists, "array[int]"]:
    lists, base = _Lists(), 0
    of = array("q")
    for numbers in pools:
        here: dict[int, list[int]] = {}
        for i, v in enumerate(numbers):
            if v >= 0:
                here.setdefault(v, []).append(i)
        if lists.start:
            lists.start.pop()
        lists.add(here[v] for v in range(max(here) + 1))
        of.extend(v + base if v >= 0 else -1 for v in numbers)
        base += max(here) + 1
    return lists, of


def _allowed(sheet: Sheet) -> tuple[list[int], list[int], list[int]]:
    """For each unit its only group, or else its row among the distinct choices of groups."""
    everywhere = len(sheet.groups)
    rows: dict[frozenset[int], int] = {}
    only: list[int] = []
    row_of: list[int] = []
    flat: list[int] = []
    for groups in sheet.unit_allowed:
        is_one = len(groups) == 1 and everywhere > 1
        only.append(min(groups) if is_one else -1)
        if is_one or len(groups) == everywhere:
            row_of.append(-1)
            continue
        if groups not in rows:
            rows[groups] = len(rows)
            flat.extend(int(g in groups) for g in range(everywhere))
        row_of.append(rows[groups])
    return only, row_of, flat


def logarithm(x: float) -> float:
    """The natural logarithm of a number between 0 and 1, by a series that every machine sums alike."""
    halvings = 0
    while x < 0.5:
        x, halvings = 2 * x, halvings + 1
    z = (x - 1) / (x + 1)
    return 2 * sum(z**k / k for k in range(1, 40, 2)) - halvings * 0.6931471805599453


def _seeded(seed: int) -> tuple[int, int]:
    """Two words of 32 bits, not both zero, far apart for neighbouring seeds (the mix of splitmix64)."""
    part = (1 << 64) - 1
    z = (seed * 0x9E3779B97F4A7C15 + 0x9E3779B97F4A7C15) & part
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & part
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & part
    z ^= z >> 31
    return z & 0xFFFFFFFF, (z >> 32) | 1
