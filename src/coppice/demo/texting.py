"""Members who want reminders as text messages, and those that they had."""

from datetime import timedelta

from django.conf import settings
from django.utils.html import strip_tags

from coppice.communities.models import Community, Membership
from coppice.meetings.models import Meeting
from coppice.notifications.text_models import Phone, TextMessage
from coppice.notifications.texts import sending
from coppice.ui.dates import local_time

NUMBERS = ("+15555550142", "+15555550187", "+15555550163")
BEFORE = timedelta(hours=3)


def tell(community: Community) -> None:
    """Let three members have been texted of the last two meetings."""
    if not settings.TEXT_PROVIDER:
        return
    held = list(Meeting.objects.of(community).past().reverse())[-2:]
    members = community.memberships.active().filter(role=Membership.Role.MEMBER)
    members = members.select_related("community__program", "enrollment", "person").order_by("-person")
    for number, member in zip(NUMBERS, members[: len(NUMBERS)], strict=False):
        proved = held[0].starts_at - timedelta(days=2)
        phone = Phone.objects.create(person=member.person, number=number, at=proved, confirmed_at=proved)
        for meeting in held:
            at = meeting.starts_at - BEFORE
            when = strip_tags(local_time(meeting.starts_at, zone=member.zone))
            sending.write(
                phone,
                kind=TextMessage.Kind.NOTICE,
                occasion=f"meeting-today:{meeting.pk}",
                period=f"{meeting.starts_at:%Y%m%d%H%M}",
                scope=community.program.scope,
                list_key=community.list_key,
                words=f"{community.name}: {meeting.title} is today: {when}. "
                f"{settings.BASE_URL}{meeting.get_absolute_url()}",
                state=TextMessage.State.SENT,
                created_at=at,
                sent_at=at,
            )
