"""How far a long job is, told outside its transaction so that others can see it while it runs."""

from dataclasses import asdict, dataclass

from django.core.cache import caches

KEPT_SECONDS = 60 * 60


@dataclass(frozen=True)
class Step:
    """One look at a job: `done` of `total` units; `doing` is a stable code of what it is at."""

    done: int
    total: int
    doing: str


def report(key: str, *, done: int, total: int, doing: str) -> None:
    """Say how far the job named `key` is."""
    caches["progress"].set(key, asdict(Step(done=done, total=total, doing=doing)), KEPT_SECONDS)


def read(key: str) -> Step | None:
    """Return what the job named `key` said last, or None."""
    told = caches["progress"].get(key)
    return Step(**told) if told else None
