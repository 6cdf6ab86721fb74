"""A roster file is read, matched, previewed and applied."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.history.actions import record
from coppice.lib import progress
from coppice.lib.errors import DomainError
from coppice.lib.jobs import after_commit
from coppice.programs.actions.roster_rows import carry_out
from coppice.programs.errors import ImportIsOver
from coppice.programs.models import Program, RosterImport
from coppice.programs.roster_reading import chosen_columns, plans, read
from coppice.programs.rosters.comparison import Action
from coppice.programs.rosters.matching import guess_columns, remember, require_people

State = RosterImport.State
OPEN = (State.MATCHING, State.PREVIEWED)


@transaction.atomic
def begin_import(program: Program, *, content: bytes, filename: str, by: Any) -> RosterImport:
    """Take a file in and guess its columns; nothing of the roster changes.

    Raises a TableRefused, naming the row and the reason, for a file that cannot be read.
    """
    table = read(content, filename)
    matches = guess_columns(table, program.remembered_columns)
    return RosterImport.objects.create(
        program=program,
        by=by,
        filename=filename[:255],
        content=content,
        columns=[str(match.field) for match in matches],
    )


@transaction.atomic
def match_columns(roster_import: RosterImport, *, chosen: Mapping[int, str], by: Any) -> RosterImport:
    """Settle which column says what (`chosen` by column, else the guess), remember it, and count the plan.

    Raises NobodyNamed when no column tells people apart, ImportIsOver when the file was dealt with.
    """
    roster_import = _current(roster_import.pk)
    if roster_import.state not in OPEN:
        raise ImportIsOver
    columns = [chosen.get(place, field) for place, field in enumerate(roster_import.columns)]
    roster_import.columns = columns
    table = read(bytes(roster_import.content), roster_import.filename)
    matches = chosen_columns(table, columns)
    require_people(matches)
    roster_import.plan_counts = count(plans(roster_import))
    roster_import.state = State.PREVIEWED
    roster_import.save(update_fields=["columns", "plan_counts", "state"])
    program = roster_import.program
    program.remembered_columns = {**program.remembered_columns, **remember(matches)}
    program.save(update_fields=["remembered_columns"])
    return roster_import


@transaction.atomic
def start_applying(roster_import: RosterImport, *, by: Any) -> RosterImport:
    """Hand a previewed import to the job runner; doing it twice starts it once."""
    roster_import = _current(roster_import.pk)
    if roster_import.state == State.PREVIEWED:
        roster_import.state = State.APPLYING
        roster_import.save(update_fields=["state"])
        after_commit("coppice.programs.tasks.apply_roster_import", roster_import_id=roster_import.pk)
    return roster_import


def apply_import(roster_import_id: int) -> dict[str, int]:
    """Apply an import in one transaction and return the counts; an import already applied is left alone.

    A reading that fails now (the file was readable when it came in) refuses the import and changes nothing.
    """
    try:
        with transaction.atomic():
            return _apply(_current(roster_import_id))
    except DomainError as refusal:
        RosterImport.objects.filter(pk=roster_import_id).update(
            state=State.REFUSED, refusal={"code": refusal.code, "sentence": str(refusal.sentence)}
        )
        return dict.fromkeys(map(str, Action), 0)


def progress_key(roster_import_id: int) -> str:
    """The name under which the job tells how far it is."""
    return f"roster-import-{roster_import_id}"


def count(planned: Any) -> dict[str, int]:
    """Count plans by what becomes of their rows."""
    counts = dict.fromkeys(map(str, Action), 0)
    for plan in planned:
        counts[str(plan.action)] += 1
    return counts


def _apply(roster_import: RosterImport) -> dict[str, int]:
    if roster_import.state != State.APPLYING:
        return dict(roster_import.plan_counts)
    key = progress_key(roster_import.pk)
    progress.report(key, done=0, total=1, doing="reading")
    planned = plans(roster_import)
    carry_out(
        roster_import.program,
        planned,
        tell=lambda done: progress.report(key, done=done, total=len(planned), doing="writing"),
    )
    roster_import.plan_counts = count(planned)
    roster_import.state = State.APPLIED
    roster_import.applied_at = timezone.now()
    roster_import.save(update_fields=["plan_counts", "state", "applied_at"])
    record(
        "roster.imported",
        scope=roster_import.program.scope,
        by=roster_import.by,
        subject=roster_import,
        detail=roster_import.plan_counts,
    )
    return roster_import.plan_counts


def _current(roster_import_id: int) -> RosterImport:
    return (
        RosterImport.objects.select_for_update(of=("self",))
        .select_related("program__provider", "by")
        .get(pk=roster_import_id)
    )
