"""How a model that can lead to a person says what of it is exported and what erasure does to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Erasure(Enum):
    """What becomes of a row when its person asks to be erased."""

    DELETE = "delete"
    CLEAR = "clear"
    KEEP = "keep"


@dataclass(frozen=True)
class Personal:
    """One way from a model to a person; set as the class attribute `personal` (one, or a tuple of them).

    `path` is the lookup from the row to the person ("membership__person"). `exports` names the fields that
    "download everything about me" holds, and `files` the fields whose files it holds as well, of rows that
    fulfil `files_of`. What an exported field holds of somebody else's words may be theirs to read no more:
    `untold` says of a field for which rows it stays empty, as a condition that takes the person. With
    `Erasure.CLEAR` the `cleared` fields take the given values and the row stays as a count; with
    `Erasure.KEEP` nothing in the row tells who the person was, and `because` says why.
    """

    path: str
    exports: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    files_of: Mapping[str, Any] = field(default_factory=dict)
    untold: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    on_erasure: Erasure = Erasure.KEEP
    cleared: Mapping[str, Any] = field(default_factory=dict)
    because: str = ""
