"""Time zones as people look for them: by city, within their part of the world."""

import zoneinfo
from functools import cache
from typing import Any

from django import forms
from django.utils.choices import normalize_choices
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


@cache
def other_spellings() -> dict[str, str]:
    """Return older names of places that have a fuller one: America/Buenos_Aires, in Argentina."""
    fuller = {
        (name.partition("/")[0], name.rpartition("/")[2]): name
        for name in zone_names()
        if name.count("/") == 2
    }
    return {
        name: fuller[region, city]
        for name in zone_names()
        for region, _slash, city in [name.partition("/")]
        if (region, city) in fuller
    }


def zone_choices() -> list[tuple[object, object]]:
    """Return choices for a select, grouped by part of the world; a browser's type-ahead finds the city.

    The value is the IANA name, the words its city: "Buenos Aires, Argentina" for
    America/Argentina/Buenos_Aires. Each place is there once.
    """
    groups: dict[str, list[tuple[str, str]]] = {region: [] for region in REGIONS}
    for name in sorted(zone_names() - other_spellings().keys() - {"UTC"}, key=_words):
        groups[name.partition("/")[0]].append((name, _words(name)))
    return [
        ("UTC", "UTC"),
        *((label, groups[region]) for region, label in REGIONS.items() if groups[region]),
    ]


class ZoneField(forms.ChoiceField):
    """A choice of time zone, the same on every form; `unchosen` are the words for none, where that may be.

    A zone that was kept under another name stays choosable, or is shown by the fuller name of its place.
    """

    def __init__(self, *, unchosen: Any = "", **options: Any) -> None:
        def choices() -> list[tuple[object, object]]:
            return [("", unchosen), *zone_choices()] if unchosen else zone_choices()

        super().__init__(choices=choices, required=not unchosen, **options)

    def prepare_value(self, value: Any) -> Any:
        value = other_spellings().get(value, value)
        if value and not super().valid_value(value) and self.valid_value(value):
            self.choices = [*normalize_choices(self.choices), (value, value)]
        return value

    def valid_value(self, value: Any) -> bool:
        return value in zoneinfo.available_timezones() or super().valid_value(value)


def _words(name: str) -> str:
    *area, city = name.replace("_", " ").split("/")[1:]
    return ", ".join([city, *reversed(area)])
