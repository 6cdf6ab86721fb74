"""The lines of a preview: what a comparison found, kept so that each page of it is a cheap read."""

import json
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

from coppice.lib.bulk import Rows
from coppice.programs.models import RosterImport, RosterLine
from coppice.programs.rosters.comparison import Action, RowPlan


def lines_of(roster_import: RosterImport, plans: Sequence[RowPlan]) -> Rows:
    """Make ready what a comparison found, one line for each person of the file."""
    rows = Rows(RosterLine)
    for place, plan in enumerate(plans):
        rows.add(
            RosterLine(
                roster_import_id=roster_import.pk,
                place=place,
                action=plan.action,
                has_problems=bool(plan.reasons),
                asks=bool(plan.may_be),
                enrollment_id=plan.person_id,
                said=_said(plan),
            )
        )
    return rows


def digest_of(plans: Sequence[RowPlan]) -> str:
    """Return a digest of all that a preview of these plans shows: equal when they would do the same."""
    digest = blake2b(digest_size=16)
    for plan in plans:
        digest.update(json.dumps([plan.action, plan.person_id, _said(plan)]).encode())
    return digest.hexdigest()


def keep_lines(roster_import: RosterImport, lines: Rows) -> None:
    """Put these lines in the place of those that an earlier comparison left, in the caller's transaction."""
    forget_lines(roster_import)
    lines.insert()


def forget_lines(roster_import: RosterImport) -> None:
    """Drop the lines of a preview that nobody needs any more."""
    roster_import.lines.all().delete()


def _said(plan: RowPlan) -> dict[str, Any]:
    asked = {"may_be": plan.may_be, "answer": plan.answer} if plan.may_be else {}
    return {
        "rows": plan.row.numbers,
        "name": plan.row.name,
        "email": plan.row.email,
        "organizations": [(place.name, place.area) for place in plan.row.organizations],
        "on_paper": plan.action == Action.ADD and not (plan.row.email or plan.row.phone),
        "changes": [(change.field, change.old, change.new) for change in plan.changes],
        "problems": [(problem.code, problem.values) for problem in plan.reasons],
        **asked,
    }
