"""What a starter pack comes to for each community: its rule, and what stands there already."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from coppice.communities.models import Community, Membership
from coppice.meetings.models import GivenPack, MeetingSeries, StarterPack
from coppice.meetings.recurrence import Rhythm, Rule, expand, resolve
from coppice.programs.models import Program

BETWEEN = timedelta(minutes=15)
WORKING_DAYS = 5
A_DAY = 4
LONGEST = timedelta(days=730)
CIRCLE_MINUTES = 60


@dataclass(frozen=True)
class Offer:
    """What one community would get: its rule and zone, and its first meeting (None when no date comes of it).

    `planned` is how many meetings to come it has already.
    """

    community: Community
    rule: Rule
    zone: ZoneInfo
    first: datetime | None
    planned: int


def pack_of(program: Program) -> StarterPack | None:
    """Return the program's pack, or None before anybody set one up."""
    return StarterPack.objects.filter(program=program).select_related("program__provider", "circle").first()


def waiting_communities(pack: StarterPack) -> "QuerySet[Community]":
    """Return the living communities that have not been given the pack, the oldest first; never the circle."""
    return (
        Community.objects.living()
        .filter(program=pack.program_id, starter_pack=None)
        .exclude(pk=pack.circle_id or 0)
        .order_by("pk")
    )


def offers(pack: StarterPack) -> list[Offer]:
    """Return what each community that waits would get, in two queries."""
    now = timezone.now()
    coming = Count("meetings", filter=Q(meetings__ends_at__gte=now, meetings__cancelled_at=None))
    place = next_place(pack)
    return [
        offer_to(pack, community, place=place + number, planned=community.planned)
        for number, community in enumerate(waiting_communities(pack).annotate(planned=coming))
    ]


def offer_to(pack: StarterPack, community: Community, *, place: int, planned: int = 0) -> Offer:
    """Return what a community gets at a place in the order."""
    zone = ZoneInfo(pack.time_zone or community.time_zone)
    rule = rule_at(pack, place, starts_on=community.starts_on, ends_on=community.ends_on, zone=zone)
    starts = [resolve(slot.local, zone).instant for slot in expand(rule) if slot.meets_on is not None]
    return Offer(community, rule, zone, min(starts, default=None), planned)


def rule_at(pack: StarterPack, place: int, *, starts_on: date, ends_on: date, zone: ZoneInfo) -> Rule:
    """Return the rule of the community at a place in the order, tomorrow at the earliest.

    By working days the next ones meet on the days from Monday to Friday that follow, and when each of them is
    taken a quarter of an hour after the one before; by the clock four meet on a day one after another, or as
    many as a day has room for. Of a community that ends before the first day no date comes: the rule's last
    day lies before its first.
    """
    days, turns = _steps(
        StarterPack.Spread(pack.spread), place, on_a_day=places_on_a_day(pack.clock, pack.minutes)
    )
    clock = datetime.combine(date(2000, 1, 3), pack.clock)
    clock += turns * (timedelta(minutes=pack.minutes) + BETWEEN)
    weekday = pack.weekday
    for _day in range(days):
        weekday = (weekday + 1) % 7 if weekday < WORKING_DAYS - 1 else 0
    first = max(pack.first_from, starts_on, timezone.localdate(timezone=zone) + timedelta(days=1))
    rhythm = Rhythm(pack.rhythm)
    return Rule(
        rhythm=rhythm,
        every=pack.every,
        weekdays=(weekday,),
        position=pack.position if rhythm is Rhythm.MONTHLY else 0,
        first=first,
        last=min(ends_on, first + LONGEST),
        clocks=(clock.time(),),
    )


def circle_rule(pack: StarterPack) -> Rule:
    """Return the rule by which the leaders meet: once a month until the award ends."""
    assert pack.circle_clock is not None
    program = pack.program
    first = max(pack.first_from, timezone.localdate(timezone=program.zone) + timedelta(days=1))
    return Rule(
        rhythm=Rhythm.MONTHLY,
        weekdays=(pack.circle_weekday,),
        position=pack.circle_position,
        first=first,
        last=min(program.award_ends, first + LONGEST),
        clocks=(pack.circle_clock,),
    )


def places_on_a_day(clock: time, minutes: int) -> int:
    """Return how many meetings one after another end by midnight: four at most, one at least."""
    ends = datetime.combine(date(2000, 1, 3), clock) + timedelta(minutes=minutes)
    midnight = datetime(2000, 1, 4)
    return 1 + min(A_DAY - 1, max(0, (midnight - ends) // (timedelta(minutes=minutes) + BETWEEN)))


def next_place(pack: StarterPack) -> int:
    """Return the place in the order that comes next."""
    last = GivenPack.objects.filter(pack=pack).aggregate(last=Max("place"))["last"]
    return 0 if last is None else last + 1


def leaders_of(pack: StarterPack) -> "QuerySet[Membership]":
    """Return who leads a living community of the program today, besides the circle itself."""
    return (
        Membership.objects.leaders()
        .filter(community__program=pack.program_id, community__ended_at=None)
        .exclude(community=pack.circle_id or 0)
        .select_related("enrollment")
        .order_by("pk")
    )


def who_leads(pack: StarterPack) -> "QuerySet[Membership]":
    """Return who leads a living community of the program, who pauses there as well; without the circle."""
    return (
        Membership.objects.taking_part()
        .filter(role=Membership.Role.LEADER, community__program=pack.program_id, community__ended_at=None)
        .exclude(community=pack.circle_id or 0)
    )


def led_what_ended(pack: StarterPack) -> "QuerySet[Membership]":
    """Return who is in the circle though all that they led has ended, by what they led, the latest first.

    Who was taken in after that end is there for another reason, and stays.
    """
    own = Membership.objects.taking_part().filter(
        community=pack.circle_id, person=OuterRef("person"), joined_at__lt=OuterRef("community__ended_at")
    )
    still = who_leads(pack).filter(person=OuterRef("person"))
    return (
        Membership.objects.taking_part()
        .filter(Exists(own), ~Exists(still), role=Membership.Role.LEADER)
        .filter(community__program=pack.program_id, community__ended_at__isnull=False)
        .exclude(community=pack.circle_id or 0)
        .select_related("community")
        .order_by("-community__ended_at")
    )


def circle_series(pack: StarterPack) -> MeetingSeries | None:
    """Return the series of the leaders' meetings."""
    return (
        MeetingSeries.objects.filter(community=pack.circle_id).order_by("pk").first() if pack.circle else None
    )


def _steps(spread: StarterPack.Spread, place: int, *, on_a_day: int) -> tuple[int, int]:
    """Return by how many working days and how many meetings a place lies behind the first.

    There are at most twenty such times in a week; whoever comes after them has the first again.
    """
    if spread is StarterPack.Spread.DAY:
        return place % WORKING_DAYS, place // WORKING_DAYS % on_a_day
    if spread is StarterPack.Spread.CLOCK:
        return place // on_a_day % WORKING_DAYS, place % on_a_day
    return 0, 0


def circles(program_id: Any) -> QuerySet[Any, Any]:
    """Return the id of the leaders' circle of a program, if it has one, as a subquery.

    What funders, boards and organizations count are communities with their own work: who leads them meets in
    the circle as well, and is counted where they lead.
    """
    return StarterPack.objects.filter(program=program_id, circle__isnull=False).values("circle")
