"""When and where a community meets next, in words: the templates of its library have a place for it."""

from django.utils import timezone
from django.utils.translation import gettext as _

from coppice.communities.models import Community
from coppice.meetings.models import Meeting
from coppice.ui.dates import day, place


def told(community: Community) -> str:
    """Return "Tuesday 1 December, 14:00 (Chicago time), Library, room 2", "" where nothing is planned."""
    meeting = Meeting.objects.of(community).upcoming().first()
    if meeting is None:
        return ""
    begins = timezone.localtime(meeting.starts_at, community.zone)
    when = _("%(day)s, %(time)s (%(place)s time)") % {
        "day": day(begins),
        "time": f"{begins:%H:%M}",
        "place": place(community.zone),
    }
    where = meeting.place or meeting.dial_in or str(meeting.get_mode_display())
    return f"{when}, {where}"
