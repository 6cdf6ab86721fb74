"""What a look at one thing found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Condition:
    """One thing looked at: its name, whether it is well, and a sentence for whoever runs the server."""

    name: str
    is_well: bool
    sentence: str
