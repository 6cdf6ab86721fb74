"""What all communities of a formation begin with, and how it is kept until the job publishes them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

TIME_TO_ANSWER = timedelta(days=7)
HALF_A_YEAR = timedelta(weeks=26)


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


def first_frame(starts: date, ends: date, *, today: date) -> Frame:
    """Return the frame of an award; one that has begun starts on the first Monday that is a week away.

    Where it is over by then, half a year is suggested.
    """
    soonest = today + TIME_TO_ANSWER
    monday = soonest + timedelta(days=-soonest.weekday() % 7)
    starts_on = starts if starts >= today else monday
    return Frame(starts_on=starts_on, ends_on=ends if ends > starts_on else starts_on + HALF_A_YEAR)


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
