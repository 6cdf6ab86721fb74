"""A picture of the score as it climbs: a line to be drawn, what it shows in words, and its figures."""

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from coppice.formation.climbing import Curve

WIDTH, HEIGHT = 600, 160
MOST_ROWS = 12
NEAR = 0.01


@dataclass(frozen=True)
class Picture:
    """`path` is the line within WIDTH x HEIGHT, `low` and `high` are the scores at its bottom and top.

    `rows` are (share of the trials, score), both of 100, in words; `finding` says what the line shows.
    """

    finding: str
    path: str
    low: str
    high: str
    rows: list[tuple[str, str]]

    width, height, view_width, view_height = WIDTH, HEIGHT, WIDTH + 8, HEIGHT + 8


def picture_of(curve: Curve, *, upto: float | None = None) -> Picture | None:
    """Return the picture of a curve; None when no grouping that holds every rule was found.

    `upto` is the share of the trials done when the search goes on still.
    """
    if not curve:
        return None
    end = curve[-1][0] if upto is None else upto
    low, high = 100 * curve[0][1], 100 * curve[-1][1]
    room = max(1.0, high - low) / 10
    bottom, top = max(0.0, low - room), min(100.0, high + room)

    def at(share: float, score: float) -> tuple[str, str]:
        down = HEIGHT * (1 - (100 * score - bottom) / (top - bottom))
        return f"{WIDTH * share:.1f}", f"{down:.1f}"

    first = at(*curve[0])
    steps = [f"M {first[0]} {first[1]}"]
    steps += [f"H {x} V {y}" for x, y in (at(*point) for point in curve[1:])]
    steps.append(f"H {WIDTH * max(end, curve[-1][0]):.1f}")
    finding = _rising(curve) if upto is not None else _risen(curve)
    return Picture(finding, " ".join(steps), _figure(bottom), _figure(top), _rows(curve))


def _rising(curve: Curve) -> str:
    first, last = curve[0][1], curve[-1][1]
    if _figure(100 * first) == _figure(100 * last):
        return _("The best so far scores %(score)s of 100.") % {"score": _figure(100 * last)}
    values = {"first": _figure(100 * first), "last": _figure(100 * last)}
    return _("The score has risen from %(first)s to %(last)s of 100 so far.") % values


def _risen(curve: Curve) -> str:
    first, last = curve[0][1], curve[-1][1]
    if _figure(100 * first) == _figure(100 * last):
        return _("What was found first was not bettered: %(score)s of 100.") % {"score": _figure(100 * last)}
    near = next(share for share, score in curve if score >= last - NEAR)
    return _(
        "The score rose from %(first)s to %(last)s of 100, and was within a point of that after %(share)s %% "
        "of the trials."
    ) % {"first": _figure(100 * first), "last": _figure(100 * last), "share": number_format(100 * near, 0)}


def _rows(curve: Curve) -> list[tuple[str, str]]:
    """The figures behind the line, no more than can be read."""
    step = -(-len(curve) // MOST_ROWS)
    shown = [*curve[:-1:step], curve[-1]]
    return [(number_format(100 * share, 0), _figure(100 * score)) for share, score in shown]


def _figure(score: float) -> str:
    return number_format(score, 1)
