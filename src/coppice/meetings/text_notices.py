"""What meetings text to members who asked for it: that it is today, moved or cancelled."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Membership
from coppice.lib.languages import first_spoken
from coppice.meetings.models import Meeting
from coppice.notifications.text_models import Phone, TextMessage
from coppice.notifications.texts import sending
from coppice.ui.dates import local_time


def today(meeting: Meeting, *, to: Membership, phone: Phone) -> TextMessage | None:
    """Remind a member of a meeting that begins in some hours; once for each time that it is moved to."""
    return _send(
        meeting,
        to,
        phone,
        occasion="today",
        period=f"{meeting.starts_at:%Y%m%d%H%M}",
        words=_("%(name)s is today: %(when)s. %(url)s"),
    )


def moved(meeting: Meeting, *, to: Membership, phone: Phone) -> TextMessage | None:
    """Tell a member when a meeting is now."""
    return _send(
        meeting,
        to,
        phone,
        occasion="moved",
        period=str(meeting.sequence),
        words=_("%(name)s is moved to %(when)s. %(url)s"),
    )


def cancelled(meeting: Meeting, *, to: Membership, phone: Phone) -> TextMessage | None:
    """Tell a member that a meeting does not take place."""
    return _send(
        meeting, to, phone, occasion="cancelled", words=_("%(name)s is cancelled, %(when)s. %(url)s")
    )


def _send(
    meeting: Meeting, to: Membership, phone: Phone, *, occasion: str, words: "Promise", period: str = ""
) -> TextMessage | None:
    community = to.community
    with translation.override(first_spoken(to.person.language, to.enrollment.language)):
        values = {
            "when": strip_tags(_when(meeting.starts_at, to)),
            "url": settings.BASE_URL + meeting.get_absolute_url(),
        }
        said = str(words)
    return sending.send(
        phone,
        occasion=f"meeting-{occasion}:{meeting.pk}",
        period=period,
        scope=community.program.scope,
        list_key=community.list_key,
        compose=lambda name: said % {**values, "name": name},
        name=f"{community.name}: {meeting.title}",
        time_zone=to.zone.key,
        until=meeting.starts_at,
    )


def _when(starts_at: datetime, to: Membership) -> str:
    with timezone.override(to.zone):
        return local_time(starts_at, zone=to.zone)
