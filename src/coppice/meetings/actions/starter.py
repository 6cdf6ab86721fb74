"""The verbs of a starter pack: set it up, give it to communities, found the leaders' circle and keep it."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, Min, OuterRef
from django.utils import timezone

from coppice.communities import actions as communities
from coppice.communities.models import Community, Membership
from coppice.history.actions import record
from coppice.lib import progress
from coppice.lib.errors import DomainError
from coppice.lib.jobs import after_commit
from coppice.meetings import starter_notices
from coppice.meetings.actions import agendas
from coppice.meetings.actions import series as series_actions
from coppice.meetings.agendas import ready_agendas
from coppice.meetings.models import GivenPack, Meeting, MeetingSeries, StarterPack
from coppice.meetings.recurrence import Rule
from coppice.meetings.series_models import HOW_WE_MEET
from coppice.meetings.starter import (
    CIRCLE_MINUTES,
    circle_rule,
    leaders_of,
    led_what_ended,
    next_place,
    offer_to,
    waiting_communities,
    who_leads,
)

A_YEAR = timedelta(days=365)
GIVE = "coppice.meetings.tasks.give_starter_pack"


@transaction.atomic
def save_pack(pack: StarterPack, *, by: Any) -> StarterPack:
    """Keep what the pack holds from now on; what communities were given already stays as it is."""
    pack.save()
    record(
        "starter_pack.saved",
        scope=pack.program.scope,
        by=by,
        subject=pack,
        called=str(pack),
    )
    return pack


@transaction.atomic
def ask_to_give(pack: StarterPack, *, to: Collection[int], by: Any) -> int:
    """Let a job give the pack to communities by their ids; return how many there are.

    Who has it already, and what is no living community of the program, counts for nothing. With a name for it
    the leaders' circle is founded as well.
    """
    pack = StarterPack.objects.select_for_update(of=("self",)).get(pk=pack.pk)
    wanted, places = set(to), enumerate(waiting_communities(pack), start=next_place(pack))
    chosen = [
        GivenPack(pack=pack, community=community, place=place, asked_by=by)
        for place, community in places  # as the preview shows them, whoever else is chosen
        if community.pk in wanted
    ]
    GivenPack.objects.bulk_create(chosen)
    pack.asked_at = timezone.now()
    pack.save(update_fields=["asked_at"])
    after_commit(GIVE, pack_id=pack.pk)
    return len(chosen)


def ask_for_new(program_id: int) -> None:
    """Let communities that were founded since the pack was first given have it as well, if it says so."""
    packs = StarterPack.objects.filter(program=program_id, for_new=True)
    pack = packs.annotate(first_given=Min("given__given_at")).first()
    if pack is None or pack.first_given is None:
        return
    new = waiting_communities(pack).filter(created_at__gt=pack.first_given)
    if ids := list(new.values_list("pk", flat=True)):
        ask_to_give(pack, to=ids, by=None)


def give_all(pack_id: int) -> None:
    """Give the pack to all communities that are to have it, one transaction for each; twice is once."""
    pack = StarterPack.objects.select_related("program__provider", "circle").filter(pk=pack_id).first()
    if pack is None or pack.asked_at is None:
        return
    asked = list(pack.given.filter(given_at=None).values_list("pk", flat=True))
    for number, given in enumerate(asked):
        progress.report(progress_key(pack_id), done=number, total=len(asked), doing="giving")
        give(given)
    if pack.circle_name:
        found_circle(pack)
    waits = GivenPack.objects.filter(pack=OuterRef("pk"), given_at=None)
    StarterPack.objects.filter(~Exists(waits), pk=pack_id).update(asked_at=None)


@transaction.atomic
def give(given_id: int) -> GivenPack:
    """Plan the pack's series for one community and invite its members by one mail each.

    What cannot be planned is kept with the reason, and is over; doing it twice changes nothing.
    """
    given = (
        GivenPack.objects.select_for_update(of=("self",))
        .select_related("pack__program__provider", "community__program__provider", "asked_by")
        .get(pk=given_id)
    )
    if given.given_at is not None:
        return given
    offer = offer_to(given.pack, given.community, place=given.place)
    details = {name: getattr(given.pack, name) for name in HOW_WE_MEET}
    try:
        with transaction.atomic():
            given.series = _plan(
                given.pack,
                given.community,
                rule=offer.rule,
                title=given.pack.title,
                minutes=given.pack.minutes,
                time_zone=str(offer.zone),
                by=given.asked_by,
                details=details,
            )
    except DomainError as refused:
        given.refusal = refused.code
    given.given_at = timezone.now()
    given.save(update_fields=["series", "refusal", "given_at"])
    return given


@transaction.atomic
def found_circle(pack: StarterPack) -> Community:
    """Found the leaders' circle with its series, and take in whoever leads; once founded, only the latter."""
    pack = (
        StarterPack.objects.select_for_update(of=("self",))
        .select_related("program__provider", "circle")
        .get(pk=pack.pk)
    )
    program = pack.program
    if pack.circle is None:
        today = timezone.localdate(timezone=program.zone)
        pack.circle = communities.found(
            program,
            name=pack.circle_name,
            starts_on=today,
            ends_on=max(program.award_ends, today + A_YEAR),
            time_zone=pack.time_zone or program.time_zone,
            by=None,
        )
        pack.save(update_fields=["circle"])
        try:
            with transaction.atomic():
                _plan(
                    pack,
                    pack.circle,
                    rule=circle_rule(pack),
                    title=pack.circle_name,
                    minutes=CIRCLE_MINUTES,
                    time_zone=pack.circle.time_zone,
                    by=None,
                    details={"link": pack.circle_link},
                )
        except DomainError:
            pass  # no date comes of it; the circle is there, and its meetings are planned by hand
    for leader in leaders_of(pack):
        communities.take_in(pack.circle, leader.enrollment, by=None)
    return pack.circle


