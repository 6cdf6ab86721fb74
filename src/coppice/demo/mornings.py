"""Members who want the news of their community daily or weekly, and this morning's digest of one."""

from django.utils import timezone

from coppice.communities.models import Community, Membership
from coppice.meetings import summary_notices
from coppice.meetings.actions import ahead
from coppice.meetings.models import Meeting
from coppice.meetings.summaries import summary_of
from coppice.notifications import digests, wishes
from coppice.notifications.models import Line, Pace


def tell(community: Community) -> None:
    """Let two members choose a rhythm, and one have their digest; the other's news waits for Monday."""
    members = community.memberships.active().filter(role=Membership.Role.MEMBER).order_by("person")
    daily, weekly = members.select_related("community__program", "enrollment", "person")[:2]
    for member, pace in ((daily, Pace.DAILY), (weekly, Pace.WEEKLY)):
        wishes.choose(member.person, list_key=community.list_key, pace=pace)
    held = Meeting.objects.of(community).past().first()
    for member in (daily, weekly):
        if held is not None:
            summary_notices.summary(summary_of(held), to=member, is_missing=False)
    ahead.tell(timezone.now())
    Line.objects.filter(person=daily.person).update(due_at=timezone.now())
    digests.tell_due()
