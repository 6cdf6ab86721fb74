"""The agenda of a meeting as a paper: when and where, and what it goes through by the clock."""

from datetime import tzinfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coppice.lib.papers import Block, Fact, Heading, Paper, Paragraph, Table, Words, size_in
from coppice.meetings.models import Meeting
from coppice.meetings.timetable import Slot, Timetable, timetable_of
from coppice.ui.dates import local_time


def agenda_paper(meeting: Meeting, *, zone: tzinfo) -> Paper:
    """Return what a meeting goes through, by the clock of a zone, in the active language; one query."""
    timetable = timetable_of(meeting)
    when = strip_tags(local_time(meeting.starts_at, zone=zone, end=meeting.ends_at, yours=False))
    return Paper(
        title=_("Agenda"),
        subtitle=meeting.title,
        kicker=f"{meeting.community.program.name} · {meeting.community.name}",
        language=get_language() or "en",
        size=size_in(meeting.community.time_zone),
        made_at=timezone.now(),
        state=_("Cancelled") if meeting.cancelled_at else "",
        tone="foxglove",
        facts=[Fact(_("When"), when), *_how(meeting)],
        blocks=[*_purpose(meeting), *_parts(timetable, zone)],
        foot=f"{meeting.title} · {date_format(timezone.localtime(meeting.starts_at, zone))}",
    )


def _how(meeting: Meeting) -> list[Fact]:
    """Where and how one takes part; the link in full, since nobody presses it on paper."""
    mode = str(meeting.get_mode_display())
    facts = [Fact(_("How we meet"), f"{mode}: {meeting.place}" if meeting.place else mode)]
    said = (
        (_("Meeting link"), meeting.link),
        (_("Dial-in number"), meeting.dial_in),
        (_("Access and interpreting"), meeting.access),
        (_("Recording"), meeting.recording),
    )
    return [*facts, *(Fact(label, words) for label, words in said if words)]


def _purpose(meeting: Meeting) -> list[Block]:
    return [Heading(_("What we will do")), Paragraph(meeting.purpose)] if meeting.purpose else []


def _parts(timetable: Timetable, zone: tzinfo) -> list[Block]:
    heading = Heading(_("What we go through"))
    if not timetable.slots:
        return [heading, Paragraph(_("Nothing stands on the agenda yet."), is_faint=True)]
    head = [_("Begins"), _("What"), _("Minutes"), _("Who leads it")]
    rows = [_row(slot, zone) for slot in timetable.slots]
    planned = _("%(minutes)d of %(length)d minutes are planned.") % {
        "minutes": timetable.minutes,
        "length": timetable.length,
    }
    return [heading, Table(head, rows, widths=(2, 8, 2, 3)), Paragraph(planned, is_faint=True)]


def _row(slot: Slot, zone: tzinfo) -> list[Words]:
    item = slot.item
    return [
        date_format(timezone.localtime(slot.starts_at, zone), "TIME_FORMAT"),
        f"{item.title}\n{item.detail}" if item.detail else item.title,
        str(item.minutes),
        item.owner.enrollment.name if item.owner else "",
    ]
