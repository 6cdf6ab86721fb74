"""The program board in words: one line per community, and why a leader is to be called."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache

from django.utils import timezone
from django.utils.dateformat import format as write
from django.utils.formats import get_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from coppice.home.queries import Facts, facts_of
from coppice.lib.paths import path
from coppice.lib.phones import dial
from coppice.programs.models import Enrollment, Program


@dataclass(frozen=True)
class Line:
    """One community on the board, in words: a board has many, and words are quick to write there.

    `sign` is its one-word state with its `tone`, `sign_url` where something is done about it. What there is
    none of is "": leader, attendance, meeting.
    """

    name: str
    url: str
    stage: str
    leader: str
    led: str
    contact: str
    check_in_url: str
    snooze_url: str
    percent: str
    places: str
    meeting_url: str
    meeting_day: str
    meeting_time: str
    sign: str
    sign_url: str
    tone: str
    facts: Facts
    on: date

    @property
    def dial(self) -> str:
        """The tel: address of the leader's phone, or "" without a number."""
        return dial(self.facts.leader_phone or "")

    @property
    def reasons(self) -> str:
        """Why the leader is to be called, in sentences."""
        return " ".join(_reasons(self.facts, on=self.on))


def lines(program: Program, community_ids: Collection[int], *, on: date) -> dict[int, Line]:
    """Return the board's lines for communities of a program, by their id."""
    facts = facts_of(community_ids)
    return {community: _line(program, each, on=on) for community, each in facts.items()}


def _line(program: Program, facts: Facts, *, on: date) -> Line:
    figures = facts.attendance
    sign, tone = _sign(program, facts, on=on)
    leader = "" if facts.leader is None else facts.leader or str(Enrollment())
    meeting_day, meeting_time = _moment(facts.next_meeting_at)
    return Line(
        name=facts.name,
        url=path("home:now", facts.community),
        stage=facts.stage,
        leader=leader,
        led=_led(facts, leader),
        contact=_contact(facts, on=on),
        check_in_url=path("stewardship:check_in", facts.community),
        snooze_url=path("stewardship:snooze", facts.community),
        percent=f"{figures.percent} %" if figures.expected else "",
        places=_("%(present)s of %(expected)s came")
        % {"present": figures.present, "expected": figures.expected},
        meeting_url=path("meetings:meeting", facts.next_meeting) if facts.next_meeting else "",
        meeting_day=meeting_day,
        meeting_time=meeting_time,
        sign=sign,
        sign_url=path("communities:people", facts.community) if _lacks_leader(facts) else "",
        tone=tone,
        facts=facts,
        on=on,
    )


def _led(facts: Facts, leader: str) -> str:
    if leader:
        return _("Led by %(leader)s") % {"leader": leader}
    return _("All who lead") if facts.is_circle else _("No leader yet")


def _lacks_leader(facts: Facts) -> bool:
    return facts.leader is None and not facts.is_circle


def _sign(program: Program, facts: Facts, *, on: date) -> tuple[str, str]:
    is_snoozed = bool(facts.snoozed_until and facts.snoozed_until > on)
    if _lacks_leader(facts):
        return (_("Leader invited") if facts.is_leader_asked else _("Needs a leader")), "hazel"
    if facts.leader is not None and is_call_due(program, facts, on=on) and not is_snoozed:
        return _("Call today"), "foxglove"
    if facts.attendance.has_fallen_twice:
        return _("Attendance falls"), "hazel"
    return _("Steady"), "leaf"


def is_call_due(program: Program, facts: Facts, *, on: date) -> bool:
    """Say whether the agreed day has come, or the program's days without a check-in have passed."""
    if facts.next_call_on:
        return facts.next_call_on <= on
    return (on - (facts.last_spoken_on or facts.starts_on)).days >= program.call_after_days


def _since(facts: Facts, *, on: date) -> int | None:
    return (on - facts.last_spoken_on).days if facts.last_spoken_on else None


def _contact(facts: Facts, *, on: date) -> str:
    since = _since(facts, on=on)
    if since is None:
        return _("Not spoken to yet")
    if since == 0:
        return _("Spoke today")
    words = ngettext("Spoke %(counter)s day ago", "Spoke %(counter)s days ago", since)
    return words % {"counter": since}


def _moment(at: datetime | None) -> tuple[str, str]:
    if at is None:
        return "", ""
    here, language = timezone.localtime(at), get_language()
    if at <= timezone.now():
        return _("On now"), _clock(here.hour, here.minute, language)
    return _day(here.date(), language), _clock(here.hour, here.minute, language)


@lru_cache(maxsize=1024)  # a board's meetings fall on few days, and a day takes long to write
def _day(day: date, _language: str) -> str:
    return write(day, pgettext("short day in Django's date letters", "D j M"))


@lru_cache(maxsize=1024)
def _clock(hour: int, minute: int, _language: str) -> str:
    return write(time(hour, minute), get_format("TIME_FORMAT"))


def _reasons(facts: Facts, *, on: date) -> list[str]:
    since = _since(facts, on=on)
    reasons = []
    if facts.attendance.has_fallen_twice:
        reasons.append(_("Attendance fell for two meetings in a row."))
    if facts.next_call_on and facts.next_call_on <= on:
        reasons.append(_("You agreed to speak again by now."))
    if since is None:
        reasons.append(_("You have not spoken yet."))
    elif since == 0:
        reasons.append(_("You spoke today."))
    else:
        reasons.append(
            ngettext("Last spoke %(days)d day ago.", "Last spoke %(days)d days ago.", since) % {"days": since}
        )
    if facts.next_meeting_at is None:
        reasons.append(_("No meeting is planned."))
    return reasons
