"""How far a long job is, told outside its transaction so that others can see it while it runs."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta

from django.core.cache import caches

KEPT_SECONDS = 60 * 60


@dataclass(frozen=True)
class Step:
    """One look at a job: `done` of `total` units; `doing` is a stable code of what it is at.

    `points` is a figure that it has had so far, for a picture: pairs (share done, figure). `best` is what can
    be told of the best result so far, by name; empty before there is one. `at` is when it was told, in
    seconds of the system's clock.
    """

    done: int
    total: int
    doing: str
    points: Sequence[tuple[float, float]] = ()
    best: Mapping[str, int] = field(default_factory=dict)
    at: float = field(default=0.0, compare=False)


def report(
    key: str,
    *,
    done: int,
    total: int,
    doing: str,
    points: Sequence[tuple[float, float]] = (),
    best: Mapping[str, int] | None = None,
) -> None:
    """Say how far the job named `key` is."""
    now = time.time()
    step = Step(done=done, total=total, doing=doing, points=tuple(points), best=dict(best or {}), at=now)
    caches["progress"].set(key, asdict(step), KEPT_SECONDS)


def read(key: str) -> Step | None:
    """Return what the job named `key` said last, or None."""
    told = caches["progress"].get(key)
    return Step(**told) if told else None


def is_lively(key: str, *, within: timedelta) -> bool:
    """Say whether the job named `key` has told anything within this time."""
    step = read(key)
    return step is not None and time.time() - step.at < within.total_seconds()
