"""How the score climbs while a formation is worked out."""

from collections.abc import Sequence

from coppice.formation.solving import Step, Teller
from engines import grouping

type Curve = Sequence[tuple[float, float]]
"""Points (share of the trials done, score), both 0 to 1, rising; only of groupings that break no rule."""

MOST_POINTS = 100


class Climb:
    """A teller that remembers how the score rose, and whether the one behind it stopped the search."""

    def __init__(self, tell: Teller | None = None) -> None:
        self.tell = tell
        self.points: list[tuple[float, float]] = []
        self.was_stopped = False

    def __call__(self, step: Step) -> bool:
        if step.of and not step.broken:
            self.points.append((step.done / step.of, step.objective))
        self.was_stopped = bool(self.tell and self.tell(step)) or self.was_stopped
        return self.was_stopped

    def curve(self, proposal: grouping.Proposal) -> Curve:
        """Return how the score came to that of the proposal."""
        if proposal.violations:
            return ()
        end = self.points[-1][0] if self.was_stopped and self.points else 1.0
        return thinned([*self.points, (end, proposal.score.total)])


def thinned(points: Curve) -> Curve:
    """Return points enough to draw by: where the score rose, the first and the last."""
    last = len(points) - 1
    kept = [
        (round(share, 4), round(score, 5))
        for place, (share, score) in enumerate(points)
        if place in (0, last) or score > points[place - 1][1]
    ]
    step = -(-len(kept) // MOST_POINTS) if kept else 1
    return (*kept[:-1:step], *kept[-1:])
