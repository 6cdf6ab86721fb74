"""The program board in words: one line per community, and why a leader is to be called."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from coppice.communities.models import Community, Membership
from coppice.home.queries import NO_MEETINGS, AttendanceFigure, attendance, leaders_of
from coppice.programs.models import Program


@dataclass(frozen=True)
class Line:
    """One community on the board; `sign` is its one-word state with its `tone`."""

    community: Any
    leaders: list[Membership]
    attendance: AttendanceFigure
    sign: str | Promise
    tone: str
    days_since_contact: int | None
    reasons: list[str]


def lines(program: Program, communities: list[Community], *, on: date) -> list[Line]:
    """Return the board's lines for communities that carry the annotations of `for_board`."""
    ids = [community.pk for community in communities]
    figures, leaders = attendance(ids), leaders_of(ids)
    return [
        _line(
            program,
            community,
            leaders=leaders.get(community.pk, []),
            figure=figures.get(community.pk, NO_MEETINGS),
            on=on,
        )
        for community in communities
    ]


def _line(
    program: Program,
    community: Any,
    *,
    leaders: list[Membership],
    figure: AttendanceFigure,
    on: date,
) -> Line:
    spoken = community.last_spoken_on
    since = (on - spoken).days if spoken else None
    reasons = _reasons(program, community, figure=figure, since=since, on=on)
    is_snoozed = bool(community.snoozed_until and community.snoozed_until > on)
    if not leaders:
        sign, tone = _("Needs a leader"), "hazel"
    elif is_call_due(program, community, on=on) and not is_snoozed:
        sign, tone = _("Call today"), "foxglove"
    elif figure.has_fallen_twice:
        sign, tone = _("Attendance falls"), "hazel"
    else:
        sign, tone = _("Steady"), "leaf"
    return Line(
        community=community,
        leaders=leaders,
        attendance=figure,
        sign=sign,
        tone=tone,
        days_since_contact=since,
        reasons=reasons,
    )


def is_call_due(program: Program, community: Any, *, on: date) -> bool:
    """Say whether the agreed day has come, or the program's days without a check-in have passed."""
    if community.next_call_on:
        return bool(community.next_call_on <= on)
    return (on - (community.last_spoken_on or community.starts_on)).days >= program.call_after_days


def _reasons(
    program: Program, community: Any, *, figure: AttendanceFigure, since: int | None, on: date
) -> list[str]:
    reasons = []
    if figure.has_fallen_twice:
        reasons.append(str(_("Attendance fell for two meetings in a row.")))
    if community.next_call_on and community.next_call_on <= on:
        reasons.append(str(_("You agreed to speak again by now.")))
    if since is None:
        reasons.append(str(_("You have not spoken yet.")))
    elif since == 0:
        reasons.append(str(_("You spoke today.")))
    else:
        reasons.append(
            ngettext("Last spoke %(days)d day ago.", "Last spoke %(days)d days ago.", since) % {"days": since}
        )
    if community.next_meeting_at is None:
        reasons.append(str(_("No meeting is planned.")))
    return reasons
