"""Rules of meeting: the days that people mean, over clock changes in five zones."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from coppice.meetings.recurrence import (
    Clocks,
    Instead,
    Moment,
    Out,
    Rhythm,
    Rule,
    Slot,
    expand,
    recurrence,
    resolve,
)
from coppice.meetings.recurrence_wording import sentences

THREE = time(15)
TUESDAY, WEDNESDAY, FRIDAY = 1, 2, 4


def weekly(**fields) -> Rule:
    first = fields.pop("first", date(2026, 3, 3))
    return Rule(
        **{
            "rhythm": Rhythm.WEEKLY,
            "every": 2,
            "weekdays": (TUESDAY,),
            "first": first,
            "last": first + timedelta(days=56),
            "clocks": (THREE,),
            **fields,
        }
    )


def monthly(position: int, weekday: int, **fields) -> Rule:
    return Rule(
        **{
            "rhythm": Rhythm.MONTHLY,
            "weekdays": (weekday,),
            "position": position,
            "first": date(2026, 6, 1),
            "last": date(2026, 12, 31),
            "clocks": (THREE,),
            **fields,
        }
    )


def days(rule: Rule) -> list[str]:
    return [f"{slot.meets_on:%m-%d}" for slot in expand(rule) if slot.meets_on]


def test_every_second_tuesday():
    assert days(weekly()) == ["03-03", "03-17", "03-31", "04-14", "04-28"]


def test_a_first_day_that_does_not_fit_begins_with_the_next_that_does():
    assert days(weekly(first=date(2026, 3, 4), last=date(2026, 4, 8))) == ["03-10", "03-24", "04-07"]


def test_every_four_weeks_and_two_days_of_the_week():
    assert days(weekly(every=4)) == ["03-03", "03-31", "04-28"]
    assert days(weekly(weekdays=(TUESDAY, FRIDAY), last=date(2026, 3, 20))) == [
        "03-03",
        "03-06",
        "03-17",
        "03-20",
    ]


def test_the_fourth_wednesday_but_not_in_august():
    assert days(monthly(4, WEDNESDAY, months_out=frozenset({8}))) == [
        "06-24",
        "07-22",
        "09-23",
        "10-28",
        "11-25",
        "12-23",
    ]


def test_the_last_friday_unless_a_holiday():
    rule = monthly(-1, FRIDAY, first=date(2026, 11, 1), last=date(2027, 1, 31))
    christmas = frozenset({date(2026, 12, 25)})

    by_choice = {instead: days(replace(rule, free_days=christmas, instead=instead)) for instead in Instead}

    assert by_choice == {
        Instead.SKIP: ["11-27", "01-29"],
        Instead.WEEK_BEFORE: ["11-27", "12-18", "01-29"],
        Instead.WEEK_AFTER: ["11-27", "01-01", "01-29"],
        Instead.DAY_BEFORE: ["11-27", "12-24", "01-29"],
    }


def test_days_before_a_holiday_that_are_holidays_too_are_passed_over():
    rule = monthly(-1, FRIDAY, first=date(2026, 12, 1), instead=Instead.DAY_BEFORE)
    two = frozenset({date(2026, 12, 24), date(2026, 12, 25)})

    assert days(replace(rule, free_days=two)) == ["12-23"]


def test_what_falls_out_is_told_with_its_reason():
    free = frozenset({date(2026, 3, 17), date(2026, 3, 3)})
    skipped = expand(weekly(every=1, free_days=free, instead=Instead.WEEK_AFTER, last=date(2026, 3, 17)))
    always = monthly(
        1,
        FRIDAY,
        free_days=frozenset(date(2026, 6, 5) - timedelta(days=each) for each in range(10)),
        instead=Instead.DAY_BEFORE,
        first=date(2026, 5, 20),
        last=date(2026, 7, 31),
        months_out=frozenset({7}),
    )

    assert skipped == [
        Slot(date(2026, 3, 3), 0, THREE, None, Out.TAKEN),
        Slot(date(2026, 3, 10), 0, THREE, date(2026, 3, 10)),
        Slot(date(2026, 3, 17), 0, THREE, None, Out.TAKEN),
    ]
    assert [slot.why for slot in expand(always)] == [Out.FREE_DAY, Out.MONTH]
    with pytest.raises(ValueError, match="nobody meets for 2026-03-03"):
        assert skipped[0].local


def test_two_times_take_turns_by_week_and_by_month():
    clocks = (time(8), time(20))

    by_week = expand(weekly(every=1, weekdays=(TUESDAY, FRIDAY), clocks=clocks, last=date(2026, 3, 20)))
    by_month = expand(monthly(1, FRIDAY, every=2, clocks=clocks))

    assert [(slot.strand, slot.clock.hour) for slot in by_week] == [
        (0, 8),
        (0, 8),
        (1, 20),
        (1, 20),
        (0, 8),
        (0, 8),
    ]
    assert [(slot.day.month, slot.strand) for slot in by_month] == [(6, 0), (8, 1), (10, 0), (12, 1)]


def test_a_rule_that_ends_before_it_begins_has_no_days():
    assert expand(monthly(1, FRIDAY, last=date(2026, 6, 2))) == []


@pytest.mark.parametrize(
    "key",
    [
        "Pacific/Auckland",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Asia/Kathmandu",
        "America/New_York",
    ],
)
def test_the_clock_on_the_wall_stays_over_two_years(key):
    zone = ZoneInfo(key)
    slots = expand(weekly(every=1, first=date(2026, 1, 6), last=date(2027, 12, 31)))
    moments = [resolve(slot.local, zone) for slot in slots]

    shown = {moment.instant.astimezone(zone).time() for moment in moments}
    offsets = {moment.instant.astimezone(zone).utcoffset() for moment in moments}

    assert (len(slots), shown, {moment.clocks for moment in moments}) == (104, {THREE}, {Clocks.ONCE})
    assert len(offsets) == (1 if key == "Asia/Kathmandu" else 2)


@pytest.mark.parametrize(
    ("key", "local", "expected", "clocks"),
    [
        ("America/New_York", "2026-03-08T02:30", "2026-03-08T07:30", Clocks.SKIPPED),
        ("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30", Clocks.REPEATED),
        ("Pacific/Auckland", "2026-09-27T02:30", "2026-09-26T14:30", Clocks.SKIPPED),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:45", Clocks.SKIPPED),
        ("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45", Clocks.REPEATED),
        ("Africa/Casablanca", "2026-02-15T02:30", "2026-02-15T01:30", Clocks.REPEATED),
        ("Africa/Casablanca", "2026-03-22T02:30", "2026-03-22T02:30", Clocks.SKIPPED),
        ("Asia/Kathmandu", "2026-03-08T02:30", "2026-03-07T20:45", Clocks.ONCE),
    ],
)
def test_a_time_that_clocks_skip_or_repeat_is_told(key, local, expected, clocks):
    found = resolve(datetime.fromisoformat(local), ZoneInfo(key))

    assert found == Moment(datetime.fromisoformat(expected).replace(tzinfo=UTC), clocks)


def test_the_rule_as_calendars_read_it():
    until = datetime(2026, 4, 28, 15, tzinfo=ZoneInfo("America/New_York"))

    assert recurrence(weekly(), until) == {
        "FREQ": "WEEKLY",
        "INTERVAL": 2,
        "BYDAY": ["TU"],
        "UNTIL": datetime(2026, 4, 28, 19, tzinfo=UTC),
    }
    assert recurrence(monthly(-1, FRIDAY), until)["BYDAY"] == ["-1FR"]
    assert recurrence(weekly(clocks=(time(8), time(20))), until)["INTERVAL"] == 4
    assert "INTERVAL" not in recurrence(weekly(every=1), until)


def test_the_rule_in_words():
    until = {"last": date(2026, 12, 31)}
    rules = [
        weekly(**until),
        weekly(every=1, weekdays=(TUESDAY, FRIDAY), **until),
        weekly(every=4, clocks=(time(8), time(20)), **until),
        monthly(4, WEDNESDAY, months_out=frozenset({7, 8})),
        monthly(-1, FRIDAY, every=2, free_days=frozenset({date(2026, 12, 25)})),
    ]

    told = [sentences(rule, place="Auckland") for rule in rules]

    assert told == [
        ["Every second Tuesday at 15:00 (Auckland time), until Thursday 31 December 2026."],
        ["Every Tuesday and Friday at 15:00 (Auckland time), until Thursday 31 December 2026."],
        [
            "Every 4 weeks on Tuesday, in turn at 08:00 and at 20:00 (Auckland time), "
            "until Thursday 31 December 2026."
        ],
        [
            "The fourth Wednesday of each month at 15:00 (Auckland time), until Thursday 31 December 2026.",
            "Not in July and August.",
        ],
        [
            "The last Friday of every 2 months at 15:00 (Auckland time), until Thursday 31 December 2026.",
            "Where a date falls on a day on which nobody meets, we do not meet that time.",
        ],
    ]


def test_the_rule_in_spanish():
    with override("es"):
        told = sentences(monthly(4, WEDNESDAY, months_out=frozenset({8})), place="Lima")

    assert told == [
        "El cuarto miércoles de cada mes a las 15:00 (hora de Lima), "
        "hasta el jueves 31 de diciembre de 2026.",
        "No en agosto.",
    ]
