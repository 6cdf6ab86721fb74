"""The clock's entry points for programs."""

from datetime import timedelta

from django.tasks import task
from django.utils import timezone

from coppice.lib.clock import every
from coppice.programs import actions
from coppice.programs.models import RosterImport

State = RosterImport.State
STUCK_AFTER = timedelta(minutes=3)
KEPT = timedelta(days=30)
DOING = {
    State.READING: actions.read_import,
    State.COMPARING: actions.compare_import,
    State.APPLYING: actions.apply_import,
}


@task()
def read_roster_import(roster_import_id: int) -> None:
    """Read one large file; one that is read already is left alone."""
    actions.read_import(roster_import_id)


@task()
def compare_roster_import(roster_import_id: int) -> None:
    """Compare one large file with the roster; one that is compared already is left alone."""
    actions.compare_import(roster_import_id)


@task()
def apply_roster_import(roster_import_id: int) -> None:
    """Apply one import; one that is applied already is left alone."""
    actions.apply_import(roster_import_id)


@every(minutes=1)
@task()
def sweep_roster_imports() -> None:
    """Do what a lost job left behind, and throw away files that nobody dealt with."""
    now = timezone.now()
    stuck = RosterImport.objects.filter(state__in=list(DOING), asked_at__lt=now - STUCK_AFTER)
    for roster_import in list(stuck.defer("content")):
        if actions.claim_import(roster_import):
            DOING[State(roster_import.state)](roster_import.pk)
    actions.throw_away_files(before=now - KEPT)
