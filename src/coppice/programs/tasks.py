"""The clock's entry points for programs."""

from datetime import timedelta

from django.tasks import task
from django.utils import timezone

from coppice.lib.clock import every
from coppice.programs import actions
from coppice.programs.models import RosterImport

STUCK_AFTER = timedelta(minutes=5)
KEPT = timedelta(days=30)


@task()
def apply_roster_import(roster_import_id: int) -> None:
    """Apply one import; one that is applied already is left alone."""
    actions.apply_import(roster_import_id)


@every(minutes=5)
@task()
def sweep_roster_imports() -> None:
    """Apply what a lost job left behind, and empty the files of old imports."""
    now = timezone.now()
    stuck = RosterImport.objects.filter(
        state=RosterImport.State.APPLYING, created_at__lt=now - STUCK_AFTER
    ).values_list("pk", flat=True)
    for roster_import_id in list(stuck):
        actions.apply_import(roster_import_id)
    RosterImport.objects.filter(created_at__lt=now - KEPT).exclude(content=b"").update(content=b"")
