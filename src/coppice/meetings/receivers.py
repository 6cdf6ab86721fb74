"""What meetings do when a community is founded, and when somebody joins one, leads one or leads no more."""

from typing import Any

from coppice.communities.models import Community, Membership
from coppice.communities.signals import (
    community_formed,
    leadership_began,
    leadership_ended,
    membership_began,
)
from coppice.lib.jobs import after_commit
from coppice.meetings import actions
from coppice.meetings.actions import starter, time_polls


def connect() -> None:
    """Listen; called from AppConfig.ready()."""
    membership_began.connect(invite_new_member, dispatch_uid="meetings.invite_new_member")
    community_formed.connect(give_starter_pack, dispatch_uid="meetings.give_starter_pack")
    leadership_began.connect(join_circle, dispatch_uid="meetings.join_circle")
    leadership_ended.connect(leave_circle, dispatch_uid="meetings.leave_circle")


def invite_new_member(*, membership: Membership, **_sent: Any) -> None:
    """Invite who has just joined to what is planned, and ask them for the times that others are asked for."""
    actions.invite_to_meetings(membership)
    time_polls.ask_new_member(membership)


def give_starter_pack(*, community: Community, **_sent: Any) -> None:
    """Let a job look whether new communities are to have the starter pack: one for all founded at once."""
    after_commit("coppice.meetings.tasks.give_to_new", program_id=community.program_id)


def join_circle(*, membership: Membership, by: Any, **_sent: Any) -> None:
    """Take who leads from now on into the leaders' circle."""
    starter.join_circle(membership, by=by)


def leave_circle(*, membership: Membership, by: Any, **_sent: Any) -> None:
    """Take who leads no more out of it."""
    starter.leave_circle(membership, by=by)
