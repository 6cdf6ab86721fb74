"""What communities do when somebody is taken off a roster."""

from typing import Any

from coppice.communities import actions, notices
from coppice.communities.models import KNOWN_TO_MEMBERS, Membership
from coppice.notifications.inbound.pausing import address_paused
from coppice.notifications.inbound_models import AddressStanding
from coppice.programs.models import Enrollment
from coppice.programs.signals import enrollment_ended


def connect() -> None:
    """Listen; called from AppConfig.ready()."""
    enrollment_ended.connect(end_memberships, dispatch_uid="communities.end_memberships")
    address_paused.connect(tell_leaders, dispatch_uid="communities.tell_leaders")


def tell_leaders(*, standing: AddressStanding, **_sent: Any) -> None:
    """Tell the leaders of somebody whose address refuses mail: they meet, and can ask for another."""
    rows = Membership.objects.select_related("community__program__provider", "enrollment", "person")
    period = f"{standing.paused_at:%Y-%m-%d}"
    for membership in rows.filter(person=standing.person_id, state__in=KNOWN_TO_MEMBERS):
        if membership.mail_address.lower() != standing.address:
            continue
        for leader in rows.leaders().filter(community=membership.community_id).exclude(pk=membership.pk):
            notices.address_refuses(membership, to=leader, period=period)


def end_memberships(*, enrollment: Enrollment, by: Any, **_sent: Any) -> None:
    """Take back the open invitations of somebody off the roster, and end their places; what was, stays."""
    for membership in Membership.objects.filter(enrollment=enrollment, state__in=KNOWN_TO_MEMBERS):
        if membership.state == Membership.State.INVITED:
            actions.withdraw(membership, by=by)
        else:
            actions.leave(membership, by=by)
