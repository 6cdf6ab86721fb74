"""Attendance and hours as tables to take away, one file for each way of counting."""

from collections.abc import Iterable, Iterator
from datetime import tzinfo

from django.utils.translation import gettext as _

from coppice.lib.tables import write_csv
from coppice.meetings.dosage import Dosage, Figures, Line, MeetingLine
from coppice.meetings.dosage_board import organization_label, person_label

FILES = ("months", "organizations", "communities", "meetings", "people")


def table_of(dosage: Dosage, key: str, *, zone: tzinfo) -> bytes:
    """Return one of the FILES as CSV; hours with two decimals, days as ISO dates, times in `zone`."""
    if key == "meetings":
        return _meetings([*dosage.meetings, *dosage.untaken], zone=zone)
    if key == "people":
        return write_csv(
            [_("name"), _("meetings attended"), _("expected"), _("attendance in percent"), _("hours")],
            (_person(line) for line in dosage.people),
        )
    if key == "months":
        months = [(f"{line.month:%Y-%m}", line.figures) for line in dosage.months]
        return write_csv([_("month"), *_headings()], _rows(months))
    if key == "organizations":
        organizations = [(organization_label(line), line.figures) for line in dosage.organizations]
        return write_csv([_("organization"), *_headings()], _rows(organizations))
    communities = [(line.label, line.figures) for line in dosage.communities]
    return write_csv([_("community"), *_headings()], _rows(communities))


def _headings() -> list[str]:
    return [
        _("meetings with somebody there"),
        _("hours of meetings"),
        _("people, each once"),
        _("contacts"),
        _("contact hours"),
        _("expected"),
        _("attendance in percent"),
    ]


def _rows(lines: Iterable[tuple[str, Figures]]) -> Iterator[list[object]]:
    for label, each in lines:
        yield [label, *_figures(each)]


def _figures(each: Figures) -> list[object]:
    return [
        each.meetings,
        _hours(each.minutes),
        each.people,
        each.contacts,
        _hours(each.contact_minutes),
        each.expected,
        each.percent,
    ]


def _person(line: Line) -> list[object]:
    each = line.figures
    return [person_label(line), each.contacts, each.expected, each.percent, _hours(each.contact_minutes)]


def _meetings(lines: Iterable[MeetingLine], *, zone: tzinfo) -> bytes:
    header = [
        *(_("starts at"), _("meeting"), _("community"), _("length in hours"), _("attendance taken")),
        *(_("people there"), _("expected"), _("attendance in percent"), _("contact hours")),
    ]
    return write_csv(header, (_meeting(line, zone) for line in lines))


def _meeting(line: MeetingLine, zone: tzinfo) -> list[object]:
    starts = line.starts_at.astimezone(zone).isoformat(timespec="minutes")
    told: list[object] = [starts, line.title, line.community, _hours(line.minutes)]
    each = line.figures
    if each is None:
        return [*told, _("no"), None, None, None, None]
    return [*told, _("yes"), each.contacts, each.expected, each.percent, _hours(each.contact_minutes)]


def _hours(minutes: float) -> str:
    return f"{minutes / 60:.2f}"
