"""Networks as pictures of the server: names around an oval, each on a line of its own, and arrows between.

The same names in the same order stand in the same places, whatever ties there are, so that a picture that
grows stays the picture that people know.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH = 1000
"""Width of a picture in its own units; text of 30 of them is read from 15 m on a wall two metres wide."""
OVAL = 245
"""Half the width of the oval; names stand outside of it."""
GAP = 16
LARGEST, SMALLEST = 32.0, 13.0
LETTER = 0.54
"""Mean width of a letter, as a share of its height."""
MOST = 60
"""So many names a picture holds; whoever draws more tells of the others in words."""
MOST_LINKED = 40
"""So many names a picture holds whose names are links: each has room for a finger."""
MANY_LINES = 90
"""With more lines than this they are drawn finer, so that one can still be followed."""
HEAVIEST = 3
NEAR = 4


@dataclass(frozen=True)
class Point:
    """Somebody or something to be drawn: `tone` is "", "now" (speaking) or "loose" (not tied in yet).

    With a `url` its name is a link.
    """

    key: int
    name: str
    tone: str = ""
    url: str = ""


@dataclass(frozen=True)
class Line:
    """That `start` helps or leads to `end` (keys of points); `is_now` when it is talked of just now.

    `weight` says how many times over: 1 to `HEAVIEST`, more is drawn as that.
    """

    start: int
    end: int
    is_now: bool = False
    weight: int = 1


@dataclass(frozen=True)
class Spot:
    """A point where it stands: its label beside it, outside of the oval."""

    point: Point
    x: float
    y: float
    label: str
    is_right: bool

    @property
    def label_x(self) -> float:
        return self.x + (GAP if self.is_right else -GAP)

    @property
    def anchor(self) -> str:
        return "start" if self.is_right else "end"


@dataclass(frozen=True)
class Arrow:
    """A line as it is drawn: a curve drawn towards the middle, and the head half way along it."""

    curve: str
    head: str
    is_now: bool
    weight: int = 1


@dataclass(frozen=True)
class Network:
    """A picture: spots and arrows, its height and the size of its letters in its own units."""

    spots: tuple[Spot, ...]
    arrows: tuple[Arrow, ...]
    height: int
    letters: float
    width: int = WIDTH

    @property
    def has_links(self) -> bool:
        return any(spot.point.url for spot in self.spots)

    @property
    def is_dense(self) -> bool:
        return len(self.arrows) > MANY_LINES

    @property
    def half(self) -> float:
        """How far below its middle the foot of a letter is."""
        return self.letters * 0.34


def drawn(points: Sequence[Point], lines: Iterable[Line], *, most: int = MOST) -> Network:
    """Draw points around an oval clockwise from the top, right side first; at most `most` of them.

    Each side takes half of them, at equal distances from top to bottom, so that no two names meet. Lines to
    points that are not drawn are left out.
    """
    shown = list(points)[:most]
    rows = max(1, math.ceil(len(shown) / 2))
    height = round(min(760, max(300, rows * 76)))
    row = height / rows
    letters = max(SMALLEST, min(LARGEST, row * 0.78))
    room = int((WIDTH / 2 - OVAL - GAP) / (letters * LETTER))
    spots = tuple(
        _spot(point, place, rows=rows, count=len(shown), height=height, room=room)
        for place, point in enumerate(shown)
    )
    at = {spot.point.key: spot for spot in spots}
    arrows = tuple(
        _arrow(at[line.start], at[line.end], height, line)
        for line in sorted(lines, key=lambda line: line.is_now)
        if line.start in at and line.end in at
    )
    return Network(spots, arrows, height, round(letters, 1))


def neighbourly(keys: Sequence[int], lines: Iterable[Line]) -> list[int]:
    """Return keys so that those with lines between them come near each other, which keeps lines short.

    Begins with the first key; each next one is the one most tied to the last few placed, the later the more,
    and of those that are equal the one that `keys` has first.
    """
    ties: dict[int, set[int]] = {key: set() for key in keys}
    for line in lines:
        if line.start in ties and line.end in ties:
            ties[line.start].add(line.end)
            ties[line.end].add(line.start)
    order: list[int] = []
    left = list(keys)
    while left:
        near = order[-NEAR:]
        following = max(
            left, key=lambda key: sum(place for place, each in enumerate(near, 1) if each in ties[key])
        )
        left.remove(following)
        order.append(following)
    return order


def shortened(name: str, room: int) -> str:
    """Return a name that fits in so many letters: whole, with the last name's first letter, or cut."""
    if len(name) <= room:
        return name
    first, *rest = name.replace(",", " ").split()
    short = f"{first} {rest[-1][0]}." if rest else first
    return short if len(short) <= room else f"{short[: room - 1]}…"


def _spot(point: Point, place: int, *, rows: int, count: int, height: int, room: int) -> Spot:
    is_right = place < rows
    on_side = rows if is_right else count - rows
    down = place if is_right else count - 1 - place
    y = height * (down + 0.5) / on_side
    half = height / 2
    x = OVAL * math.sqrt(max(0.0, 1 - ((y - half) / half) ** 2))
    across = WIDTH / 2 + (x if is_right else -x)
    return Spot(point, round(across, 1), round(y, 1), shortened(point.name, room), is_right)


def _arrow(start: Spot, end: Spot, height: int, line: Line) -> Arrow:
    # A quadratic curve whose control point lies between the middle of the line and that of the picture.
    bend_x = ((start.x + end.x) / 2 + WIDTH / 2) / 2
    bend_y = ((start.y + end.y) / 2 + height / 2) / 2
    curve = f"M{start.x} {start.y}Q{bend_x:.1f} {bend_y:.1f} {end.x} {end.y}"
    middle_x = (start.x + 2 * bend_x + end.x) / 4
    middle_y = (start.y + 2 * bend_y + end.y) / 4
    angle = math.atan2(end.y - start.y, end.x - start.x)
    corners = [
        (middle_x + size * math.cos(angle + turn), middle_y + size * math.sin(angle + turn))
        for size, turn in ((11, 0.0), (8, 2.4), (8, -2.4))
    ]
    head = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
    return Arrow(curve, head, line.is_now, max(1, min(HEAVIEST, line.weight)))