@transaction.atomic
def join_circle(leader: Membership, *, by: Any) -> None:
    """Take somebody who leads from now on into their program's circle."""
    pack = StarterPack.objects.filter(program=leader.community.program_id).select_related("circle").first()
    if pack is None or pack.circle is None or pack.circle_id == leader.community_id:
        return
    communities.take_in(pack.circle, leader.enrollment, by=by)


@transaction.atomic
def leave_circle(former: Membership, *, by: Any) -> None:
    """Take somebody out of the circle who leads nowhere in the program any more, and tell them by mail."""
    pack = StarterPack.objects.filter(program=former.community.program_id).select_related("circle").first()
    if pack is None or pack.circle is None or pack.circle_id == former.community_id:
        return
    if who_leads(pack).filter(person=former.person_id).exists():
        return
    own = pack.circle.memberships.filter(person=former.person_id).first()
    if own is not None and communities.take_out(own, by=by):
        starter_notices.out_of_circle(own, led=former.community)


def keep_circle(pack: StarterPack) -> None:
    """Take those out of the circle who led only what has ended since they came; twice is once."""
    for former in led_what_ended(pack):
        leave_circle(former, by=None)


def progress_key(pack_id: int) -> str:
    """Return the name under which the job tells how far it is."""
    return f"starter-pack-{pack_id}"


def _plan(
    pack: StarterPack,
    community: Community,
    *,
    rule: Rule,
    title: str,
    minutes: int,
    time_zone: str,
    by: Any,
    details: dict[str, str],
) -> MeetingSeries:
    """Plan a series, each of its meetings with the pack's agenda."""
    series = series_actions.plan(
        community, rule=rule, title=title, minutes=minutes, time_zone=time_zone, by=by, **details
    )
    ready = next((each for each in ready_agendas() if each.key == pack.agenda), None)
    if ready is not None:
        for meeting in Meeting.objects.filter(series=series).order_by("starts_at"):
            agendas.begin_with(meeting, ready, by=by)
    return series
