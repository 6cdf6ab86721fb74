"""What communities do when somebody is taken off a roster."""

from typing import Any

from coppice.communities import actions
from coppice.communities.models import KNOWN_TO_MEMBERS, Membership
from coppice.programs.models import Enrollment
from coppice.programs.signals import enrollment_ended


def connect() -> None:
    """Listen; called from AppConfig.ready()."""
    enrollment_ended.connect(end_memberships, dispatch_uid="communities.end_memberships")


def end_memberships(*, enrollment: Enrollment, by: Any, **_sent: Any) -> None:
    """Take back the open invitations of somebody off the roster, and end their places; what was, stays."""
    for membership in Membership.objects.filter(enrollment=enrollment, state__in=KNOWN_TO_MEMBERS):
        if membership.state == Membership.State.INVITED:
            actions.withdraw(membership, by=by)
        else:
            actions.leave(membership, by=by)
