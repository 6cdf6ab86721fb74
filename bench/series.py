"""Meeting series: 1,000 rules over two years turned into days and instants."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from datetime import time as clock
from itertools import cycle
from typing import Any
from zoneinfo import ZoneInfo

from bench.machine import at_most, table, wanted
from coppice.meetings.recurrence import Instead, Rhythm, Rule, expand, resolve

SERIES, FIRST, YEARS = 1000, date(2026, 1, 5), 2
ZONES = ("Pacific/Auckland", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu", "America/New_York")
SECONDS = 2.0
HOLIDAYS = frozenset(date(year, month, day) for year in (2026, 2027) for month, day in ((1, 1), (12, 25)))


def main() -> list[str]:
    """Measure everything and return the aims that are missed."""
    rules = list(zip(_rules(), (ZoneInfo(key) for key in cycle(ZONES)), strict=False))
    slots, expanding = _timed(lambda: [expand(rule) for rule, _zone in rules])
    instants, resolving = _timed(
        lambda: [
            [resolve(slot.local, zone).instant for slot in found if slot.meets_on]
            for found, (_rule, zone) in zip(slots, rules, strict=True)
        ]
    )
    meetings = sum(map(len, instants))
    kept = sum(
        moment.astimezone(zone).time() == slot.clock
        for found, made, (_rule, zone) in zip(slots, instants, rules, strict=True)
        for slot, moment in zip((each for each in found if each.meets_on), made, strict=True)
    )
    rows = [
        ("days of the rules", SERIES, sum(map(len, slots)), f"{expanding:.2f}"),
        ("instants", SERIES, meetings, f"{resolving:.2f}"),
    ]
    print(table(("what", "series", "dates", "CPU s"), rows))
    return [
        *at_most("expanding 1,000 series over two years: seconds", expanding + resolving, SECONDS),
        *wanted("meetings whose clock on the wall is the rule's", kept, meetings, is_met=kept == meetings),
    ]


def _rules() -> list[Rule]:
    """Rules as people use them, in turn."""
    usual = Rule(
        rhythm=Rhythm.WEEKLY,
        every=2,
        weekdays=(1,),
        first=FIRST,
        last=FIRST + timedelta(days=365 * YEARS),
        clocks=(clock(15),),
        free_days=HOLIDAYS,
    )
    monthly = replace(usual, rhythm=Rhythm.MONTHLY, every=1)
    kinds = (
        usual,
        replace(usual, every=1, clocks=(clock(8), clock(20, 30))),
        replace(usual, every=4),
        replace(monthly, weekdays=(2,), position=4, months_out=frozenset({8})),
        replace(monthly, weekdays=(4,), position=-1, instead=Instead.WEEK_BEFORE),
    )
    return [replace(kinds[number % len(kinds)]) for number in range(SERIES)]


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    before = time.process_time()
    made = work()
    return made, time.process_time() - before
