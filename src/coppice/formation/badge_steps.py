"""Badges in a live room: everybody writes what draws them and what they can bring, and holds it up."""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.http import QueryDict
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coppice.formation import actions
from coppice.formation.badge_board import (
    MOST_LISTED,
    all_on,
    badge_of,
    finds_about,
    finds_on,
    pinboard_of,
)
from coppice.formation.badge_keeping import kept_of
from coppice.formation.badges import LONGEST_ON_A_BADGE, MOST_ON_A_BADGE
from coppice.formation.models import Badge, BadgeLine
from coppice.lib.ids import id_in
from coppice.live.errors import NotBegun
from coppice.live.kinds import Act, HostAct, Kind, Line, OwnMarks, Result, Row
from coppice.live.models import Participant, Step
from coppice.live.queries import enrollment_of
from coppice.profiles.audiences import audiences_of
from coppice.profiles.links import profile_path
from coppice.profiles.models import Audience
from coppice.programs.models import Enrollment

STYLES = "formation/badges.css"
BADGES = "badges"
MOST_LINES = 40
"""So many lines of badges are in a result; the file has all."""


class Badges(Kind):
    """Everybody writes what draws them and what they can bring, and holds it up."""

    key = BADGES
    label = gettext_lazy("Badges: what draws me, what I can bring")
    purpose = gettext_lazy("Everybody writes up to three interests and three skills, and wears them.")
    phone_template = "formation/badges/phone.html"
    projector_template = "formation/badges/projector.html"
    host_template = "formation/badges/host.html"
    own_template = "formation/badges/own.html"
    afterwards_template = "formation/badges/afterwards.html"
    stylesheet = STYLES
    kept_in = ("room__badges__lines__finds",)

    @property
    def acts(self) -> Mapping[str, Act]:
        return {**writing(), "keep": self.keep}

    @property
    def host_acts(self) -> Mapping[str, HostAct]:
        return {
            "hide": partial(self.set_hidden, is_hidden=True),
            "show": partial(self.set_hidden, is_hidden=False),
        }

    def look(self, step: Step) -> Mapping[str, Any]:
        changes = dict(step.room.badges.values_list("participant", "changes"))
        lines = BadgeLine.objects.filter(badge__room=step.room)
        return {
            "board": SimpleLazyObject(partial(pinboard_of, step.room, badges=len(changes))),
            "shown": lines.filter(is_hidden=False)[:MOST_LISTED],
            "hidden": lines.filter(is_hidden=True)[:MOST_LISTED],
            "own": OwnMarks("badges", changes),
        }

    def own(
        self, step: Step, participant: Participant, look: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        """One's badge, and the form for it."""
        return own_badge(step, participant, badge_of(participant))

    def afterwards(self, step: Step, participant: Participant) -> Mapping[str, Any] | None:
        """One's badge with who found what on it, and the form while late answers are taken."""
        badge = badge_of(participant)
        own = own_badge(step, participant, badge)
        if own["badge"] is None and not own["takes"]:
            return None
        enrollment = enrollment_of(participant)
        return {
            "own": own,
            "finds": finds_on(badge, finds_about(participant)) if badge else [],
            "keeping": _keeping(own["lines"], enrollment) if enrollment and badge else None,
        }

    def goes_with(self, participant: Participant) -> list[str]:
        badge = badge_of(participant)
        if badge is None:
            return []
        said = {"number": badge.number, "finds": len(finds_on(badge, finds_about(participant)))}
        return [_("Their badge, number %(number)d, with what others marked on it: %(finds)d.") % said]

    def result(self, step: Step) -> Result | None:
        """What stands on most badges, in table and picture, without a name."""
        badges = list(step.room.badges.all())
        shared = all_on(badges)
        if not shared:
            return None
        finding = ngettext("%(count)d badge was written", "%(count)d badges were written", len(badges)) % {
            "count": len(badges)
        }
        lines = tuple(
            Line(_called(each.line), str(each.badges), each.badges / len(badges))
            for each in shared[:MOST_LINES]
        )
        return Result(finding, (_("Interest or skill"), _("Badges")), lines)

    def rows(self, step: Step) -> Iterable[Row]:
        """Each interest and skill once, with on how many badges it stands and how many found it."""
        badges = list(step.room.badges.all())
        found = Counter[tuple[str, str]]()
        for badge in badges:
            for line in badge.lines.all():
                found[line.kind, line.key] += len(line.finds.all())
        for each in all_on(badges):
            finds = found[each.line.kind, each.line.key]
            yield Row(1, _called(each.line), each.badges, note=_found_by(finds) if finds else "")

    def keep(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Put what stands on one's badge on one's profile."""
        actions.keep_badge(participant, audience=said.get("audience", ""))

    def set_hidden(self, step: Step, *, by: Any, said: QueryDict, is_hidden: bool) -> None:
        """Take a line off all screens, or put it back."""
        actions.set_line_hidden(step, line_id=id_in(said.get("line", "")), is_hidden=is_hidden, by=by)


def writing() -> Mapping[str, Act]:
    """Return what people do with their own badge, in any step that shows it."""

    def write(step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        _check_begun(step, round)
        version = id_in(said.get("version", ""))
        interests, skills = (
            [said.get(f"{kind}-{place}-{version}", "") for place in range(1, MOST_ON_A_BADGE + 1)]
            for kind in BadgeLine.Kind.values
        )
        actions.write_badge(participant, interests=interests, skills=skills)

    def take(step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        _check_begun(step, round)
        actions.take_from_profile(participant)

    return {"write": write, "take": take}


def own_badge(step: Step, participant: Participant, badge: Badge | None) -> dict[str, Any]:
    """Return somebody's badge, as given, and what the form for it shows."""
    lines = list(badge.lines_on) if badge else []
    enrollment = enrollment_of(participant)
    return {
        "badge": badge,
        "lines": lines,
        "version": badge.changes if badge else 0,
        "blanks": [
            (kind, label, _filled([each.words for each in lines if each.kind == kind]))
            for kind, label in BadgeLine.Kind.choices
        ],
        "is_known": enrollment is not None,
        "takes": step.room.takes_answers,
        "longest": LONGEST_ON_A_BADGE,
    }


def _keeping(lines: list[BadgeLine], enrollment: Enrollment) -> dict[str, Any]:
    """What the page afterwards shows of keeping one's badge."""
    return {
        "kept": kept_of(lines, enrollment),
        "audiences": audiences_of(enrollment.program, is_own=True),
        "usual": Audience.COMMUNITIES,
        "profile": profile_path(enrollment),
    }


def _filled(words: list[str]) -> list[tuple[int, str]]:
    return list(enumerate([*words, *[""] * MOST_ON_A_BADGE][:MOST_ON_A_BADGE], start=1))


def _check_begun(step: Step, round: int) -> None:
    if not 1 <= round <= step.rounds_begun:
        raise NotBegun


def _called(line: BadgeLine) -> str:
    return f"{line.get_kind_display()}: {line.words}"


def _found_by(finds: int) -> str:
    return ngettext("%(count)d found it", "%(count)d found it", finds) % {"count": finds}
