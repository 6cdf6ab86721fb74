"""Some of many groups at a time, in short arrays of their own that stay near the processor."""

from array import array
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from engines.grouping import cutting, walk
from engines.grouping import layout as at
from engines.grouping.compiled import real, whole
from engines.grouping.table import Memory

ROOMY = 2
"""There is room for so many times the people that as many groups have on average."""

SAME = (
    at.AT_KIND,
    at.AT_PLACE,
    at.AT_VALUES,
    at.AT_COLUMN,
    at.AT_LEAST,
    at.AT_SLOT_MASK,
    at.AT_MOST,
    at.AT_LEAST_COUNT,
    at.AT_SHARED_COUNT,
    at.AT_TALLY,
    at.AT_LANE,
    at.AT_LOWEST,
    at.AT_WHOLE,
)
SAME_REALS = (
    at.AT_SHARE,
    at.AT_PART,
    at.AT_TARGET,
    at.AT_BEST,
    at.AT_QUORUM,
    at.AT_SHARED_QUORUM,
    at.AT_TOTAL,
    at.AT_LOGARITHM,
)
"""Tables of neither people nor groups."""

WIDTHS = {
    at.AT_NEEDS: at.TOPIC_WORDS,
    at.AT_KNOWS: at.TOPIC_WORDS,
    at.AT_FREE: at.SLOT_WORDS,
    at.AT_SETS: at.SET_WORDS,
    at.AT_LINEAR: at.TOPICS,
}
"""Tables of people in which several numbers stand in a row, and where it is said how many."""

OF_PEOPLE: tuple[int, ...] = (
    at.AT_CODE,
    at.AT_HAS_NUMBER,
    at.AT_HAS,
    at.AT_ANSWERED,
    at.AT_ASKS,
    at.AT_HAS_HOURS,
    at.AT_LEAST_HAS,
    at.AT_NEEDS,
    at.AT_KNOWS,
    at.AT_FREE,
    at.AT_SETS,
)
REALS_OF_PEOPLE: tuple[int, ...] = (at.AT_NUMBER, at.AT_LINEAR)
OF_GROUPS: tuple[int, ...] = (at.AT_MINIMUM, at.AT_MAXIMUM, at.AT_IS_OPEN, at.AT_OPTIONAL, at.AT_TOPIC)
STATE: tuple[int, ...] = (at.AT_SIZE, at.AT_INTS, at.AT_COUNTS, at.AT_EXPERTS, at.AT_REACH)
REAL_STATE: tuple[int, ...] = (at.AT_WORTH, at.AT_REALS, at.AT_LINEAR_SUM)
"""What is cut out, and of groups their state, which is put back too."""

NUMBERED_HERE = (
    at.AT_AT,
    at.AT_UNIT_ITEM,
    at.AT_UNIT_OF,
    at.AT_ONLY,
    at.AT_ALLOW_ROW,
    at.AT_MOVABLE,
    at.AT_ACTIVE,
    at.AT_HOME,
    at.AT_STAMP,
)
"""Tables of people or units that are made anew for each cut."""

LISTS = ((at.AT_LIST_START, at.AT_LIST_ITEM), (at.AT_MOST_START, at.AT_MOST_ITEM))
FOES = (at.AT_FOE_START, at.AT_FOE_ITEM)


class Windows:
    """Groups are drawn and cut out, changed as if there were no others, and put back."""

    def __init__(self, memory: Memory, groups: int) -> None:
        """Make room for so many groups out of those that are laid out."""
        made = _Short(memory, groups)
        self.s, self.q, self.w = whole(made.short.whole), real(made.short.real), whole(made.notes)

    def wander(self, t: Any, r: Any, *, each: int, most: int, warmth: float) -> tuple[int, int]:
        """Anneal some groups: so many trials for each unit there, if they are not more than the most.

        Returns how many trials there were (at least 1), and how many changes were made.
        """
        units = int(cutting.cut(t, r, self.s, self.q, self.w))
        tried = min(max(1, units * each), most)
        made = int(walk.wander(self.s, self.q, tried, warmth)) if units else 0
        cutting.put_back(t, r, self.s, self.q, self.w)
        return tried, made


