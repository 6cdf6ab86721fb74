"""Communities begin: one, or many at once from what was prepared before the transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from coppice.communities import notices
from coppice.communities.actions.invitations import Invitee, fill
from coppice.communities.actions.rows import happening
from coppice.communities.errors import OtherProgram
from coppice.communities.models import Community, Membership
from coppice.communities.signals import community_formed
from coppice.history.actions import Happening, record_all
from coppice.notifications.actions import post
from coppice.notifications.models import Message
from coppice.programs.models import Enrollment, Program, Topic
from coppice.search.actions import mark_rows

AT_ONCE = 500


@dataclass(frozen=True)
class Founding:
    """A community that has no row yet, with its memberships and their invitations (None: no mail reaches)."""

    community: Community
    invited: tuple[tuple[Membership, Message | None], ...]

    def keeping(self, enrollment_ids: set[int]) -> "Founding":
        """Return the founding with those of its people alone who are among these."""
        invited = tuple(each for each in self.invited if each[0].enrollment_id in enrollment_ids)
        return replace(self, invited=invited)


def prepare(
    program: Program,
    *,
    name: str,
    starts_on: date,
    ends_on: date,
    time_zone: str,
    members: Sequence[Invitee] = (),
    topic: Topic | None = None,
    reason: str = "",
    purpose: str = "",
    asked: str = "",
    hours_per_month: Decimal | None = None,
    benefit: str = "",
) -> Founding:
    """Make a community and its invitations ready for `found_all`, and write nothing.

    `time_zone` is an IANA name; `reason` and `benefit` are values of Community.Reason and Community.Benefit.
    Asks no database when the program's provider and the members' persons are loaded.
    """
    community = Community(
        program=program,
        topic=topic,
        name=name,
        purpose=purpose,
        asked=asked,
        hours_per_month=hours_per_month,
        benefit=benefit,
        reason=reason,
        starts_on=starts_on,
        ends_on=ends_on,
        time_zone=time_zone,
    )
    memberships = [
        fill(
            Membership(community=community, person=invitee.enrollment.person),
            invitee,
            Membership.Source.ASSIGNED,
        )
        for invitee in members
    ]
    return Founding(community, tuple((each, notices.composed_invitation(each)) for each in memberships))


@transaction.atomic
def found_all(foundings: Sequence[Founding], *, by: Any) -> list[Community]:
    """Begin communities of one program and invite their people, all or nothing, in few statements.

    Announces each by `community_formed`. Raises OtherProgram when somebody is not on the current roster.
    """
    communities = [founding.community for founding in foundings]
    invited = [each for founding in foundings for each in founding.invited]
    _require_roster([membership for membership, _ in invited], communities)
    Community.objects.bulk_create(communities)
    for founding in foundings:
        for membership, _ in founding.invited:
            membership.community = founding.community
    Membership.objects.bulk_create([membership for membership, _ in invited], batch_size=AT_ONCE)
    mark_rows([*communities, *(membership for membership, _ in invited)])
    for scope in {community.program.scope for community in communities}:
        record_all(
            "community.formed",
            [Happening(each.community, detail={"people": len(each.invited)}) for each in foundings],
            scope=scope,
            by=by,
        )
        record_all("membership.invited", [happening(each) for each, _ in invited], scope=scope, by=by)
    post([notices.settle(message, membership) for membership, message in invited if message is not None])
    for community in communities:
        community_formed.send(Community, community=community, by=by)
    return communities


def found(program: Program, *, by: Any, **frame: Any) -> Community:
    """Begin a community in `program`, invite its `members`, and announce it; takes what `prepare` takes.

    Raises OtherProgram when somebody is not on the program's roster.
    """
    [community] = found_all([prepare(program, **frame)], by=by)
    return community


def _require_roster(memberships: Sequence[Membership], communities: Sequence[Community]) -> None:
    programs = {community.program_id for community in communities}
    current = set(Enrollment.objects.current().filter(program__in=programs).values_list("pk", flat=True))
    if len(programs) > 1 or any(each.enrollment_id not in current for each in memberships):
        raise OtherProgram
