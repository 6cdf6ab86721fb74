"""What meetings do when somebody joins a community."""

from typing import Any

from coppice.communities.models import Membership
from coppice.communities.signals import membership_began
from coppice.meetings import actions
from coppice.meetings.actions import time_polls


def connect() -> None:
    """Listen; called from AppConfig.ready()."""
    membership_began.connect(invite_new_member, dispatch_uid="meetings.invite_new_member")


def invite_new_member(*, membership: Membership, **_sent: Any) -> None:
    """Invite who has just joined to what is planned, and ask them for the times that others are asked for."""
    actions.invite_to_meetings(membership)
    time_polls.ask_new_member(membership)