class _Short:
    """The short arrays laid out, with room for so many groups, and the notes of how to cut them out."""

    def __init__(self, memory: Memory, groups: int) -> None:
        t = memory.whole
        self.memory, self.short, self.groups = memory, Memory(), groups
        self.notes = array("q", [0] * cutting.HEAD)
        average = -(-t[at.N] // t[at.G])
        self.room = min(t[at.N], max(ROOMY * groups * average, t[at.ROOM]))
        self.short.whole[: at.AT_ALLOW] = t[: at.AT_ALLOW]
        self.short.real[: at.REAL_HEADER] = memory.real[: at.REAL_HEADER]
        self.short.whole[at.N] = self.room
        for name in SAME:
            self.short.put(name, memory.table(name))
        for name in SAME_REALS:
            self.short.put_real(name, memory.real_table(name))
        people, rows = (t[at.N], self.room), (t[at.G] + 2, groups + 2)
        self._describe(cutting.OF_PEOPLE, self.short.put, OF_PEOPLE, people)
        self._describe(cutting.REALS_OF_PEOPLE, self.short.put_real, REALS_OF_PEOPLE, people)
        self._describe(cutting.OF_GROUPS, self.short.put, OF_GROUPS, (t[at.G], groups))
        self._describe(cutting.STATE, self.short.put, STATE, rows)
        self._describe(cutting.REAL_STATE, self.short.put_real, REAL_STATE, rows)
        for starts, items in (*LISTS, FOES):
            self._lay_lists(starts, items)
        self.notes[cutting.LISTS] = memory.lengths[at.AT_LIST_START] // (t[at.N] + 1)
        self._lay_working()

    def _describe(
        self,
        where: int,
        put: Callable[[int, Iterable[int]], None],
        names: tuple[int, ...],
        rows: tuple[int, int],
    ) -> None:
        """Lay down tables with fewer rows than in the long arrays, and note how to cut them out."""
        self.notes[where] = len(self.notes)
        self.notes.append(len(names))
        many, few = rows
        for name in names:
            length = self.memory.lengths[name]
            width = length // many
            if where in (cutting.OF_PEOPLE, cutting.REALS_OF_PEOPLE):
                width = self.memory.whole[WIDTHS[name]] if name in WIDTHS else 1
            planes = length // max(1, many * width)
            put(name, [0] * (planes * few * width))
            begin = self.memory.whole[name], self.short.whole[name]
            self.notes.extend((*begin, planes, many * width, few * width, width))

    def _lay_lists(self, starts: int, items: int) -> None:
        """Lay down lists of each person, with as much room as the longest take."""
        begin, step = self.memory.table(starts), self.memory.whole[at.N] + 1
        longest = 0
        for first in range(0, len(begin), step):
            lengths = sorted((b - a for a, b in pairwise(begin[first : first + step])), reverse=True)
            longest += sum(lengths[: self.room])
        self.short.put(starts, [0] * (len(begin) // step * (self.room + 1)))
        self.short.put(items, [0] * longest)

    def _lay_working(self) -> None:
        """Lay down what each cut makes anew, and where its notes stand."""
        t, put, groups, room = self.memory.whole, self.short.put, self.groups, self.room
        allowed, pools = self.memory.lengths[at.AT_ALLOW] // t[at.G], t[at.POOLS]
        put(at.AT_MEMBER, [0] * ((groups + 2) * t[at.ROOM]))
        put(at.AT_BREACH, [0] * (groups + 2))
        put(at.AT_BROKEN, [0] * groups)
        put(at.AT_BROKEN_AT, [-1] * groups)
        put(at.AT_IS_ACTIVE, [1] * groups)
        for name in NUMBERED_HERE:
            put(name, [0] * room)
        put(at.AT_UNIT_START, [0] * (room + 1))
        put(at.AT_ALLOW, [0] * (min(allowed, room) * groups))
        put(at.AT_POOL_OF, [0] * (pools * room))
        put(at.AT_POOL_ITEM, [0] * (pools * room))
        put(at.AT_POOL_START, [0] * (pools * room + 1))
        self.notes[cutting.WANTED] = groups
        for name, count in (
            (cutting.GROUP, groups),
            (cutting.GROUP_HERE, t[at.G]),
            (cutting.PERSON, room),
            (cutting.PERSON_HERE, t[at.N]),
            (cutting.UNIT, room),
            (cutting.ROW_HERE, allowed),
            (cutting.VALUE_HERE, self.memory.lengths[at.AT_POOL_START]),
        ):
            self.notes[name] = len(self.notes)
            self.notes.extend([-1] * count)
