"""Who may do what with a meeting, with a series of them, and with the question when to meet."""

from typing import Any

from coppice.communities.models import Membership
from coppice.meetings.agenda_models import AgendaItem
from coppice.meetings.models import Meeting, MeetingSeries, ProposedTime, TimePoll


def can_read_meeting(person: Any, meeting: Meeting) -> bool:
    """Say whether this person may open the meeting: who takes part in its community, and program staff."""
    return Meeting.objects.visible_to(person).filter(pk=meeting.pk).exists()


def can_lead_meeting(person: Any, meeting: Meeting) -> bool:
    """Say whether this person may change it, take attendance and read the pulse: leaders, program staff."""
    return Meeting.objects.led_by(person).filter(pk=meeting.pk).exists()


def can_reply(person: Any, meeting: Meeting) -> bool:
    """Say whether this person may say that they come: who takes part themself."""
    return meeting.community.memberships.taking_part().filter(person=person).exists()


def can_read_series(person: Any, series: MeetingSeries) -> bool:
    """Say whether this person may open a series: who takes part in its community, and program staff."""
    return MeetingSeries.objects.visible_to(person).filter(pk=series.pk).exists()


def can_lead_series(person: Any, series: MeetingSeries) -> bool:
    """Say whether this person may change a series: leaders, program staff."""
    return MeetingSeries.objects.led_by(person).filter(pk=series.pk).exists()


def can_reply_to_series(person: Any, series: MeetingSeries) -> bool:
    """Say whether this person may say that they come to all of it: who takes part themself."""
    return series.community.memberships.taking_part().filter(person=person).exists()


def can_lead_time_poll(person: Any, poll: TimePoll) -> bool:
    """Say whether this person may read the answers, enter somebody's and close it: leaders, program staff."""
    return TimePoll.objects.led_by(person).filter(pk=poll.pk).exists()


def can_enter_times(person: Any, subject: tuple[TimePoll, Membership]) -> bool:
    """Say whether this person may enter what somebody said on paper or by phone."""
    poll, _membership = subject
    return can_lead_time_poll(person, poll)


def can_plan_time(person: Any, time: ProposedTime) -> bool:
    """Say whether this person may plan the meeting at one of the times that were asked for."""
    return can_lead_time_poll(person, time.poll)


def can_lead_item(person: Any, item: AgendaItem) -> bool:
    """Say whether this person may change, move and take up an item: whoever leads its meeting."""
    return can_lead_meeting(person, item.meeting)


def can_take_off(person: Any, item: AgendaItem) -> bool:
    """Say whether this person may take an item off: who leads, and of the box who put it there."""
    own = item.asked_by is not None and item.asked_by.person_id == person.pk and not item.position
    return (own and can_reply(person, item.meeting)) or can_lead_item(person, item)
