"""The mail in which everybody reads, within an hour, what came of a meeting."""

from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Membership
from coppice.communities.notices import choices_about, write_to
from coppice.meetings import links
from coppice.meetings.after_notices import absence_choices
from coppice.meetings.summaries import Summary
from coppice.notifications.models import Message


def summary(summary: Summary, *, to: Membership, is_missing: bool) -> Message | None:
    """Tell a member what came of a meeting, their own commitments first; once for a meeting.

    Who `is_missing` without having said so is asked at the end what it was. Names of who was there are for
    those who lead, as on the meeting's page.
    """
    meeting = summary.meeting
    return write_to(
        to,
        occasion=f"meeting-summary:{meeting.pk}",
        template="meetings/email/summary",
        context={
            "meeting": meeting,
            "summary": summary,
            "zone": to.zone,
            "own": [(each, choices_about(each, to)) for each in summary.own(to)],
            "others": summary.others(to),
            "names": [each.enrollment.name for each in summary.there] if to.is_leader else [],
            "missed": absence_choices(meeting, to) if is_missing else [],
            "do_path": links.summary_path(meeting, to),
            "do_label": _("Read it on a page"),
        },
        thread=f"meeting-{meeting.pk}",
    )
