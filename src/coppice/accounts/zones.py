"""Time zones as people look for them: by city, within their part of the world."""

import zoneinfo
from functools import cache

from django.utils.translation import gettext_lazy as _

REGIONS = {
    "America": _("Americas"),
    "Europe": _("Europe"),
    "Africa": _("Africa"),
    "Asia": _("Asia"),
    "Australia": _("Australia"),
    "Pacific": _("Pacific"),
    "Atlantic": _("Atlantic"),
    "Indian": _("Indian Ocean"),
    "Antarctica": _("Antarctica"),
    "Arctic": _("Arctic"),
}


@cache
def zone_names() -> frozenset[str]:
    """Return the names that stand for a place in the zone database, and UTC."""
    return frozenset(
        name for name in zoneinfo.available_timezones() if name.partition("/")[0] in REGIONS or name == "UTC"
    )


def zone_choices() -> list[tuple[object, object]]:
    """Return choices for a select, grouped by part of the world; a browser's type-ahead finds the city.

    The value is the IANA name, the words its city: "Buenos Aires, Argentina" for
    America/Argentina/Buenos_Aires.
    """
    groups: dict[str, list[tuple[str, str]]] = {region: [] for region in REGIONS}
    for name in sorted(zone_names() - {"UTC"}, key=_words):
        groups[name.partition("/")[0]].append((name, _words(name)))
    return [
        ("", _("As this site keeps it")),
        ("UTC", "UTC"),
        *((label, groups[region]) for region, label in REGIONS.items() if groups[region]),
    ]


def _words(name: str) -> str:
    *area, city = name.replace("_", " ").split("/")[1:]
    return ", ".join([city, *reversed(area)])
