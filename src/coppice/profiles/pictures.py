"""A picture of the gaps: for each topic a line from how confident people are to how important it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from coppice.profiles.questions import HIGHEST, LOWEST
from engines.scoring import Gap

WIDTH, HEIGHT, EDGE = 400, 20, 12
MOST_NAMED = 3
DIGITS = 2


@dataclass(frozen=True)
class Bar:
    """One topic: where its two means lie on the scale; behind is where importance is above confidence."""

    topic: str
    confidence: str
    importance: str
    is_behind: bool


@dataclass(frozen=True)
class Row:
    """The figures of one topic, as people read them."""

    topic: str
    importance: str
    confidence: str
    gap: str
    sure: str
    place: str
    people: int


@dataclass(frozen=True)
class Picture:
    """All topics in order, with what the picture shows in words and the figures behind it."""

    finding: str
    bars: list[Bar]
    rows: list[Row]
    points: list[tuple[str, int]]

    view_width, view_height, middle = WIDTH, HEIGHT, HEIGHT // 2


def picture_of(gaps: Sequence[Gap]) -> Picture | None:
    """Return the picture of a ranking; None when there is nothing to show."""
    if not gaps:
        return None
    bars = [Bar(each.topic, _at(each.confidence), _at(each.importance), each.gap > 0) for each in gaps]
    return Picture(
        _finding(gaps[0]),
        bars,
        [_row(each) for each in gaps],
        [(_at(point), point) for point in range(LOWEST, HIGHEST + 1)],
    )


def largest_of(gaps: Sequence[Gap]) -> str:
    """The largest gaps of an organization on one line, each with its interval in brackets."""
    return "; ".join(f"{each.topic} {_difference(each)} ({_sure(each)})" for each in gaps[:MOST_NAMED])


def figure(value: float) -> str:
    """A mean as people read it, to two decimals."""
    return number_format(round(value, DIGITS) + 0.0, DIGITS)  # no -0.00


def _difference(gap: Gap) -> str:
    """The gap as people read it: of the two means as they read them, so that anybody can check it."""
    return figure(round(gap.importance, DIGITS) - round(gap.confidence, DIGITS))


def _row(gap: Gap) -> Row:
    place = {"first": gap.first, "last": gap.last}
    return Row(
        topic=gap.topic,
        importance=figure(gap.importance),
        confidence=figure(gap.confidence),
        gap=_difference(gap),
        sure=_sure(gap),
        place=str(gap.first) if gap.first == gap.last else _("%(first)s to %(last)s") % place,
        people=gap.people,
    )


def _sure(gap: Gap) -> str:
    if gap.interval is None:
        return _("all the same")
    ends = {"low": figure(gap.interval.low), "high": figure(gap.interval.high)}
    return _("%(low)s and %(high)s") % ends


def _at(mean: float) -> str:
    return f"{EDGE + (WIDTH - 2 * EDGE) * (mean - LOWEST) / (HIGHEST - LOWEST):.1f}"


def _finding(largest: Gap) -> str:
    if largest.gap <= 0:
        return _("People are at least as confident as they need to be, in every topic.")
    values = {
        "topic": largest.topic,
        "importance": figure(largest.importance),
        "confidence": figure(largest.confidence),
    }
    if largest.last > 1:
        return (
            _(
                "The largest gap is in %(topic)s: importance %(importance)s, confidence %(confidence)s. "
                "Other topics may be as wide apart."
            )
            % values
        )
    return (
        _("The largest gap is in %(topic)s: importance %(importance)s, confidence %(confidence)s.") % values
    )
