"""How much a search may do."""

from dataclasses import dataclass

from engines.grouping.prepared import is_compiled

COMPILED_TRIALS, PLAIN_TRIALS = (20_000, 1_000_000, 20_000_000), (1_000, 40_000, 300_000)
"""The trials for each person, the fewest and the most, that `solve` takes when it is not told."""


@dataclass(frozen=True, slots=True)
class Budget:
    """How long to go on: so many trials, or the work of so many seconds.

    Work is counted, not timed, so that either ends at the same place on any machine.
    """

    trials: int | None = None
    seconds: float | None = None

    @property
    def amount(self) -> int:
        """Trials, or nanoseconds of work."""
        return max(0, int(1e9 * self.seconds) if self.seconds is not None else self.trials or 0)

    def less(self, spent: int) -> "Budget":
        """What is left of it when so much is spent."""
        left = max(0, self.amount - spent)
        return Budget(left) if self.seconds is None else Budget(seconds=left / 1e9)


def default_trials(people: int, *, compiled: bool | None = None) -> int:
    """The trials that `solve` takes for so many people when it is not told: some seconds, compiled or not.

    compiled: whether its loops will be (None: whether they are here).
    """
    is_quick = is_compiled() if compiled is None else compiled
    each, fewest, most = COMPILED_TRIALS if is_quick else PLAIN_TRIALS
    return min(most, max(fewest, each * people))
