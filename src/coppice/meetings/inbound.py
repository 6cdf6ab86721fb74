"""What replies to the mails of meetings do: come or not, at which times, was it worth it, did you try it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Membership
from coppice.meetings import links, notices
from coppice.meetings.actions import after, mailed_replies, series, time_polls
from coppice.meetings.actions.meetings import answer_pulse
from coppice.meetings.after_models import LONGEST_EXCUSE, LONGEST_STORY
from coppice.meetings.itip_replies import Unread, UnreadError, read_mail
from coppice.meetings.models import (
    FollowUp,
    Meeting,
    MeetingReply,
    MeetingSeries,
    MissedMeeting,
    PulseAnswer,
    TimeAnswer,
    TimePoll,
)
from coppice.meetings.queries import active_members
from coppice.notifications.inbound import Incoming, NotUnderstood, register, register_reader
from coppice.notifications.inbound.answers import Said, read_choice, read_numbers, read_word
from coppice.notifications.models import Message

LONGEST_WILL_TRY = 500
GONE = _("What you write about is no longer there. Nothing needs to be done.")
COMING_HOW = _("Please write “yes”, “no” or “maybe” as the first word.")


def connect() -> None:
    """Register; called from AppConfig.ready()."""
    register_reader("calendar", read_calendar)
    register("meeting", answer_meeting)
    register("series", answer_series)
    register("times", answer_times)
    register("pulse", say_worth)
    register("follow-up", say_tried)
    register("follow-ups", say_tried_of_several)
    register("absence", say_why_missing)


def read_calendar(mail_id: int, raw: bytes) -> bool:
    """Take what a calendar program answers to an invitation; False for a mail without such an answer."""
    try:
        reply = read_mail(raw)
    except UnreadError as unread:
        if unread.why in {Unread.INCOMPLETE, Unread.BROKEN}:
            raise NotUnderstood(
                _("We could not read what your calendar answered. Answer on the page of our mail instead.")
            ) from None
        return False
    mailed_replies.take(reply)
    return True


def answer_meeting(person: Any, meeting_id: int, incoming: Incoming) -> None:
    """Say whether one comes; words beside it go to the leaders. One is asked anew when it has moved."""
    meeting, membership = _meeting(person, meeting_id)
    answer = read_word(incoming.text)
    if answer is None:
        path = links.answer_path(meeting, membership)
        raise NotUnderstood(COMING_HOW, do_path=path, do_label=_("Say whether I come"))
    if _has_changed_since(meeting, person, incoming):
        notices.asked_again(meeting, to=membership)
        return
    mailed_replies.take_word(meeting, membership=membership, said=ANSWERS.get(answer.value), by=person)
    if answer.comment:
        _pass_on(meeting, membership, said=answer.value, incoming=incoming, comment=answer.comment)


def answer_series(person: Any, series_id: int, incoming: Incoming) -> None:
    """Say whether one comes to every meeting to come."""
    found = MeetingSeries.objects.select_related("community__program__provider").filter(pk=series_id).first()
    membership = found and _member(person, found.community_id)
    if not found or not membership:
        raise NotUnderstood(GONE)
    answer = read_word(incoming.text)
    if answer is None or answer.value is Said.MAYBE:
        raise NotUnderstood(
            _("Please write “yes” or “no” as the first word. Here you say it of each meeting:"),
            do_path=links.series_path(found, membership),
            do_label=_("Say whether I come"),
        )
    series.reply_to_all(found, membership=membership, answer=ANSWERS[answer.value], by=person)
    meeting = Meeting.objects.upcoming().filter(series=found).first()
    if answer.comment and meeting:
        _pass_on(meeting, membership, said=answer.value, incoming=incoming, comment=answer.comment)


def answer_times(person: Any, poll_id: int, incoming: Incoming) -> None:
    """Say at which of the numbered times one can: "1, 3", all of them ("yes") or none ("no")."""
    poll = TimePoll.objects.select_related("community__program__provider").filter(pk=poll_id).first()
    membership = poll and _member(person, poll.community_id)
    if not poll or not membership:
        raise NotUnderstood(GONE)
    times = [time.pk for time in poll.times.all()]
    numbers, word = read_numbers(incoming.text, most=len(times)), read_word(incoming.text)
    if numbers is not None:
        can = {times[number - 1] for number in numbers.value}
    elif word is not None and word.value is not Said.MAYBE:
        can = set(times) if word.value is Said.YES else set()
    else:
        raise NotUnderstood(
            _("Please write the numbers of the times at which you can, such as “1, 3”, or “no” for none."),
            do_path=links.times_path(poll, membership),
            do_label=_("Say when I can"),
        )
    said = {time: TimeAnswer.Answer.YES if time in can else TimeAnswer.Answer.NO for time in times}
    time_polls.answer(poll, membership=membership, answers=said, by=person)


def say_worth(person: Any, meeting_id: int, incoming: Incoming) -> None:
    """Say from 1 to 5 whether a meeting was worth it, and one thing that one will try."""
    meeting, membership = _meeting(person, meeting_id)
    answer = read_choice(incoming.text, PulseAnswer.Worth.choices)
    if answer is None:
        raise NotUnderstood(
            _("Please write a number from 1 (not at all) to 5 (very much) first."),
            do_path=links.pulse_path(meeting, membership),
            do_label=_("Answer"),
        )
    answer_pulse(
        meeting, membership=membership, worth=answer.value, will_try=answer.comment[:LONGEST_WILL_TRY]
    )


def say_tried(person: Any, follow_up_id: int, incoming: Incoming) -> None:
    """Say from 0 to 3 whether one tried it, and what helped or stood in the way."""
    follow_up = FollowUp.objects.filter(pk=follow_up_id, membership__person=person).first()
    if follow_up is None:
        raise NotUnderstood(GONE)
    answer = read_choice(incoming.text, FollowUp.Tried.choices)
    if answer is None:
        raise _on_page(
            follow_up.membership,
            _("Please write a number from 0 (not yet) to 3 (fully) first, then your words."),
        )
    said = {"story": answer.comment[:LONGEST_STORY]} if answer.comment else {}
    after.answer_follow_up(follow_up, tried=answer.value, **said)


def say_tried_of_several(person: Any, membership_id: int, incoming: Incoming) -> None:
    """Send back to the page, because a mail about several cannot say which one a number is about."""
    membership = Membership.objects.taking_part().filter(pk=membership_id, person=person).first()
    if membership is None:
        raise NotUnderstood(GONE)
    raise _on_page(
        membership,
        _("That mail was about several things, and a reply cannot tell which one it means. Here you say it:"),
    )


def say_why_missing(person: Any, meeting_id: int, incoming: Incoming) -> None:
    """Say why one was missing, by the number of an answer or its words; nobody sees it with the name."""
    meeting, membership = _meeting(person, meeting_id)
    numbered = list(enumerate(MissedMeeting.Reason, start=1))
    answer = read_choice(incoming.text, [(number, reason.label) for number, reason in numbered])
    if answer is None:
        raise NotUnderstood(
            _("Please write the number of your answer first, from 1 to 4."),
            do_path=links.absence_path(meeting, membership),
            do_label=_("Answer"),
        )
    words = " ".join(answer.comment.split())[:LONGEST_EXCUSE]
    reason = dict(numbered)[answer.value]
    after.answer_absent(meeting, membership=membership, reason=reason, words=words, shows_name=False)


ANSWERS = {Said.YES: MeetingReply.Answer.COMING, Said.NO: MeetingReply.Answer.NOT_COMING}


def _on_page(membership: Membership, sentence: Any) -> NotUnderstood:
    return NotUnderstood(sentence, do_path=links.follow_ups_path(membership), do_label=_("Answer"))


def _has_changed_since(meeting: Meeting, person: Any, incoming: Incoming) -> bool:
    """Say whether the mail that was answered told of another time than the meeting has now."""
    changes = Message.objects.filter(recipient=person, occasion=f"meeting-changed:{meeting.pk}")
    return incoming.asked_at is not None and changes.filter(created_at__gt=incoming.asked_at).exists()


def _pass_on(
    meeting: Meeting, membership: Membership, *, said: Said, incoming: Incoming, comment: str
) -> None:
    for leader in active_members(meeting.community).filter(role=Membership.Role.LEADER):
        if leader.pk != membership.pk:
            notices.answered_with_words(
                meeting, to=leader, by=membership, said=said, comment=comment, mail_id=incoming.mail_id
            )


def _meeting(person: Any, meeting_id: int) -> tuple[Meeting, Membership]:
    meeting = Meeting.objects.select_related("community__program__provider").filter(pk=meeting_id).first()
    membership = meeting and _member(person, meeting.community_id)
    if not meeting or not membership:
        raise NotUnderstood(GONE)
    return meeting, membership


def _member(person: Any, community_id: int) -> Membership | None:
    return (
        Membership.objects.taking_part()
        .select_related("community__program__provider", "enrollment", "person")
        .filter(community=community_id, person=person)
        .first()
    )
