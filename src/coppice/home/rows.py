"""The rows of the program board: written here, as a template takes four times as long over each."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from coppice.home.board import Line
from coppice.programs.wording import Words
from coppice.ui.badges import pill, stage_mark
from coppice.ui.markup import markup

ROW = """
<tr>
  <th scope="row" data-label="{community_label}">
    <a href="{url}">{name}</a>
    <br>
    <span class="fine">{led}
      <br>
      <a href="{check_in_url}">{contact}<span class="unseen">: {name}</span></a></span>
  </th>
  <td data-label="{stage_label}">{stage}</td>
  <td data-label="{attendance_label}">{attendance}</td>
  <td class="whole" data-label="{meeting_label}">{meeting}</td>
  <td data-label="{sign_label}">{sign}</td>
</tr>"""
ATTENDANCE = '<strong>{percent}</strong><br><span class="fine of">{places}</span>'
MEETING = '<a href="{url}">{day},<br>{time}</a>'
SIGN = '<a href="{url}">{sign}<span class="unseen">: {name}</span></a>'
NONE = '<span class="fine">{word}</span>'


@dataclass(frozen=True)
class Labels:
    """The heads of the columns, which a phone shows beside each value."""

    community: str
    stage: str
    attendance: str
    meeting: str
    sign: str


def labels(words: Words) -> Labels:
    """Return the heads of the board's columns in the program's own words."""
    return Labels(
        community=capfirst(str(words.community)),
        stage=_("Stage"),
        attendance=_("Attendance, 90 days"),
        meeting=_("Next meeting"),
        sign=_("Sign"),
    )


def rows(lines: Iterable[Line], heads: Labels) -> SafeString:
    """Write a table row for each line."""
    none_held, not_scheduled = _("none held"), _("Not scheduled")
    return SafeString(
        "".join(_row(line, heads, none_held=none_held, not_scheduled=not_scheduled) for line in lines)
    )


def _row(line: Line, heads: Labels, *, none_held: str, not_scheduled: str) -> SafeString:
    attendance = (
        markup(ATTENDANCE, percent=line.percent, places=line.places)
        if line.percent
        else markup(NONE, word=none_held)
    )
    meeting = (
        markup(MEETING, url=line.meeting_url, day=line.meeting_day, time=line.meeting_time)
        if line.meeting_url
        else markup(NONE, word=not_scheduled)
    )
    sign = pill(line.sign, tone=line.tone)
    if line.sign_url:
        sign = markup(SIGN, url=line.sign_url, sign=sign, name=line.name)
    return markup(
        ROW,
        community_label=heads.community,
        url=line.url,
        name=line.name,
        led=line.led,
        check_in_url=line.check_in_url,
        contact=line.contact,
        stage_label=heads.stage,
        stage=stage_mark(line.stage),
        attendance_label=heads.attendance,
        attendance=attendance,
        meeting_label=heads.meeting,
        meeting=meeting,
        sign_label=heads.sign,
        sign=sign,
    )
