"""What somebody is told who is out of the leaders' circle, because they lead no more."""

from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Community, Membership
from coppice.communities.notices import write_to
from coppice.notifications.models import Message


def out_of_circle(membership: Membership, *, led: Community) -> Message | None:
    """Tell a former leader that they are in the circle no more; `led` is the community that they led."""
    return write_to(
        membership,
        occasion=f"out-of-circle:{membership.pk}",
        period=f"{membership.joined_at:%Y%m%d%H%M%S}",
        template="meetings/email/out_of_circle",
        context={"led": led, "do_path": led.get_absolute_url(), "do_label": _("Go to the group")},
    )
