"""Finding a time from a conversation: the way there, and the question as a line of the conversation."""

from typing import Any

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coppice.communities.models import Community, Membership
from coppice.communities.permissions import can_lead
from coppice.communities.talk_ways import Trace, Way
from coppice.meetings import links
from coppice.meetings.models import TimePoll


def origin(thread_id: int) -> str:
    """Return how a time poll names the conversation that it came from."""
    return f"thread:{thread_id}"


def thread_in(said_in: str) -> int | None:
    """Return the id of the conversation that a time poll names, None where it names none."""
    number = said_in.removeprefix("thread:")
    return int(number) if number != said_in and number.isdecimal() else None


def led_to_a_time() -> Exists:
    """Return as a column of conversations whether a question for a time came of one."""
    named = Concat(Value("thread:"), Cast(OuterRef("pk"), CharField()))
    return Exists(TimePoll.objects.filter(community=OuterRef("community"), said_in=named))


def to_find_a_time(person: Any, community: Community, thread_id: int) -> Way | None:
    """Lead whoever leads to looking for times."""
    if not can_lead(person, community):
        return None
    return Way(
        label=_("Find a time"),
        how=_("Everybody says at which of several times they can meet, by their own clock."),
        url=f"{reverse('meetings:find_time', args=[community.pk])}?thread={thread_id}",
    )


def time_polls_of(person: Any, community: Community, thread_id: int) -> list[Trace]:
    """Return the questions for a time that came of a conversation: whoever is asked goes to their answer."""
    polls = list(
        TimePoll.objects.filter(community=community, said_in=origin(thread_id))
        .select_related("meeting", "community")
        .order_by("pk")
    )
    if not polls:
        return []
    membership = (
        Membership.objects.taking_part()
        .filter(community=community, person=person.pk)
        .select_related("person")
        .first()
    )
    return [
        Trace(
            label=_("A time for “%(title)s”") % {"title": poll.title},
            told=_standing(poll),
            url=_url(poll, membership),
        )
        for poll in polls
    ]


def _url(poll: TimePoll, membership: Membership | None) -> str:
    if poll.meeting is not None:
        return poll.meeting.get_absolute_url()
    if membership is None or membership.is_leader:
        return poll.get_absolute_url()
    return links.times_path(poll, membership) if poll.is_open else ""


def _standing(poll: TimePoll) -> str:
    if poll.meeting is not None:
        return _("The meeting is planned.")
    if poll.is_closed:
        return _("It was closed without a meeting.")
    if poll.is_open:
        return _("People can answer until %(day)s.") % {"day": date_format(poll.closes_on)}
    return _("The time to answer is over.")
