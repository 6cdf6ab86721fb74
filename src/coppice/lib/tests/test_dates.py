"""Dates as people write them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coppice.lib.dates import guess_day_first, parse_date, parse_moment

FIRST_OF_MARCH = date(2026, 3, 1)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01",
        "2026/3/1",
        "2026.03.01",
        "20260301",
        "1.3.2026",
        "1.3.26",
        "1 March 2026",
        "1st of March, 2026",
        "Mar 1, 2026",
        "March 1st 2026",
        "Mar. 1, 2026",
        "1-Mar-26",
        "2026 Mar 1",
        "1 de marzo de 2026",
        "1º de marzo del 2026",
        "domingo, 1 de marzo de 2026",
        "Sunday, 1 March 2026",
        "Sun Mar 1 2026",
        "46082",
        "46082.65",
        "2026-03-01 15:48",
        "2026-03-01T15:48:34Z",
        "Mar 1, 2026, 3:48 PM",
        "1 March 2026 at 15:48",
    ],
)
def test_first_of_march_is_understood(text):
    assert parse_date(text) == FIRST_OF_MARCH


@pytest.mark.parametrize(
    ("text", "day_first", "expected"),
    [
        ("01/03/2026", True, date(2026, 3, 1)),
        ("01/03/2026", False, date(2026, 1, 3)),
        ("01/03/2026", None, None),
        ("01-03-26", True, date(2026, 3, 1)),
        ("3/3/2026", None, date(2026, 3, 3)),
        ("13/03/2026", None, date(2026, 3, 13)),
        ("03/13/2026", None, date(2026, 3, 13)),
        ("03/13/2026", True, None),
        ("1/2/69", True, date(1969, 2, 1)),
        ("1/2/68", True, date(2068, 2, 1)),
        ("30/02/2026", True, None),
    ],
)
def test_order_of_day_and_month_is_a_decision(text, day_first, expected):
    assert parse_date(text, day_first=day_first) == expected


@pytest.mark.parametrize(
    "text",
    ["", "soon", "12", "19999", "80001", "5551234567", "202603011", "2026-13-01", "31 Feb 2026"]
    + [f"2026-03-01 {time}" for time in ("25:00", "noon", "13:00 pm", "3:00 nowhere")],
)
def test_what_is_no_date_is_none(text):
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2018/02/07 3:48:34PM EST", datetime(2018, 2, 7, 15, 48, 34, tzinfo=ZoneInfo("America/New_York"))),
        (
            "2018/02/08 12:50:24 a.m. EST",
            datetime(2018, 2, 8, 0, 50, 24, tzinfo=ZoneInfo("America/New_York")),
        ),
        ("2026-03-01 12:00 PM", datetime(2026, 3, 1, 12, 0)),
        ("2026-03-01T15:48:34.123+02:00", datetime(2026, 3, 1, 15, 48, 34, tzinfo=ZoneInfo("Etc/GMT-2"))),
        ("1/3/2026 9:05", datetime(2026, 3, 1, 9, 5)),
        ("1 de marzo de 2026 a las 9:05 p. m.", datetime(2026, 3, 1, 21, 5)),
        ("2026-03-01", datetime(2026, 3, 1)),
    ],
)
def test_moment_keeps_time_and_zone(text, expected):
    assert parse_moment(text, day_first=True) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["01/03/2026", "", "25/03/2026"], True),
        (["01/03/2026", "03/25/2026 10:00"], False),
        (["01/03/2026", "02/04/2026"], None),
        (["25/03/2026", "03/25/2026"], None),
        (["2026-03-25", "soon"], None),
        ([], None),
    ],
)
def test_a_whole_column_decides_the_order(values, expected):
    assert guess_day_first(values) is expected


@given(st.dates(date(1969, 1, 1), date(2068, 12, 31)))
def test_every_written_date_is_read_back(day):
    forms = [f"{day:%Y-%m-%d}", f"{day:%d/%m/%y}", f"{day:%A, %d %B %Y}", f"{day:%b %d, %Y}", f"{day:%Y%m%d}"]

    assert {parse_date(form, day_first=True) for form in forms} == {day}
