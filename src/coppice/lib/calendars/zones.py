"""Tell a time zone's clock changes as the few yearly rules that a calendar program can follow."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise, zip_longest
from zoneinfo import ZoneInfo

HORIZON = 12  # years past the last event that a rule must go on holding, to be written without an end
BACK_TO = 2000  # rules are told from here on: vobject takes a zone that kept UTC then for UTC itself
EARLIEST, LATEST = 3, 9999 - HORIZON - 2  # so that every day we look at is one that Python can say
STEP = timedelta(days=7)  # no zone has changed its clocks twice within a week
SUMMER_AT_MOST = timedelta(days=366)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, order=True)
class Rule:
    """A day of the year: the `nth` `weekday` of a `month` (-1 is the last), or the only one among `days`."""

    month: int
    weekday: str
    nth: int | None = None
    days: tuple[int, ...] = ()

    def recurrence(self) -> dict[str, object]:
        """Return the rule as parts of an RRULE."""
        if self.nth is None:
            return {
                "FREQ": "YEARLY",
                "BYMONTH": self.month,
                "BYMONTHDAY": list(self.days),
                "BYDAY": self.weekday,
            }
        return {"FREQ": "YEARLY", "BYMONTH": self.month, "BYDAY": f"{self.nth}{self.weekday}"}


@dataclass(frozen=True)
class Observance:
    """One STANDARD or DAYLIGHT part of a VTIMEZONE (RFC 5545 section 3.6.5).

    `onset` is the clock time, before the change, at which it first begins; with a `rule` it begins anew each
    year, through the instant `until` or without end.
    """

    is_summer: bool
    onset: datetime
    before: timedelta
    after: timedelta
    name: str
    rule: Rule | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Transition:
    """The instant (UTC) at which a zone's offset from UTC changes."""

    instant: datetime
    before: timedelta
    after: timedelta
    name: str
    is_summer: bool

    @property
    def onset(self) -> datetime:
        return (self.instant + self.before).replace(tzinfo=None)

    @property
    def kind(self) -> tuple[object, ...]:
        """What transitions of one yearly rule have in common, the day aside."""
        return self.before, self.after, self.name, self.is_summer, self.onset.time()


@lru_cache(maxsize=1024)
def observances(key: str, *, first_year: int, last_year: int) -> tuple[Observance, ...]:
    """Return the observances that give the zone's true offset from `first_year` through `last_year` (UTC).

    A change that falls on the same rule in consecutive years becomes one observance, without end when the
    rule holds for `HORIZON` years more; any other change (as in Morocco's Ramadan) stands alone. At the
    calendar's edges the rules of year 3 and of 9985 are told. Raises ZoneInfoNotFoundError for an unknown
    `key`.
    """
    zone = ZoneInfo(key)
    first_year, last_year = (min(max(year, EARLIEST), LATEST) for year in (first_year, last_year))
    begin = datetime(first_year, 1, 1, tzinfo=UTC)
    end = datetime(last_year + 1, 1, 1, tzinfo=UTC)
    alike = defaultdict(list)
    for transition in _transitions(zone, min(BACK_TO, first_year - 1), last_year + HORIZON + 2):
        if transition.onset.year <= last_year + HORIZON:
            alike[transition.kind].append(transition)
    runs = [
        (run, rule)
        for transitions in alike.values()
        for run, rule in _runs(transitions)
        if run[0].instant < end and run[-1].instant >= begin.replace(year=first_year - 1)
    ]
    told = [_observance(run, rule, open_from=last_year + HORIZON) for run, rule in runs]
    first_change = min((run[0].instant for run, _rule in runs), default=end)
    if first_change >= begin or not any(rule for _run, rule in runs):
        told.append(_initial(zone, min(begin, first_change - timedelta(seconds=1))))
    return tuple(sorted(told, key=lambda observance: observance.onset))


