"""Who may do what with a meeting."""

from typing import Any

from coppice.meetings.models import Meeting


def can_read_meeting(person: Any, meeting: Meeting) -> bool:
    """Say whether this person may open the meeting: who takes part in its community, and program staff."""
    return Meeting.objects.visible_to(person).filter(pk=meeting.pk).exists()


def can_lead_meeting(person: Any, meeting: Meeting) -> bool:
    """Say whether this person may change it, take attendance and read the pulse: leaders, program staff."""
    return Meeting.objects.led_by(person).filter(pk=meeting.pk).exists()


def can_reply(person: Any, meeting: Meeting) -> bool:
    """Say whether this person may say that they come: who takes part themself."""
    return meeting.community.memberships.taking_part().filter(person=person).exists()
