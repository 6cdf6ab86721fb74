"""A roster file is read, matched, compared, previewed and applied."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.history.actions import record
from coppice.lib import progress
from coppice.lib.bulk import Rows
from coppice.lib.collecting import paused_collecting
from coppice.lib.errors import DomainError
from coppice.lib.jobs import after_commit
from coppice.lib.tables import unpacked_size
from coppice.programs.actions.roster_files import FILE, empty, refuse
from coppice.programs.actions.roster_lines import digest_of, forget_lines, keep_lines, lines_of
from coppice.programs.actions.roster_rows import Writing, prepare, write
from coppice.programs.errors import ImportIsOver, ImportRefused, RosterChanged, SamePersonTwice
from coppice.programs.models import Program, RosterImport
from coppice.programs.roster_reading import (
    Roster,
    answers_of,
    attributes_of,
    chosen_columns,
    keepable,
    looks,
    plans,
    read,
    reading_of,
    stamp,
)
from coppice.programs.rosters.comparison import SOMEBODY_ELSE, Action, RowPlan
from coppice.programs.rosters.looks import looks_of
from coppice.programs.rosters.matching import (
    guess_columns,
    remember,
    require_order_of_dates,
    require_people,
)

State = RosterImport.State
OPEN = (State.MATCHING, State.PREVIEWED)
RUNNING = (State.READING, State.COMPARING, State.APPLYING)
QUICK_BYTES = 256 * 1024
QUICK_ROWS = 500
QUICK_ROSTER = 2000
"""Up to these sizes a file is read and compared while the person waits; beyond them by a job."""
PREPARED_OUTSIDE = 3


@transaction.atomic
def begin_import(program: Program, *, content: bytes, filename: str, by: Any) -> RosterImport:
    """Take a file in; nothing of the roster changes. A small one is read at once, a large one by a job.

    Raises a TableRefused, naming the row and the reason, for a small file that cannot be read; a large one is
    refused when the job has read it.
    """
    is_quick = unpacked_size(content) <= QUICK_BYTES
    roster_import = RosterImport(
        program=program, by=by, filename=filename[:255], content=content, asked_at=timezone.now()
    )
    if is_quick:
        _take_in(roster_import)
    roster_import.save()
    if not is_quick:
        after_commit("coppice.programs.tasks.read_roster_import", roster_import_id=roster_import.pk)
    return roster_import


def read_import(roster_import_id: int) -> None:
    """Read a file that came in and guess its columns; one that is read already is left alone.

    A file that cannot be read is refused with the row and the reason.
    """
    with _job(roster_import_id):
        roster_import = _waiting(roster_import_id, State.READING)
        if roster_import is None:
            return
        _tell(roster_import_id, "reading")
        _take_in(roster_import)
        with transaction.atomic():
            if _current(roster_import_id).state == State.READING:
                roster_import.save(update_fields=["seen", "row_count", "columns", "day_first", "state"])


@transaction.atomic
def match_columns(
    roster_import: RosterImport, *, chosen: Mapping[int, str], by: Any, day_first: bool | None = None
) -> RosterImport:
    """Settle which column says what (`chosen` by column, else the guess), remember it, and have it compared.

    `day_first` says how dates are written that leave it open. A small file is compared at once, a large one
    by a job. Raises NobodyNamed when no column tells people apart, DatesLeftOpen when only the person can
    know how dates are written, ImportIsOver when the file was dealt with.
    """
    roster_import = _current(roster_import.pk)
    if roster_import.state not in OPEN:
        raise ImportIsOver
    columns = [chosen.get(place, field) for place, field in enumerate(roster_import.columns)]
    seen = looks(roster_import)
    matches = chosen_columns(seen, columns)
    day_first = roster_import.day_first if day_first is None else day_first
    require_people(matches)
    require_order_of_dates(matches, seen, day_first=day_first)
    program = roster_import.program
    program.remembered_columns = {**program.remembered_columns, **remember(matches)}
    program.remembered_day_first = day_first
    program.save(update_fields=["remembered_columns", "remembered_day_first"])
    roster_import.columns, roster_import.day_first = columns, day_first
    roster_import.save(update_fields=["columns", "day_first"])
    return _have_compared(roster_import)


@transaction.atomic
def say_who(roster_import: RosterImport, *, answers: Mapping[int, int], by: Any) -> RosterImport:
    """Say of rows with a new address who they are, and have the file compared again.

    `answers` hold an enrollment's id, or SOMEBODY_ELSE, by the number of a row; earlier answers about other
    rows stay. Nothing of the roster changes yet. Raises SamePersonTwice when two rows would be one person,
    ImportIsOver when there is no preview to answer.
    """
    roster_import = _current(roster_import.pk)
    if roster_import.state != State.PREVIEWED:
        raise ImportIsOver
    said = answers_of(roster_import) | dict(answers)
    people = [person for person in said.values() if person != SOMEBODY_ELSE]
    if len(people) > len(set(people)):
        raise SamePersonTwice
    if said == answers_of(roster_import):
        return roster_import
    roster_import.answers = {str(row): person for row, person in said.items()}
    roster_import.save(update_fields=["answers"])
    return _have_compared(roster_import)


def compare_import(roster_import_id: int) -> None:
    """Compare a file with the roster and keep what it would do; one that is compared already is left alone.

    The comparing is done outside the transaction, which only keeps what came of it.
    """
    with _job(roster_import_id):
        roster_import = _waiting(roster_import_id, State.COMPARING)
        if roster_import is None:
            return
        compared = _compared(roster_import)
        with transaction.atomic():
            current = _current(roster_import_id)
            if current.state == State.COMPARING and _asked(current) == _asked(roster_import):
                _keep(compared, current)


@transaction.atomic
def start_applying(roster_import: RosterImport, *, by: Any) -> RosterImport:
    """Hand a previewed import to the job runner; doing it twice starts it once."""
    roster_import = _current(roster_import.pk)
    if roster_import.state == State.PREVIEWED:
        roster_import.state, roster_import.asked_at = State.APPLYING, timezone.now()
        roster_import.save(update_fields=["state", "asked_at"])
        after_commit("coppice.programs.tasks.apply_roster_import", roster_import_id=roster_import.pk)
    return roster_import


def apply_import(roster_import_id: int) -> dict[str, int]:
    """Apply an import in one transaction and return the counts; an import already applied is left alone.

    What would be done must be what the preview said. When it is something else by now, nothing changes: the
    import goes back to its preview, compared anew, and the counts are nought.
    Everything is made ready outside the transaction, so that other writers wait only for the writing itself.
    When the roster changed meanwhile it is made ready anew; when it changes again and again, inside. A
    reading that fails now (the file was readable when it came in) refuses the import and changes nothing.
    """
    with _job(roster_import_id):
        for _attempt in range(PREPARED_OUTSIDE):
            counts = _apply(roster_import_id)
            if counts is not None:
                return counts
        with transaction.atomic():
            _current(roster_import_id)
            counts = _apply(roster_import_id)
            if counts is not None:
                return counts
    return count([])


def finish_import(roster_import: RosterImport, *, by: Any, day_first: bool | None = None) -> dict[str, int]:
    """Take a file that came in all the way, with the columns guessed, and return the counts.

    Raises the refusal that a job would have written down: TableRefused, NobodyNamed or DatesLeftOpen; and
    RosterChanged, with nothing done, when the roster changed in between.
    """
    read_import(roster_import.pk)
    _raise_refusal(roster_import)
    match_columns(roster_import, chosen={}, day_first=day_first, by=by)
    compare_import(roster_import.pk)
    start_applying(roster_import, by=by)
    counts = apply_import(roster_import.pk)
    _raise_refusal(roster_import)
    if roster_import.state == State.PREVIEWED:
        raise RosterChanged
    return counts


def claim_import(roster_import: RosterImport) -> bool:
    """Take over an import whose job seems lost, for one caller at a time; say whether it was still so."""
    return bool(
        RosterImport.objects.filter(
            pk=roster_import.pk, state=roster_import.state, asked_at=roster_import.asked_at
        ).update(asked_at=timezone.now())
    )


def progress_key(roster_import_id: int) -> str:
    """The name under which the jobs tell how far they are."""
    return f"roster-import-{roster_import_id}"


def count(planned: Sequence[RowPlan]) -> dict[str, int]:
    """Count plans by what becomes of their rows."""
    counts = dict.fromkeys(map(str, Action), 0)
    for plan in planned:
        counts[str(plan.action)] += 1
    return counts


def _raise_refusal(roster_import: RosterImport) -> None:
    roster_import.refresh_from_db(fields=["state", "refusal"])
    if roster_import.state == State.REFUSED:
        raise ImportRefused(roster_import.refusal["sentence"])


def _take_in(roster_import: RosterImport) -> None:
    """Read the file and note what its columns look like and what they seem to say."""
    program = roster_import.program
    table = read(bytes(roster_import.content), roster_import.filename)
    seen = looks_of(table, attributes_of(program))
    matches = guess_columns(table, program.remembered_columns, [look.known_as for look in seen])
    roster_import.seen = keepable(seen)
    roster_import.row_count = len(table.rows)
    roster_import.columns = [str(match.field) for match in matches]
    roster_import.day_first = program.remembered_day_first
    roster_import.state = State.MATCHING


def _asked(roster_import: RosterImport) -> tuple[Any, ...]:
    """What a comparison goes by, beside the file and the roster."""
    return roster_import.columns, roster_import.day_first, roster_import.answers


def _have_compared(roster_import: RosterImport) -> RosterImport:
    """Have a file compared: a small one at once, a large one by a job."""
    roster_import.state, roster_import.asked_at = State.COMPARING, timezone.now()
    roster_import.save(update_fields=["state", "asked_at"])
    if _is_quick(roster_import):
        _keep(_compared(roster_import), roster_import)
    else:
        after_commit("coppice.programs.tasks.compare_roster_import", roster_import_id=roster_import.pk)
    return roster_import


def _is_quick(roster_import: RosterImport) -> bool:
    return roster_import.row_count <= QUICK_ROWS and roster_import.program.enrollments.count() <= QUICK_ROSTER


def _planned(roster_import: RosterImport, roster: Roster) -> list[RowPlan]:
    _tell(roster_import.pk, "reading")
    reading = reading_of(roster_import)
    roster_import.content = b""
    _tell(roster_import.pk, "comparing")
    return plans(reading, roster, answers_of(roster_import))


@dataclass(frozen=True)
class _Comparison:
    """What came of a comparison, ready to be kept."""

    lines: Rows
    digest: str
    counts: dict[str, int]
    rows_to_check: int
    rows_to_answer: int


def _compared(roster_import: RosterImport) -> _Comparison:
    return _comparison(roster_import, _planned(roster_import, Roster.of(roster_import.program)))


def _comparison(roster_import: RosterImport, planned: Sequence[RowPlan]) -> _Comparison:
    _tell(roster_import.pk, "keeping")
    to_check = sum(1 for plan in planned if plan.reasons)
    to_answer = sum(1 for plan in planned if plan.is_open)
    return _Comparison(
        lines_of(roster_import, planned), digest_of(planned), count(planned), to_check, to_answer
    )


def _keep(comparison: _Comparison, roster_import: RosterImport) -> None:
    """Keep what a comparison found; one that takes the place of a preview meant to be applied says so."""
    keep_lines(roster_import, comparison.lines)
    roster_import.plan_digest = comparison.digest
    roster_import.plan_counts = comparison.counts
    roster_import.rows_to_check = comparison.rows_to_check
    roster_import.rows_to_answer = comparison.rows_to_answer
    roster_import.is_shown_anew = roster_import.state == State.APPLYING
    roster_import.state = State.PREVIEWED
    roster_import.save(
        update_fields=[
            "plan_digest",
            "plan_counts",
            "rows_to_check",
            "rows_to_answer",
            "is_shown_anew",
            "state",
        ]
    )


def _apply(roster_import_id: int) -> dict[str, int] | None:
    """Make ready and write; None when the roster changed in between and nothing was written."""
    roster_import = _waiting(roster_import_id, State.APPLYING)
    if roster_import is None:
        return dict(RosterImport.objects.defer("content").get(pk=roster_import_id).plan_counts)
    program = roster_import.program
    roster = Roster.of(program)
    planned = _planned(roster_import, roster)
    if digest_of(planned) != roster_import.plan_digest:
        _show_anew(roster_import, planned)
        return count([])
    counts = count(planned)
    _tell(roster_import_id, "preparing")
    writing = prepare(program, planned, roster)
    seen = roster.stamp
    del planned, roster  # the writing holds all that is needed, and memory is dear
    return _write(roster_import_id, writing, counts, seen=seen)


def _show_anew(roster_import: RosterImport, planned: Sequence[RowPlan]) -> None:
    """Go back to the preview with what would be done now, unless another job was first."""
    comparison = _comparison(roster_import, planned)
    with transaction.atomic():
        current = _current(roster_import.pk)
        if current.state == State.APPLYING:
            _keep(comparison, current)


def _write(
    roster_import_id: int, writing: Writing, counts: dict[str, int], *, seen: str
) -> dict[str, int] | None:
    with transaction.atomic():
        roster_import = _current(roster_import_id)
        if roster_import.state != State.APPLYING:
            return dict(roster_import.plan_counts)
        if stamp(roster_import.program) != seen:
            return None
        write(writing, tell=_teller(roster_import_id, total=writing.total))
        forget_lines(roster_import)
        roster_import.plan_counts = counts
        roster_import.state = State.APPLIED
        roster_import.applied_at = timezone.now()
        empty(roster_import)
        roster_import.save(update_fields=["plan_counts", "state", "applied_at", *FILE])
        record(
            "roster.imported",
            scope=roster_import.program.scope,
            by=roster_import.by,
            subject=roster_import,
            detail=counts,
        )
        return counts


def _tell(roster_import_id: int, doing: str) -> None:
    progress.report(progress_key(roster_import_id), done=0, total=1, doing=doing)


def _teller(roster_import_id: int, *, total: int) -> Callable[[int], None]:
    key = progress_key(roster_import_id)
    return lambda done: progress.report(key, done=done, total=total, doing="writing")


@contextmanager
def _job(roster_import_id: int) -> Iterator[None]:
    """Do a job's work; a refusal that it meets ends the import."""
    try:
        with paused_collecting():
            yield
    except DomainError as refusal:
        with transaction.atomic():
            roster_import = _current(roster_import_id)
            if roster_import.state in RUNNING:
                refuse(roster_import, refusal)


def _waiting(roster_import_id: int, state: str) -> RosterImport | None:
    """Return an import with its content while it waits in this state."""
    return (
        RosterImport.objects.select_related("program__provider", "by")
        .filter(pk=roster_import_id, state=state)
        .first()
    )


def _current(roster_import_id: int) -> RosterImport:
    return _with_people().select_for_update(of=("self",)).get(pk=roster_import_id)


def _with_people() -> Any:
    return RosterImport.objects.defer("content").select_related("program__provider", "by")
