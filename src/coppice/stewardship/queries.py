"""Reads of check-ins that several doors use."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from coppice.communities.models import Community, Membership
from coppice.programs.models import Program
from coppice.stewardship.models import LeaderCheckIn, Snooze


def with_contact(communities: QuerySet[Community]) -> QuerySet[Any]:
    """Add to each community when its leader was last spoken to, what was agreed to be next, and who leads.

    Annotates `last_spoken_on`, `next_call_on` (dates or None), `last_mood`, and `has_leader`.
    """
    latest = LeaderCheckIn.objects.filter(community=OuterRef("pk")).order_by("-spoken_on", "-id")
    return communities.annotate(
        last_spoken_on=Subquery(latest.values("spoken_on")[:1], output_field=DateField()),
        next_call_on=Subquery(latest.values("next_on")[:1], output_field=DateField()),
        last_mood=Subquery(latest.values("mood")[:1]),
        has_leader=Exists(
            Membership.objects.filter(
                community=OuterRef("pk"), role=Membership.Role.LEADER, state=Membership.State.ACTIVE
            )
        ),
    )


def to_call(program: Program, *, on: date) -> QuerySet[Community]:
    """Return the communities whose leader is to be called on a day, the longest unspoken-to first.

    That is: the agreed next day has come; or nothing was agreed and the program's `call_after_days` have
    passed since the last check-in (since the community began, when there was none). Calls put off are left
    out, and communities without a leader.
    """
    return _led(program.communities.living()).filter(_is_due(program, on=on)).order_by("known_since", "pk")


def count_to_call(programs: Sequence[Program]) -> dict[int, int]:
    """Return how many leaders are to be called today, by program id, in one query; none is left out."""
    due = Q(pk=None)
    for program in programs:
        due |= Q(program=program) & _is_due(program, on=timezone.localdate(timezone=program.zone))
    counts = _led(Community.objects.living()).filter(due).order_by().values_list("program")
    return dict(counts.annotate(count=Count("pk")))


def _led(communities: QuerySet[Community]) -> QuerySet[Any]:
    led = with_contact(communities).filter(has_leader=True)
    return led.annotate(known_since=Coalesce("last_spoken_on", F("starts_on")))


def _is_due(program: Program, *, on: date) -> Q:
    overdue_since = on - timedelta(days=program.call_after_days)
    agreed_or_overdue = Q(next_call_on__lte=on) | Q(next_call_on=None, known_since__lte=overdue_since)
    put_off = Snooze.objects.filter(until__gt=on).values("community")
    return agreed_or_overdue & ~Q(pk__in=put_off)
