"""What is written in the weeks after a meeting: did you try it, and, to who was missing, what it was."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Membership
from coppice.communities.notices import write_to
from coppice.meetings import links
from coppice.meetings.models import FollowUp, Meeting, MissedMeeting
from coppice.notifications.models import Message


def follow_up(
    membership: Membership, *, asked: Sequence[FollowUp], things: Mapping[int, list[str]]
) -> Message | None:
    """Ask a member whether they tried what they meant to, all in one mail; once a day at the most.

    `things` holds what each was about, by its id.
    """
    return write_to(
        membership,
        occasion=f"follow-up:{membership.pk}",
        period=timezone.localdate(timezone=membership.community.zone).isoformat(),
        template="meetings/email/follow_up",
        context={
            "asked": [(each, things[each.pk], follow_up_choices(each, membership)) for each in asked],
            "zone": membership.zone,
            "do_path": links.follow_ups_path(membership),
            "do_label": _("Answer"),
            "reply_hint": BY_REPLY if len(asked) == 1 else "",
        },
        reply_to=f"follow-up:{asked[0].pk}" if len(asked) == 1 else f"follow-ups:{membership.pk}",
    )


BY_REPLY = _(
    "You can also reply to this mail: a number from 0 (not yet) to 3 (fully) first, then your words."
)


def follow_up_choices(follow_up: FollowUp, membership: Membership) -> list[tuple[Any, str]]:
    """The four answers of one click, each with the address of a page that asks to confirm it."""
    return [
        (
            tried.label,
            settings.BASE_URL + links.follow_ups_path(membership, follow_up=follow_up, tried=tried),
        )
        for tried in FollowUp.Tried
    ]


def missed(meeting: Meeting, *, to: Membership) -> Message | None:
    """Ask somebody who was missing what it was, gently, with four answers to click; once for a meeting."""
    return write_to(
        to,
        occasion=f"meeting-missed:{meeting.pk}",
        template="meetings/email/missed",
        context={
            "meeting": meeting,
            "zone": to.zone,
            "do_path": links.absence_path(meeting, to),
            "do_label": _("Answer"),
            "answers": absence_choices(meeting, to),
            "reply_hint": _("You can also reply to this mail with the number of your answer, from 1 to 4."),
        },
        thread=f"meeting-{meeting.pk}",
        reply_to=f"absence:{meeting.pk}",
    )


def absence_choices(meeting: Meeting, membership: Membership) -> list[tuple[Any, str]]:
    """The four answers of one click, each with the address of a page that asks to confirm it."""
    return [
        (reason.label, settings.BASE_URL + links.absence_path(meeting, membership, reason=reason))
        for reason in MissedMeeting.Reason
    ]
