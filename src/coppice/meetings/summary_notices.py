"""The mail in which everybody reads, within an hour, what came of a meeting."""

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from coppice.communities.commitment_models import Commitment
from coppice.communities.models import Membership
from coppice.communities.notices import choices_about, write_to
from coppice.meetings import links
from coppice.meetings.after_notices import absence_choices
from coppice.meetings.summaries import Summary
from coppice.notifications.lines import DigestLine, Section
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
        digest=DigestLine(
            section=_section(summary, to),
            title=meeting.title,
            words=lambda: _in_short(summary, to),
            path=links.summary_path(meeting, to),
            object_key=f"meeting:{meeting.pk}",
        ),
    )


def _section(summary: Summary, to: Membership) -> Section:
    """Where a digest tells of it: a member is asked first whether what stands there as theirs is right."""
    if any(each.word == Commitment.Word.ASKED for each in summary.own(to)):
        return Section.ANSWER
    return Section.DECISIONS if summary.decisions else Section.MEETINGS


def _in_short(summary: Summary, to: Membership) -> str:
    """What came of a meeting, in numbers: the reader's own commitments first."""
    own, others = len(summary.own(to)), len(summary.others(to))
    decisions, lessons = len(summary.decisions), len(summary.lessons)
    counts = [
        (own, ngettext("%(count)s thing for you to do", "%(count)s things for you to do", own)),
        (decisions, ngettext("%(count)s decision", "%(count)s decisions", decisions)),
        (others, ngettext("%(count)s thing that others do", "%(count)s things that others do", others)),
        (lessons, ngettext("%(count)s lesson", "%(count)s lessons", lessons)),
    ]
    came = [words % {"count": count} for count, words in counts if count]
    return gettext("What came of it: %(things)s") % {"things": ", ".join(came) or gettext("read the notes")}
