"""What the pages of attendance and hours show: a table for each way of counting, some with bars."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, tzinfo

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.template.defaultfilters import floatformat
from django.urls import reverse
from django.utils.dateformat import format as write
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from coppice.meetings.dosage import NO_ORGANIZATION, Dosage, Figures, Line, MeetingLine
from coppice.ui.dates import day

A_PAGE = 25
A_SHEET = 2000
"""So many rows each table has at most on the page that is made to be printed."""
FEWEST_TOLD = 5
"""Of fewer people a funder reads no count."""


@dataclass(frozen=True)
class Row:
    """One row of a table: its name, where that leads, a smaller line below it, and its figures.

    `bar` is how long its bar is, in hours; 0 in a table without bars.
    """

    label: str
    figures: Figures
    url: str = ""
    note: str = ""
    bar: float = 0

    @property
    def bar_words(self) -> str:
        """What the bar says, in words."""
        return ngettext("%(hours)s hour", "%(hours)s hours", 1 if self.bar == 1 else 2) % {
            "hours": floatformat(self.bar)
        }

    @property
    def attendance(self) -> str:
        return attendance_of(self.figures)


@dataclass(frozen=True)
class Section:
    """One table with the key of its file; `columns` are the figures that it shows (names below).

    `bars` is which hours have bars, "" for none, and `largest` the longest of them.
    """

    key: str
    title: str
    first_column: str
    columns: tuple[str, ...]
    page: Page
    finding: str = ""
    bars: str = ""
    largest: float = 0

    @property
    def parameter(self) -> str:
        """What the address calls the page of this table."""
        return f"{self.key}-page"


OF_MANY = ("meetings", "hours", "people", "contacts", "contact_hours", "attendance")
OF_A_MEETING = ("hours", "people", "contact_hours", "attendance")
OF_A_PERSON = ("contacts", "contact_hours", "attendance")


def attendance_of(figures: Figures) -> str:
    """Return attended of expected in words: "67 % (8 of 12)"."""
    if figures.percent is None:
        return _("nobody was expected")
    return _("%(percent)s %% (%(count)s of %(whole)s)") % {
        "percent": figures.percent,
        "count": floatformat(figures.contacts),
        "whole": floatformat(figures.expected),
    }


def month_label(month: date) -> str:
    """Return a month as people read it: "November 2026"."""
    return write(month, pgettext("month with year in Django's date letters", "F Y"))


def organization_label(line: Line) -> str:
    """Return the name of an organization, or that people gave none."""
    return _("No organization given") if line.key == NO_ORGANIZATION else line.label


def person_label(line: Line) -> str:
    """Return a name from the roster, or that its person is gone."""
    return line.label or _("Somebody who left")


def sections_of(dosage: Dosage, query: QueryDict, *, zone: tzinfo, community: str = "") -> list[Section]:
    """Return the tables of a page, each by pages of its own (`?…-page=2`, or all with `?sheet=1`).

    Times stand in `zone`. `community` is what one of several is called, which then have a table of their own.
    """
    make = _Maker(query)
    months = [Row(month_label(line.month), line.figures) for line in dosage.months]
    organizations = [Row(organization_label(line), line.figures) for line in dosage.organizations]
    shown = [
        make.section("months", _("By month"), _("Month"), OF_MANY, months, bars="contact_hours"),
        make.section(
            "organizations",
            _("By organization"),
            _("Organization"),
            OF_MANY,
            organizations,
            bars="hours",
            finding=_reach_of(dosage),
        ),
    ]
    if community:
        rows = [_row(line, "meetings:hours") for line in dosage.communities]
        shown.append(
            make.section(
                "communities",
                _("By %(community)s") % {"community": community},
                capfirst(community),
                OF_MANY,
                rows,
                bars="contact_hours",
            )
        )
    meetings = [meeting_row(line, zone=zone, names_community=bool(community)) for line in dosage.meetings]
    people = [Row(person_label(line), line.figures) for line in dosage.people]
    return [
        *shown,
        make.section("meetings", _("By meeting"), _("Meeting"), OF_A_MEETING, meetings),
        make.section("people", _("By person"), _("Name"), OF_A_PERSON, people),
    ]


def meeting_row(line: MeetingLine, *, zone: tzinfo, names_community: bool) -> Row:
    """Return one meeting as a row, with its day in `zone`."""
    on = day(line.starts_at.astimezone(zone))
    return Row(
        line.title,
        line.figures or Figures(),
        url=reverse("meetings:meeting", args=[line.meeting]),
        note=f"{on} · {line.community}" if names_community else on,
    )


def month_section(dosage: Dosage) -> Section | None:
    """Return the months as funders read them: all of them or, when one is about too few people, none."""
    held = [line.figures for line in dosage.months if line.figures.expected]
    if not held or min(each.people for each in held) < FEWEST_TOLD:
        return None
    months = [Row(month_label(line.month), line.figures) for line in dosage.months]
    return _Maker(QueryDict("sheet=1")).section(
        "months", _("By month"), _("Month"), OF_MANY, months, bars="contact_hours"
    )


def _row(line: Line, name: str) -> Row:
    return Row(line.label, line.figures, url=reverse(name, args=[line.key]))


def _reach_of(dosage: Dosage) -> str:
    """Say how many organizations were reached, whatever the page of the table shows."""
    named = [line for line in dosage.organizations if line.key != NO_ORGANIZATION]
    reached = sum(line.figures.contacts > 0 for line in named)
    if not named:
        return ""
    return ngettext(
        "%(reached)d of %(count)d organization was reached.",
        "%(reached)d of %(count)d organizations were reached.",
        len(named),
    ) % {"reached": reached, "count": len(named)}


class _Maker:
    """Makes sections for one address, whose words say which pages are shown."""

    def __init__(self, query: QueryDict) -> None:
        self.query = query
        self.a_page = A_SHEET if query.get("sheet") else A_PAGE

    def section(
        self,
        key: str,
        title: str,
        first_column: str,
        columns: tuple[str, ...],
        rows: Iterable[Row],
        *,
        bars: str = "",
        finding: str = "",
    ) -> Section:
        every = [replace(row, bar=getattr(row.figures, bars)) for row in rows] if bars else list(rows)
        return Section(
            key=key,
            title=title,
            first_column=first_column,
            columns=columns,
            page=Paginator(every, self.a_page).get_page(self.query.get(f"{key}-page")),
            finding=finding,
            bars=bars,
            largest=max((row.bar for row in every), default=0),
        )
