"""What meetings write to members: invitation, change, cancellation, reminder, and the question after."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Membership
from coppice.communities.notices import write_to
from coppice.meetings import calendar_files, links
from coppice.meetings.models import Meeting, MeetingReply, PulseAnswer, TimePoll
from coppice.meetings.timetable import Timetable
from coppice.notifications.actions import Attachment
from coppice.notifications.lines import DigestLine, Section
from coppice.notifications.models import Message


def planned(meeting: Meeting, *, to: Membership) -> Message | None:
    """Invite a member to a meeting, with a calendar file and the two answers."""
    return _ask(meeting, to, occasion="planned", attachments=_invitation(meeting, to))


def changed(meeting: Meeting, *, to: Membership) -> Message | None:
    """Tell a member what a meeting is now; their calendar follows."""
    return _ask(
        meeting, to, occasion="changed", period=str(meeting.sequence), attachments=_invitation(meeting, to)
    )


def cancelled(meeting: Meeting, *, to: Membership) -> Message | None:
    """Tell a member that the meeting does not take place; their calendar drops it."""
    return _write(
        meeting,
        to,
        occasion="cancelled",
        attachments=_file("CANCEL", calendar_files.cancellation(meeting, to=to)) if to.mail_address else (),
        do_path=meeting.get_absolute_url(),
        do_label=_("See the meeting"),
    )


def reminder(meeting: Meeting, *, to: Membership, timetable: Timetable) -> Message | None:
    """Remind a member the day before, with the agenda; once for each time that the meeting is moved to."""
    return _ask(
        meeting,
        to,
        occasion="reminder",
        period=f"{meeting.starts_at:%Y%m%d%H%M}",
        slots=timetable.slots,
        agenda_url=settings.BASE_URL + reverse("meetings:agenda", args=[meeting.pk]),
    )


def asked_again(meeting: Meeting, *, to: Membership) -> Message | None:
    """Ask a member who has yet to say whether they come; once a day, by the community's clock."""
    return _ask(meeting, to, occasion="asked_again", period=today_of(meeting))


def time_proposed(
    meeting: Meeting,
    *,
    to: Membership,
    by: Membership,
    starts_at: datetime | None,
    ends_at: datetime | None,
    comment: str,
    period: str,
) -> Message | None:
    """Tell a leader that a member's calendar program proposes another time."""
    return _write(
        meeting,
        to,
        occasion="time_proposed",
        period=period,
        about=by.person,
        do_path=meeting.get_absolute_url(),
        do_label=_("See the meeting"),
        who=by.enrollment.name,
        starts_at=starts_at,
        ends_at=ends_at,
        comment=comment,
    )


def answered_with_words(
    meeting: Meeting, *, to: Membership, by: Membership, said: str, comment: str, mail_id: int
) -> Message | None:
    """Pass on to a leader what a member wrote beside their answer, in a reply by mail; once for each mail."""
    return _write(
        meeting,
        to,
        occasion="answered_with_words",
        period=str(mail_id),
        about=by.person,
        do_path=meeting.get_absolute_url(),
        do_label=_("See the meeting"),
        who=by.enrollment.name,
        said=said,
        comment=comment,
    )


def again_occasion(meeting: Meeting) -> str:
    """What the outbox calls the mails by which people are asked again."""
    return f"meeting-asked_again:{meeting.pk}"


def today_of(subject: Meeting | TimePoll) -> str:
    """The day that it is now where the community is."""
    return timezone.localdate(timezone=subject.community.zone).isoformat()


def pulse(meeting: Meeting, *, to: Membership) -> Message | None:
    """Ask somebody who was there the one question, with five answers to click."""
    return _write(
        meeting,
        to,
        occasion="pulse",
        do_path=links.pulse_path(meeting, to),
        do_label=_("Answer"),
        answers=[
            (worth.label, settings.BASE_URL + links.pulse_path(meeting, to, worth=worth))
            for worth in PulseAnswer.Worth
        ],
        reply_to=f"pulse:{meeting.pk}",
        reply_hint=_(
            "You can also reply to this mail: a number from 1 to 5 first, then one thing you will try."
        ),
    )


