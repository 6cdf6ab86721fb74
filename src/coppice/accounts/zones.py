"""Time zones as people look for them: by city, within their part of the world."""

import zoneinfo
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources
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


# What people of North America call their time, by the abbreviation and the hours from UTC in winter.
SPOKEN = {
    ("NST", -3.5): _("Newfoundland Time"),
    ("AST", -4): _("Atlantic Time"),
    ("EST", -5): _("Eastern Time"),
    ("CST", -6): _("Central Time"),
    ("MST", -7): _("Mountain Time"),
    ("PST", -8): _("Pacific Time"),
    ("AKST", -9): _("Alaska Time"),
    ("HST", -10): _("Hawaii Time"),
}
MIDWINTERS = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC))


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


@cache
def places() -> frozenset[str]:
    """Return the zones that the zone database lists by country: each place once, no former names."""
    table = (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text()
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    return frozenset(row[2] for row in rows) & zone_names()


def zone_choices() -> list[tuple[object, object]]:
    """Return choices for a select, grouped by part of the world; a browser's type-ahead finds the city.

    The value is the IANA name; the words are its city and what its time is called, or how far from UTC it is
    in winter: "Chicago (Central Time)", "Buenos Aires, Argentina (UTC−3)". Each place is there once.
    """
    groups: dict[str, list[tuple[str, str]]] = {region: [] for region in REGIONS}
    for name in sorted(places(), key=_words):
        groups[name.partition("/")[0]].append((name, f"{_words(name)} ({_time_of(name)})"))
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


def _time_of(name: str) -> str:
    """What the people of a zone call their time, where we know it; else how far from UTC it is in winter."""
    abbreviation, offset = _winter(name)
    hours = offset / timedelta(hours=1)
    if name.partition("/")[0] in {"America", "Pacific"} and (abbreviation, hours) in SPOKEN:
        return str(SPOKEN[abbreviation, hours])
    whole, minutes = divmod(abs(round(hours * 60)), 60)
    sign = "−" if hours < 0 else "+"
    return f"UTC{sign}{whole}" + (f":{minutes:02}" if minutes else "")


@cache
def _winter(name: str) -> tuple[str, timedelta]:
    """The abbreviation and the offset of the season in which clocks are not put forward."""
    zone = zoneinfo.ZoneInfo(name)
    moments = [moment.astimezone(zone) for moment in MIDWINTERS]
    winter = min(moments, key=lambda moment: moment.utcoffset() or timedelta())
    return winter.tzname() or "", winter.utcoffset() or timedelta()
