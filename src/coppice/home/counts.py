"""Counts as people take them away: rows for a table or a file, and sentences for a report."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.template.defaultfilters import floatformat
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coppice.home.queries import SMALLEST_GROUP, ProgramCounts, Reach
from coppice.programs.models import Program
from coppice.programs.wording import words_for

type Row = tuple[object, ...]


@dataclass(frozen=True)
class Measure:
    """One count: of what, how many, out of how many and how it is counted; `count` is None where hidden."""

    label: str
    count: int | float | None
    meaning: str = ""
    whole: int | None = None

    @property
    def words(self) -> str:
        """The count as a page shows it, with its denominator where it has one."""
        if self.count is None:
            return _("hidden: fewer than five people")
        if self.whole:
            return _("%(percent)s %% (%(count)s of %(whole)s)") % {
                "percent": round(100 * self.count / self.whole),
                "count": floatformat(self.count),
                "whole": floatformat(self.whole),
            }
        return _("none held") if self.whole == 0 else floatformat(self.count)


def program_measures(program: Program, counts: ProgramCounts, reach: Reach) -> list[Measure]:
    """Return what a funder may read of a program; what fewer than five people did is hidden."""
    shown = counts.members >= SMALLEST_GROUP
    return [
        Measure(capfirst(words_for(program).communities), counts.communities, _("those that go on today")),
        Measure(_("Members"), counts.members if shown else None, _("active today, each person once")),
        Measure(_("Organizations they come from"), counts.organizations if shown else None, _("each once")),
        *reach_measures(reach),
    ]


def reach_measures(reach: Reach) -> list[Measure]:
    """Return what meetings came to, for a program or an organization."""
    return [
        Measure(
            _("Meetings held"), reach.meetings, _("attendance was taken, and somebody counted here was there")
        ),
        Measure(_("Hours of meetings"), reach.hours, _("the length of those meetings")),
        Measure(_("Contacts"), reach.contacts, _("one person at one meeting; the same person counts again")),
        Measure(_("Contact hours"), reach.contact_hours, _("how long each stayed, added up")),
        Measure(
            _("Attendance"),
            reach.contacts,
            _("were there, of those expected"),
            whole=None if reach.contacts is None else reach.expected or 0,
        ),
    ]


def file_rows(program: Program, measures: list[Measure], *, on: date) -> Iterator[Row]:
    """Yield the header of the file and a row for each measure, with plain numbers."""
    yield _("program"), _("day"), _("measure"), _("count"), _("out of"), _("how it is counted")
    for each in measures:
        count = each.words if each.count is None else each.count
        yield program.name, on.isoformat(), each.label, count, each.whole, each.meaning


def sentences(program: Program, counts: ProgramCounts, reach: Reach, *, on: date) -> list[str]:
    """Return the counts in sentences ready for a report, each number with what it counts and out of what."""
    week, weeks = program.week(on)
    said = {
        "day": date_format(on, "DATE_FORMAT"),
        "week": week,
        "weeks": weeks,
        "program": program.name,
        "groups": words_for(program).counted(counts.communities),
    }
    if counts.members < SMALLEST_GROUP:
        stands = [
            _("On %(day)s, in week %(week)d of %(weeks)d, %(program)s has %(groups)s.") % said,
            _("Fewer than %(smallest)d people take part, so they are not counted here.")
            % {"smallest": SMALLEST_GROUP},
        ]
    else:
        stands = [
            _(
                "On %(day)s, in week %(week)d of %(weeks)d, %(program)s has %(groups)s, "
                "with %(members)s from %(organizations)s. Each person is counted once."
            )
            % {
                **said,
                "members": ngettext("%(count)d active member", "%(count)d active members", counts.members)
                % {"count": counts.members},
                "organizations": ngettext(
                    "%(count)d organization", "%(count)d organizations", counts.organizations
                )
                % {"count": counts.organizations},
            }
        ]
    return [*stands, *_of_meetings(reach)]


def _of_meetings(reach: Reach) -> list[str]:
    if reach.contacts is None or reach.meetings is None:
        return []
    if not reach.expected:
        return [_("No meeting has been held so far.")]
    held = ngettext(
        "So far %(meetings)d meeting was held, of %(hours)s hours in all.",
        "So far %(meetings)d meetings were held, of %(hours)s hours in all.",
        reach.meetings,
    )
    return [
        held % {"meetings": reach.meetings, "hours": floatformat(reach.hours)},
        _("People were there %(contacts)d of the %(expected)d times they were expected (%(percent)d %%).")
        % {"contacts": reach.contacts, "expected": reach.expected, "percent": reach.percent},
        ngettext(
            "That is %(contacts)d contact and %(hours)s contact hours.",
            "That is %(contacts)d contacts and %(hours)s contact hours.",
            reach.contacts,
        )
        % {"contacts": reach.contacts, "hours": floatformat(reach.contact_hours)},
        _("A contact is one person at one meeting: whoever came to three meetings counts three times."),
        _("Contact hours are how long each person stayed at each meeting, added up."),
    ]
