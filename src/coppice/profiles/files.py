"""Gaps, needs and offers as tables to take away."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from coppice.lib.tables import write_csv
from coppice.profiles.audiences import audiences_of
from coppice.profiles.board import Reach
from coppice.profiles.models import Expertise, Need
from coppice.profiles.queries import Results
from engines.scoring import Gap


def gaps_table(results: Results) -> bytes:
    """Return the gaps of all, then of each organization, as CSV; an empty organization is everybody."""
    header = [
        _("organization"),
        _("topic"),
        _("people"),
        _("importance"),
        _("confidence"),
        _("gap"),
        _("gap at least"),
        _("gap at most"),
        _("place at best"),
        _("place at worst"),
    ]
    return write_csv(header, _rows(results))


def _rows(results: Results) -> Iterator[list[object]]:
    yield from (_row("", gap) for gap in results.gaps)
    for each in results.organizations:
        yield from (_row(each.organization.name, gap) for gap in each.gaps)


def _row(organization: str, gap: Gap) -> list[object]:
    means = [f"{mean:.4f}" for mean in (gap.importance, gap.confidence, gap.gap)]
    ends = [f"{gap.interval.low:.4f}", f"{gap.interval.high:.4f}"] if gap.interval else ["", ""]
    return [organization, gap.topic, gap.people, *means, *ends, gap.first, gap.last]


def board_table(reach: Reach) -> bytes:
    """Return every need and offer that a reader may see as CSV, those of one topic together."""
    header = [
        _("topic"),
        _("need or offer"),
        _("name"),
        _("organizations"),
        _("words"),
        _("how soon, or how well they know it"),
        _("how much they would help"),
        _("state"),
        _("who sees it"),
    ]
    seen_by = dict(audiences_of(reach.program, is_own=False))
    said: list[Need | Expertise] = [*_whole(reach.needs()), *_whole(reach.offers())]
    said.sort(key=lambda each: (each.topic_name.casefold(), isinstance(each, Expertise)))
    return write_csv(header, ([*_said(row), seen_by[row.audience]] for row in said))


def _whole(rows: Any) -> Any:
    return rows.select_related("topic", "enrollment").prefetch_related("enrollment__organizations")


def _said(row: Need | Expertise) -> list[object]:
    is_need = isinstance(row, Need)
    return [
        row.topic_name,
        _("need") if is_need else _("offer"),
        row.enrollment.name,
        "; ".join(organization.name for organization in row.enrollment.organizations.all()),
        row.text,
        row.get_urgency_display() if isinstance(row, Need) else row.get_level_display(),
        "" if isinstance(row, Need) else row.get_availability_display(),
        row.get_state_display(),
    ]
