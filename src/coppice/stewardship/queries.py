"""Reads of check-ins that several doors use."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db.models import (
    BigAutoField,
    Case,
    Count,
    DateField,
    Exists,
    F,
    FilteredRelation,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404
from django.utils import timezone

from coppice.communities.models import Community, Membership
from coppice.lib.questions import Given, Question
from coppice.programs.models import Enrollment, Program
from coppice.stewardship.models import LeaderCheckIn


def check_in_of(person: Any, *, check_in_id: int) -> LeaderCheckIn:
    """Return a check-in that the person may know of; raises Http404 otherwise."""
    check_ins = LeaderCheckIn.objects.visible_to(person)
    return get_object_or_404(
        check_ins.select_related("community__program__provider", "leader"), pk=check_in_id
    )


def to_call(program: Program, *, on: date) -> list[int]:
    """Return the ids of communities whose leader is to be called on a day, the longest unspoken-to first.

    That is: the agreed next day has come; or nothing was agreed and the program's `call_after_days` have
    passed since the last check-in (since the community began, when there was none). Calls put off are left
    out, and communities without a leader.
    """
    due = DUE.ask(program=program.pk, on=on, overdue_since=_overdue_since(program, on=on))
    return [community_id for (community_id,) in due]


def next_call_on(program: Program, *, on: date) -> date | None:
    """Return when the next leader is to be called, given that none is on that day; None without leaders."""
    is_put_off = Q(snooze__until__gt=on) & _has_come(on=on, overdue_since=_overdue_since(program, on=on))
    led = _led().filter(program=program).order_by()
    days = led.annotate(put_off=Case(When(is_put_off, then="snooze__until"))).aggregate(
        agreed=Min("next_call_on", filter=Q(put_off=None)),
        known=Min("known_since", filter=Q(put_off=None, next_call_on=None)),
        again=Min("put_off"),
    )
    overdue = days["known"] and _moved(days["known"], by=program.call_after_days)
    return min((day for day in (days["agreed"], overdue, days["again"]) if day), default=None)


@dataclass(frozen=True)
class ComingCall:
    """A call that is not due yet: with whom, of which community, and on which day."""

    community_id: int
    community: str
    leader: str
    on: date


def coming_calls(program: Program, *, on: date) -> list[ComingCall]:
    """Return the calls of a program that are not due on a day, the soonest first, in one query."""
    leader = Membership.objects.leaders().filter(community=OuterRef("pk")).order_by("pk")
    rows = (
        _led()
        .filter(program=program)
        .annotate(leader=Subquery(leader.values("enrollment__name")[:1]))
        .values_list("pk", "name", "leader", "next_call_on", "known_since", "snooze__until")
    )
    coming = []
    for pk, name, called, agreed, known_since, put_off in rows:
        due = agreed or _moved(known_since, by=program.call_after_days)
        day = max(due, put_off) if put_off and due <= on else due
        if day > on:
            coming.append(ComingCall(pk, name, called or str(Enrollment()), day))
    return sorted(coming, key=lambda each: (each.on, each.community))


def count_to_call(programs: Sequence[Program]) -> dict[int, int]:
    """Return how many leaders are to be called today, by program id, in one query; none is left out."""
    due = Q(pk=None)
    for program in programs:
        on = timezone.localdate(timezone=program.zone)
        due |= Q(program=program) & _is_due(on=on, overdue_since=_overdue_since(program, on=on))
    counts = _led().filter(due).order_by().values_list("program")
    return dict(counts.annotate(count=Count("pk")))


@cache  # a queryset that nobody has evaluated may be kept: making it anew takes longer than asking it
def _led() -> QuerySet[Any]:
    leaders = Membership.objects.leaders().filter(community=OuterRef("pk"))
    newest = LeaderCheckIn.objects.filter(community=OuterRef("pk")).order_by("-spoken_on", "-id")
    latest = Q(leader_check_ins__pk=Subquery(newest.values("pk")[:1]))
    return (
        Community.objects.living()
        .filter(Exists(leaders))
        .annotate(
            latest=FilteredRelation("leader_check_ins", condition=latest),
            next_call_on=F("latest__next_on"),
            known_since=Coalesce("latest__spoken_on", F("starts_on")),
        )
    )


def _due() -> QuerySet[Any, Any]:
    day = DateField()
    is_due = _is_due(on=Given("on", day), overdue_since=Given("overdue_since", day))
    led = _led().filter(is_due, program=Given("program", BigAutoField()))
    return led.order_by("known_since", "pk").values_list("pk")


def _is_due(*, on: date | Given, overdue_since: date | Given) -> Q:
    return _has_come(on=on, overdue_since=overdue_since) & ~Q(snooze__until__gt=on)


def _has_come(*, on: date | Given, overdue_since: date | Given) -> Q:
    return Q(next_call_on__lte=on) | Q(next_call_on=None, known_since__lte=overdue_since)


def _overdue_since(program: Program, *, on: date) -> date:
    return _moved(on, by=-program.call_after_days)


def _moved(day: date, *, by: int) -> date:
    """Return the day so many days later, or the calendar's first or last where it ends before."""
    return date.fromordinal(min(max(day.toordinal() + by, 1), date.max.toordinal()))


DUE = Question(_due)
