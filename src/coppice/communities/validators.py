"""Rules that forms and models of communities share."""

from functools import cache
from zoneinfo import available_timezones


@cache
def time_zone_names() -> frozenset[str]:
    """Return the names of all time zones that this installation knows, read once."""
    return frozenset(available_timezones())


@cache
def time_zone_choices() -> tuple[tuple[str, str], ...]:
    """Return the places that people choose a zone by, as (name, "New York (America)")."""
    return tuple(
        (name, _place(name))
        for name in sorted(time_zone_names(), key=_place)
        if name == "UTC" or ("/" in name and not name.startswith(("Etc/", "SystemV/", "posix/", "right/")))
    )


def _place(name: str) -> str:
    region, _slash, city = name.replace("_", " ").partition("/")
    return f"{city} ({region})" if city else region
