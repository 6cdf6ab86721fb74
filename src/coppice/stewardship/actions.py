"""Logging a check-in with a leader, and putting a call off."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.communities.models import Community
from coppice.history.actions import record
from coppice.stewardship.errors import NextBeforeSpoken, SpokenInFuture
from coppice.stewardship.models import LeaderCheckIn, Snooze

SNOOZE_DAYS = 3


@transaction.atomic
def log_check_in(
    community: Community,
    *,
    spoken_on: date,
    mood: str,
    by: Any,
    leader: Any = None,
    blockers: str = "",
    agreed_action: str = "",
    next_on: date | None = None,
) -> LeaderCheckIn:
    """Log one conversation with a community's leader; the community then leaves the "Call today" list.

    `leader` is the person spoken with, when the community has one. Dates are days in the program's zone.
    Raises SpokenInFuture or NextBeforeSpoken.
    """
    _check_days(community, spoken_on=spoken_on, next_on=next_on)
    check_in = LeaderCheckIn.objects.create(
        community=community,
        leader=leader,
        by=by,
        spoken_on=spoken_on,
        mood=mood,
        blockers=blockers,
        agreed_action=agreed_action,
        next_on=next_on,
    )
    Snooze.objects.filter(community=community).delete()
    record(
        "leader_check_in.logged",
        scope=community.program.scope,
        by=by,
        subject=check_in,
        called=str(community),
        about=leader,
        detail={"community": community.pk, "mood": mood},
    )
    return check_in


@transaction.atomic
def correct_check_in(check_in: LeaderCheckIn, *, by: Any, **said: Any) -> LeaderCheckIn:
    """Correct what was logged; `said` are fields as `log_check_in` takes them. Equal values change nothing.

    The record keeps which fields changed, never the words. Raises SpokenInFuture or NextBeforeSpoken.
    """
    _check_days(
        check_in.community,
        spoken_on=said.get("spoken_on", check_in.spoken_on),
        next_on=said.get("next_on", check_in.next_on),
    )
    changed = sorted(name for name, value in said.items() if getattr(check_in, name) != value)
    if not changed:
        return check_in
    for name in changed:
        setattr(check_in, name, said[name])
    check_in.save(update_fields=changed)
    _note("leader_check_in.corrected", check_in, by=by, changed=changed)
    return check_in


@transaction.atomic
def take_back_check_in(check_in: LeaderCheckIn, *, by: Any) -> None:
    """Take a check-in back that was logged by mistake; the record keeps that it was there."""
    _note("leader_check_in.taken_back", check_in, by=by, spoken_on=check_in.spoken_on.isoformat())
    check_in.delete()


@transaction.atomic
def snooze(community: Community, *, by: Any) -> Snooze:
    """Put the call with a community's leader off for three days; again means three days from now."""
    until = today(community) + timedelta(days=SNOOZE_DAYS)
    put_off, _is_new = Snooze.objects.update_or_create(
        community=community, defaults={"until": until, "by": by}
    )
    record(
        "community.snoozed",
        scope=community.program.scope,
        by=by,
        subject=community,
        detail={"until": until.isoformat()},
    )
    return put_off


def _check_days(community: Community, *, spoken_on: date, next_on: date | None) -> None:
    if spoken_on > today(community):
        raise SpokenInFuture
    if next_on is not None and next_on <= spoken_on:
        raise NextBeforeSpoken


def _note(verb: str, check_in: LeaderCheckIn, *, by: Any, **detail: Any) -> None:
    record(
        verb,
        scope=check_in.community.program.scope,
        by=by,
        subject=check_in,
        about=check_in.leader,
        detail={"community": check_in.community_id, **detail},
    )


def today(community: Community) -> date:
    """The day it is where the community's program is run."""
    return timezone.localdate(timezone=community.program.zone)
