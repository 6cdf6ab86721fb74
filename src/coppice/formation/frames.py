"""What all communities of a formation begin with, and how it is kept until the job publishes them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The frame of every community: from when to when, and what is asked and promised.

    `hours_per_month` is what is asked of one person; `benefit` is a value of Community.Benefit.
    """

    starts_on: date
    ends_on: date
    hours_per_month: Decimal | None = None
    asked: str = ""
    purpose: str = ""
    benefit: str = ""

    def as_json(self) -> dict[str, Any]:
        hours = self.hours_per_month
        return {
            **asdict(self),
            "starts_on": self.starts_on.isoformat(),
            "ends_on": self.ends_on.isoformat(),
            "hours_per_month": None if hours is None else str(hours),
        }


def frame_of(plain: Mapping[str, Any]) -> Frame:
    """Return the frame that `as_json` kept."""
    hours = plain["hours_per_month"]
    return Frame(
        **{
            **plain,
            "starts_on": date.fromisoformat(plain["starts_on"]),
            "ends_on": date.fromisoformat(plain["ends_on"]),
            "hours_per_month": None if hours is None else Decimal(hours),
        }
    )
