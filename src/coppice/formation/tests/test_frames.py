"""From when to when communities are suggested to run."""

from datetime import date

import pytest

from coppice.formation.frames import first_frame

THURSDAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("starts", "ends", "told"),
    [
        (date(2027, 1, 1), date(2027, 6, 1), (date(2027, 1, 1), date(2027, 6, 1))),
        (THURSDAY, date(2027, 6, 1), (THURSDAY, date(2027, 6, 1))),
        (date(2026, 9, 1), date(2027, 6, 1), (date(2026, 12, 7), date(2027, 6, 1))),
        (date(2026, 9, 1), date(2026, 12, 7), (date(2026, 12, 7), date(2027, 6, 7))),
    ],
)
def test_no_start_in_the_past_is_suggested(starts, ends, told):
    frame = first_frame(starts, ends, today=THURSDAY)

    assert (frame.starts_on, frame.ends_on) == told


def test_a_week_from_a_monday_is_a_monday():
    frame = first_frame(date(2026, 1, 1), date(2027, 6, 1), today=date(2026, 11, 30))

    assert frame.starts_on == date(2026, 12, 7)
