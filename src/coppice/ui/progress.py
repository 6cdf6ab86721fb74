"""How far a long work is: what the progress component shows."""

from dataclasses import dataclass
from typing import Literal

from coppice.ui.navigation import Words


@dataclass(frozen=True)
class Progress:
    """One look at a long work.

    `url` answers the same component again (asked every `pause` milliseconds while `state` is waiting or
    running); `total` is None while nobody knows how much there is. When the state is done or failed, `doing`
    is the closing sentence and `next_url` with `next_label` the one thing to do then; `also_url` and
    `also_label` another, less likely.
    """

    state: Literal["waiting", "running", "done", "failed"]
    doing: Words
    url: str
    done: int = 0
    total: int | None = None
    next_url: str = ""
    next_label: Words = ""
    also_url: str = ""
    also_label: Words = ""
    pause: int = 1000

    @property
    def is_over(self) -> bool:
        return self.state in {"done", "failed"}
