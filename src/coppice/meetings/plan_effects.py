"""What the rhythm in the action plan means for meetings: the series that comes of it, what stands planned."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coppice.communities.models import Community
from coppice.communities.plan_effects import Way
from coppice.communities.plan_models import PlanAnswer, PlanFrame
from coppice.meetings.models import Meeting, MeetingSeries
from coppice.meetings.recurrence import Instead, Rhythm
from coppice.meetings.recurrence_wording import sentences_of
from coppice.meetings.series_forms import FIRST_IN, end_of

EVERY = {
    PlanFrame.Rhythm.WEEKLY: (Rhythm.WEEKLY, 1),
    PlanFrame.Rhythm.TWO_WEEKS: (Rhythm.WEEKLY, 2),
    PlanFrame.Rhythm.FOUR_WEEKS: (Rhythm.WEEKLY, 4),
    PlanFrame.Rhythm.MONTHLY: (Rhythm.MONTHLY, 1),
    PlanFrame.Rhythm.QUARTERLY: (Rhythm.MONTHLY, 3),
}
WHEN = {"rhythm", "minutes", "means", "weekday", "week_of_month", "starts_at", "first_on", "months_off"}


def of_meetings(community: Community, changes: Mapping[str, Any]) -> list[str]:
    """Say how many meetings are planned by the old rhythm, and that they stay (communities.plan_effects)."""
    if not WHEN & set(changes):
        return []
    count = Meeting.objects.of(community).upcoming().count()
    if not count:
        return []
    said = ngettext(
        "%(count)d meeting is planned by what you agreed before. It stays until you move it.",
        "%(count)d meetings are planned by what you agreed before. They stay until you move them.",
        count,
    )
    return [said % {"count": count}]


def to_a_series(community: Community, frame: PlanFrame) -> Way | None:
    """Lead from the agreed days to the dates of a series, once rhythm, weekday and time are typed.

    Where a series goes on, lead to that one: another beside it would have people meet twice.
    """
    series = _going_on(community)
    if series:
        told = " ".join(sentences_of(series))
        return Way(
            question=PlanAnswer.Question.DATES,
            label=_("See or change the series"),
            url=series.get_absolute_url(),
            told=_("A series is planned: %(rule)s") % {"rule": told},
        )
    if not frame.rhythm or frame.weekday is None or frame.starts_at is None:
        return None
    rhythm, every = EVERY[PlanFrame.Rhythm(frame.rhythm)]
    today = timezone.localdate(timezone=community.zone)
    first = frame.first_on if frame.first_on and frame.first_on > today else today + FIRST_IN
    first += timedelta(days=(frame.weekday - first.weekday()) % 7)
    terms = {
        "title": _("Meeting of %(group)s") % {"group": community.name},
        "first": first.isoformat(),
        "clock": f"{frame.starts_at:%H:%M}",
        "minutes": frame.minutes or 60,
        "time_zone": community.time_zone,
        "rhythm": rhythm.value,
        "every": every,
        "weekdays": frame.weekday,
        "position": frame.week_of_month if rhythm is Rhythm.MONTHLY and frame.week_of_month else "",
        "months_out": frame.months_off,
        "last": end_of(community, first).isoformat(),
        "instead": Instead.SKIP.value,
    }
    address = reverse("meetings:plan_series", args=[community.pk])
    return Way(
        question=PlanAnswer.Question.DATES,
        label=_("Plan these meetings"),
        url=f"{address}?{urlencode(terms, doseq=True)}",
    )


def _going_on(community: Community) -> MeetingSeries | None:
    """The series of which a meeting is still to come, the one that began last."""
    coming = Meeting.objects.of(community).upcoming().exclude(series=None).values("series")
    return MeetingSeries.objects.filter(pk__in=coming).order_by("-starts_on", "-pk").first()