def times_asked(poll: TimePoll, *, to: Membership) -> Message | None:
    """Ask a member at which of the times they can; once for each question."""
    return _ask_for_times(poll, to, occasion=f"time-poll:{poll.pk}")


def times_asked_again(poll: TimePoll, *, to: Membership) -> Message | None:
    """Ask a member who has yet to say when they can; once a day, by the community's clock."""
    return _ask_for_times(poll, to, occasion=times_again_occasion(poll), period=today_of(poll), is_again=True)


def times_again_occasion(poll: TimePoll) -> str:
    """What the outbox calls the mails by which people are asked for their times again."""
    return f"time-poll-again:{poll.pk}"


def times_closed(poll: TimePoll, *, to: Membership) -> Message | None:
    """Tell a member that a question was closed and no meeting comes of it; once for each question."""
    return write_to(
        to,
        occasion=f"time-poll-closed:{poll.pk}",
        template="meetings/email/times_closed",
        context={
            "poll": poll,
            "do_path": reverse("meetings:meetings", args=[poll.community_id]),
            "do_label": _("See the meetings of your group"),
        },
        thread=f"time-poll-{poll.pk}",
        digest=DigestLine(
            section=Section.MEETINGS,
            title=poll.title,
            words=_("No meeting for now: the question when you can meet is closed."),
            path=reverse("meetings:meetings", args=[poll.community_id]),
            object_key=f"time-poll:{poll.pk}",
        ),
    )


def _ask_for_times(
    poll: TimePoll, to: Membership, *, occasion: str, period: str = "", is_again: bool = False
) -> Message | None:
    return write_to(
        to,
        occasion=occasion,
        period=period,
        template="meetings/email/times_asked",
        context={
            "is_again": is_again,
            "poll": poll,
            "times": list(poll.times.all()),
            "zone": to.zone,
            "do_path": links.times_path(poll, to),
            "do_label": _("Say when I can"),
            "reply_hint": _(
                "You can also reply to this mail with the numbers of your times, such as “1, 3”."
            ),
        },
        reply_to=f"times:{poll.pk}",
        thread=f"time-poll-{poll.pk}",
    )


def _ask(meeting: Meeting, membership: Membership, **letter: Any) -> Message | None:
    """Write a mail that asks whether somebody comes, and can be answered by a reply."""
    return _write(
        meeting,
        membership,
        reply_to=f"meeting:{meeting.pk}",
        reply_hint=_("You can also reply to this mail: write “yes”, “no” or “maybe” as the first word."),
        **letter,
    )


def _write(
    meeting: Meeting,
    membership: Membership,
    *,
    occasion: str,
    period: str = "",
    attachments: tuple[Attachment, ...] = (),
    reply_to: str = "",
    about: Any = None,
    **context: Any,
) -> Message | None:
    answer = MeetingReply.Answer
    return write_to(
        membership,
        occasion=f"meeting-{occasion}:{meeting.pk}",
        period=period,
        template=f"meetings/email/{occasion}",
        context={
            "meeting": meeting,
            "zone": membership.zone,
            "other_zone": meeting.zone_beside(membership.zone),
            "do_path": links.answer_path(meeting, membership, answer=answer.COMING),
            "do_label": answer.COMING.label,
            "no_url": settings.BASE_URL + links.answer_path(meeting, membership, answer=answer.NOT_COMING),
            **context,
        },
        thread=f"meeting-{meeting.pk}",
        attachments=attachments,
        reply_to=reply_to,
        about=about,
    )


def _invitation(meeting: Meeting, to: Membership) -> tuple[Attachment, ...]:
    return _file("REQUEST", calendar_files.request(meeting, to=to)) if to.mail_address else ()


def _file(method: str, text: str) -> tuple[Attachment, ...]:
    return (Attachment(filename="meeting.ics", content_type=f"text/calendar; method={method}", text=text),)
