"""The signed links by which a member answers from a mail, without an account."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coppice.accounts.links import Link, make_token, read_token
from coppice.communities.models import Community, Membership
from coppice.communities.next_steps import NextStep
from coppice.meetings.models import FollowUp, Meeting, MeetingSeries, MissedMeeting, TimePoll

ANSWER = "meeting-answer"
PULSE = "pulse"
TIMES = "meeting-times"
SERIES = "meeting-series"
FOLLOW_UPS = "follow-ups"
SUMMARY = "meeting-summary"
ABSENCE = "absence"


def answer_path(meeting: Meeting, membership: Membership, *, answer: str = "") -> str:
    """Return the path where this member says whether they come, with `answer` chosen beforehand."""
    return _path("meetings:answer", ANSWER, meeting, membership) + (f"?answer={answer}" if answer else "")


def file_path(meeting: Meeting, membership: Membership) -> str:
    """Return the path of the calendar file for somebody who has no account."""
    return _path("meetings:answer_calendar_file", ANSWER, meeting, membership)


def pulse_path(meeting: Meeting, membership: Membership, *, worth: int | None = None) -> str:
    """Return the path of this member's one question, with `worth` chosen beforehand."""
    return _path("meetings:pulse", PULSE, meeting, membership) + (f"?worth={worth:d}" if worth else "")


def times_path(poll: TimePoll, membership: Membership) -> str:
    """Return the path where this member says at which of the times they can."""
    return _path("meetings:times", TIMES, poll, membership)


def series_path(series: MeetingSeries, membership: Membership) -> str:
    """Return the path where this member sees the meetings of a series and says whether they come to all."""
    return _path("meetings:series_answer", SERIES, series, membership)


def series_file_path(series: MeetingSeries, membership: Membership) -> str:
    """Return the path of the calendar file of a series for somebody who has no account."""
    return _path("meetings:series_answer_file", SERIES, series, membership)


def absence_path(meeting: Meeting, membership: Membership, *, reason: str = "") -> str:
    """Return the path where who was missing says what it was, with `reason` chosen beforehand."""
    return _path("meetings:absence", ABSENCE, meeting, membership) + (f"?reason={reason}" if reason else "")


def summary_path(meeting: Meeting, membership: Membership) -> str:
    """Return the path where this member reads what came of a meeting, without an account."""
    return _path("meetings:summary", SUMMARY, meeting, membership)


def follow_ups_path(
    membership: Membership, *, follow_up: FollowUp | None = None, tried: int | None = None
) -> str:
    """Return the path where a member says whether they tried it, with one answer chosen beforehand."""
    token = make_token(FOLLOW_UPS, person=membership.person, subject_id=membership.pk)
    path = reverse("meetings:follow_ups", args=[token])
    return f"{path}?of={follow_up.pk}&tried={tried:d}" if follow_up and tried is not None else path


def first_answer(membership: Membership) -> list[NextStep]:
    """Tell a new member of the next meeting, or a leader to plan the first (communities.next_steps)."""
    meeting = Meeting.objects.of(membership.community).upcoming().first()
    if meeting is None:
        return [_planning(membership)] if membership.is_leader and membership.person.email else []
    return [
        NextStep(
            sentence=meeting.title, url=answer_path(meeting, membership), label=_("Say whether you come")
        )
    ]


def _planning(membership: Membership) -> NextStep:
    return NextStep(
        sentence=_("You lead, so the first meeting is yours to plan. Signing in takes a code by mail."),
        url=reverse("meetings:plan", args=[membership.community_id]),
        label=_("Plan the first meeting"),
    )


def answer_of(person: Any, *, token: str) -> tuple[Meeting, Membership]:
    """Return meeting and member behind an answer link, whoever is signed in; raises Http404 otherwise."""
    return _subject(ANSWER, token)


def pulse_of(person: Any, *, token: str) -> tuple[Meeting, Membership]:
    """Return meeting and member behind a pulse link, whoever is signed in; raises Http404 otherwise."""
    return _subject(PULSE, token)


def summary_by_link(person: Any, *, token: str) -> tuple[Meeting, Membership]:
    """Return meeting and member behind a link to what came of it; raises Http404 otherwise."""
    return _subject(SUMMARY, token)


def absence_of(person: Any, *, token: str) -> tuple[MissedMeeting, Membership]:
    """Return the question to who was missing behind a link; raises Http404 for who was never asked."""
    meeting, membership = _subject(ABSENCE, token)
    absence = meeting.absences.filter(membership=membership).first()
    if absence is None:
        raise Http404
    absence.meeting, absence.membership = meeting, membership
    return absence, membership


def follow_ups_of(person: Any, *, token: str) -> tuple[Community, Membership]:
    """Return community and member behind a link to what they meant to try; raises Http404 otherwise."""
    link = read_token(FOLLOW_UPS, token)
    membership = (
        Membership.objects.taking_part()
        .select_related("community__program__provider", "enrollment", "person")
        .filter(pk=link.subject_id, person=link.person)
        .first()
    )
    if membership is None:
        raise Http404
    return membership.community, membership


def follow_up_of(person: Any, *, token: str, follow_up_id: int) -> tuple[FollowUp, Membership]:
    """Return one question of a member behind their link; raises Http404 for another's."""
    _community, membership = follow_ups_of(person, token=token)
    follow_up = membership.follow_ups.select_related("meeting").filter(pk=follow_up_id).first()
    if follow_up is None:
        raise Http404
    return follow_up, membership


def times_of(person: Any, *, token: str) -> tuple[TimePoll, Membership]:
    """Return question and member behind a link, whoever is signed in; raises Http404 otherwise."""
    link = read_token(TIMES, token)
    poll = (
        TimePoll.objects.select_related("community__program__provider", "meeting")
        .filter(pk=link.subject_id)
        .first()
    )
    membership = _member(poll.community_id, link) if poll else None
    if poll is None or membership is None:
        raise Http404
    return poll, membership


def series_answer_of(person: Any, *, token: str) -> tuple[MeetingSeries, Membership]:
    """Return series and member behind a link, whoever is signed in; raises Http404 otherwise."""
    link = read_token(SERIES, token)
    series = (
        MeetingSeries.objects.select_related("community__program__provider")
        .filter(pk=link.subject_id)
        .first()
    )
    membership = _member(series.community_id, link) if series else None
    if series is None or membership is None:
        raise Http404
    return series, membership


def _path(
    name: str, purpose: str, subject: Meeting | MeetingSeries | TimePoll, membership: Membership
) -> str:
    return reverse(name, args=[make_token(purpose, person=membership.person, subject_id=subject.pk)])


def _subject(purpose: str, token: str) -> tuple[Meeting, Membership]:
    link = read_token(purpose, token)
    meeting = (
        Meeting.objects.select_related("community__program__provider", "series")
        .filter(pk=link.subject_id)
        .first()
    )
    membership = _member(meeting.community_id, link) if meeting else None
    if meeting is None or membership is None:
        raise Http404
    return meeting, membership


def _member(community_id: int, link: Link) -> Membership | None:
    return (
        Membership.objects.taking_part()
        .select_related("community__program", "enrollment", "person")
        .filter(community=community_id, person=link.person)
        .first()
    )
