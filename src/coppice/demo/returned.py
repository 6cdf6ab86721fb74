"""Mail that came back: one member's address has refused three mails, so it is paused and staff see it."""

from django.db.models import Count

from coppice.communities.models import Membership
from coppice.notifications.inbound.pausing import HARD_ONES, note_refusal
from coppice.notifications.models import Message
from coppice.programs.models import Program

SAID = "550 5.1.1 The email account that you tried to reach is disabled"


def tell(program: Program) -> None:
    """Let the last mails of one plain member come back, each refused for good."""
    members = Membership.objects.active().filter(
        community__program=program, role=Membership.Role.MEMBER, person__is_instance_admin=False
    )
    member = (
        members.filter(person__messages__scope=program.scope)
        .annotate(mails=Count("person__messages"))
        .filter(mails__gte=HARD_ONES)
        .order_by("-mails", "pk")
        .select_related("person")
        .last()
    )
    if member is None:
        return
    for message in Message.objects.filter(recipient=member.person).order_by("-pk")[:HARD_ONES]:
        note_refusal(message, is_hard=True, said=SAID)