def _transitions(zone: ZoneInfo, first_year: int, last_year: int) -> list[Transition]:
    begin = datetime(first_year, 1, 1, tzinfo=UTC)
    steps = (datetime(last_year, 1, 1, tzinfo=UTC) - begin) // STEP
    moments = [begin + STEP * step for step in range(steps + 1)]
    instants = [
        _change(zone, earlier, later)
        for earlier, later in pairwise(moments)
        if _offset(zone, earlier) != _offset(zone, later)
    ]
    return [
        Transition(
            instant=instant,
            before=_offset(zone, instant - timedelta(seconds=1)),
            after=_offset(zone, instant),
            name=instant.astimezone(zone).tzname() or zone.key,
            is_summer=_is_summer(zone, instant, following),
        )
        for instant, following in zip_longest(instants, instants[1:])
    ]


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()


def _change(zone: ZoneInfo, earlier: datetime, later: datetime) -> datetime:
    """Return the first second between the two at which the later offset holds."""
    while later - earlier > timedelta(seconds=1):
        middle = earlier + timedelta(seconds=(later - earlier) // timedelta(seconds=2))
        if _offset(zone, middle) == _offset(zone, earlier):
            earlier = middle
        else:
            later = middle
    return later


def _is_summer(zone: ZoneInfo, instant: datetime, following: datetime | None) -> bool:
    """Say whether clocks go forward here and back again within a year.

    Not asked of the zone's own flag: databases differ in it for Dublin and Casablanca, where the law calls
    the summer's time standard, and calendar programs expect DAYLIGHT to be ahead of STANDARD.
    """
    offset = _offset(zone, instant)
    return (
        offset > _offset(zone, instant - timedelta(seconds=1))
        and following is not None
        and following - instant <= SUMMER_AT_MOST
        and offset > _offset(zone, following)
    )


def _runs(transitions: list[Transition]) -> Iterator[tuple[list[Transition], Rule | None]]:
    """Cut transitions of one kind into the longest runs of consecutive years that keep to one rule."""
    run: list[Transition] = []
    rules: set[Rule] = set()
    for transition in transitions:
        kept = rules & _rules(transition.onset)
        if run and kept and transition.onset.year == run[-1].onset.year + 1:
            run, rules = [*run, transition], kept
        else:
            if run:
                yield run, _plainest(rules) if len(run) > 1 else None
            run, rules = [transition], _rules(transition.onset)
    yield run, _plainest(rules) if len(run) > 1 else None


def _rules(onset: datetime) -> set[Rule]:
    """Return every rule that picks this day in its year."""
    weekday, length = WEEKDAYS[onset.weekday()], _days_in_month(onset)
    weeks = range(max(1, onset.day - 6), min(onset.day, length - 6) + 1)
    rules = {Rule(onset.month, weekday, days=tuple(range(first, first + 7))) for first in weeks}
    nth = (onset.day - 1) // 7 + 1
    if nth < 5:
        rules.add(Rule(onset.month, weekday, nth=nth))
    if onset.day + 7 > length:
        rules.add(Rule(onset.month, weekday, nth=-1))
    return rules


def _days_in_month(day: datetime) -> int:
    return ((day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)).day


def _plainest(rules: set[Rule]) -> Rule:
    """Prefer "second Sunday" to "last Sunday" to "the Sunday from the 9th to the 15th"."""
    return min(rules, key=lambda rule: (rule.nth is None, rule.nth == -1, rule.days))


def _observance(run: list[Transition], rule: Rule | None, *, open_from: int) -> Observance:
    first, last = run[0], run[-1]
    return Observance(
        is_summer=first.is_summer,
        onset=first.onset,
        before=first.before,
        after=first.after,
        name=first.name,
        rule=rule,
        until=last.instant if rule and last.onset.year < open_from else None,
    )


def _initial(zone: ZoneInfo, instant: datetime) -> Observance:
    """Return what holds at the instant, before any change: since 1970, or since two years before it."""
    offset = _offset(zone, instant)
    return Observance(
        is_summer=False,
        onset=datetime(min(1970, instant.year - 2), 1, 1),
        before=offset,
        after=offset,
        name=instant.astimezone(zone).tzname() or zone.key,
    )
