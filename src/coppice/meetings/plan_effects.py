"""What another rhythm in the action plan would change about meetings: nothing by itself, and it says so."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import ngettext

from coppice.communities.models import Community
from coppice.meetings.models import Meeting

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
