"""Free hours as a person ticks them: mornings, afternoons and evenings of a week, out of whole hours."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.choices import flatten_choices
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coppice.accounts.zones import zone_choices
from coppice.programs.models import Enrollment
from coppice.programs.rosters.hours import SLOTS

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PARTS: Mapping[str, range] = {"morning": range(8, 12), "afternoon": range(12, 17), "evening": range(17, 21)}
"""The hours of each part of a day: 8 is from eight to nine."""

PART_NAMES: Mapping[str, Promise] = {
    "morning": _("Morning, 8 to 12"),
    "afternoon": _("Afternoon, 12 to 5"),
    "evening": _("Evening, 5 to 9"),
}
PART_SHORT: Mapping[str, Promise] = {
    "morning": _("Mornings"),
    "afternoon": _("Afternoons"),
    "evening": _("Evenings"),
}
EVERY_SLOT = [slot for day in DAYS for _hour, slot in SLOTS[day]]


@dataclass(frozen=True)
class Free:
    """A part of the day, and the days of the week on which somebody is free in it, in words."""

    part: str | Promise
    days: str


def zone_name(enrollment: Enrollment) -> str:
    """Return in words the time zone by whose clock somebody is free: the roster's, else the program's."""
    key = enrollment.time_zone or enrollment.program.zone.key
    return str(dict(flatten_choices(zone_choices())).get(key, key))


def choices() -> list[tuple[str, str]]:
    """Return the parts of a week: a key such as "mon-morning", and words."""
    return [
        (f"{day}-{part}", f"{WEEKDAYS_ABBR[place]}, {name}")
        for place, day in enumerate(DAYS)
        for part, name in PART_NAMES.items()
    ]


def slots_of(enrollment: Enrollment) -> list[str]:
    """Return the free hours that the roster holds of somebody, as slots ("mon-09") in their time zone."""
    kept = enrollment.attributes.get("free_hours", [])
    return [slot for slot in kept if isinstance(slot, str)] if isinstance(kept, list) else []


def ticked(slots: Iterable[str]) -> list[str]:
    """Return the parts of a week in which at least one hour is free."""
    free = set(slots)
    return [f"{day}-{part}" for day in DAYS for part in PARTS if free & set(_slots(day, part))]


def slots_after(slots: Sequence[str], *, parts: Iterable[str]) -> list[str]:
    """Return the free hours after somebody ticked `parts`.

    A part newly ticked is free as a whole, one no longer ticked is not; what a roster said more exactly of
    the others stays.
    """
    free, before, now = set(slots), set(ticked(slots)), set(parts)
    for key in now - before:
        free.update(_slots(*key.split("-")))
    for key in before - now:
        free.difference_update(_slots(*key.split("-")))
    return [slot for slot in EVERY_SLOT if slot in free]


def in_words(slots: Iterable[str]) -> list[Free]:
    """Return when somebody is free, a line for each part of the day."""
    parts = set(ticked(slots))
    lines = []
    for part, name in PART_SHORT.items():
        days = [str(WEEKDAYS_ABBR[place]) for place, day in enumerate(DAYS) if f"{day}-{part}" in parts]
        if days:
            lines.append(Free(name, ", ".join(days)))
    return lines


def _slots(day: str, part: str) -> list[str]:
    return [f"{day}-{hour:02}" for hour in PARTS[part]]
