"""Time zones as people write them."""

from zoneinfo import available_timezones

import pytest

from coppice.lib import timezone_names
from coppice.lib.timezones import parse_time_zone


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Pacific/Auckland", "Pacific/Auckland"),
        ("america/new_york", "America/New_York"),
        ("America/New York", "America/New_York"),
        ("US/Eastern", "America/New_York"),
        ("EST", "America/New_York"),
        ("EDT", "America/New_York"),
        ("E.S.T.", "America/New_York"),
        ("Eastern", "America/New_York"),
        (" eastern time ", "America/New_York"),
        ("Eastern Time (US & Canada)", "America/New_York"),
        ("(UTC-05:00) Eastern Time (US & Canada)", "America/New_York"),
        ("(GMT+12:00) Auckland, Wellington", "Pacific/Auckland"),
        ("(GMT+12:00) Somewhere", "Etc/GMT-12"),
        ("(UTC) Coordinated Universal Time", "Etc/UTC"),
        ("Eastern Daylight Time", "America/New_York"),
        ("Eastern Standard Time", "America/New_York"),
        ("Eastern Standard Time (Mexico)", "America/Cancun"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("AUS Eastern Standard Time", "Australia/Sydney"),
        ("Pacific Time", "America/Los_Angeles"),
        ("Hora del este", "America/New_York"),
        ("hora del Pacífico", "America/Los_Angeles"),
        ("hora de la montaña", "America/Denver"),
        ("Hora central", "America/Chicago"),
        ("Ciudad de México", "America/Mexico_City"),
        ("Bogotá", "America/Bogota"),
        ("Auckland", "Pacific/Auckland"),
        ("new york", "America/New_York"),
        ("Washington, D.C.", "America/New_York"),
        ("GMT+2", "Etc/GMT-2"),
        ("UTC-05:00", "Etc/GMT+5"),
        ("utc − 5", "Etc/GMT+5"),
        ("+0530", "Asia/Kolkata"),
        ("+10:30", "Australia/Lord_Howe"),
        ("-3:30", "America/St_Johns"),
        ("(+12:45)", "Pacific/Chatham"),
        ("GMT", "Etc/UTC"),
        ("UTC+0", "Etc/UTC"),
        ("Z", "Etc/UTC"),
        ("", None),
        ("5", None),
        ("+15", None),
        ("-13", None),
        ("+5:10", None),
        ("whenever", None),
        ("()", None),
    ],
)
def test_zone_is_understood(text, zone):
    assert parse_time_zone(text) == zone


def test_every_name_leads_to_a_zone_that_exists():
    tables = ("ABBREVIATIONS", "SPOKEN_NAMES", "CITIES", "HALF_HOUR_ZONES", "WINDOWS_NAMES")

    named = {zone for table in tables for zone in getattr(timezone_names, table).values()}

    assert named - available_timezones() == set()


def test_every_windows_name_is_understood():
    names = dict(line.split("=") for line in timezone_names.WINDOWS_ZONES.strip().splitlines())

    assert {name: parse_time_zone(name) for name in names} == names


def test_every_iana_name_is_understood_as_itself_or_as_what_people_mean_by_it():
    meant = {name: parse_time_zone(name) for name in available_timezones() if "/" in name}

    assert {name for name, zone in meant.items() if zone != name} == {
        f"US/{name}" for name in ("Alaska", "Arizona", "Central", "Eastern", "Hawaii", "Mountain", "Pacific")
    }
