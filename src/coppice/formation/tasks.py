"""The clock's entry points of formation."""

from datetime import timedelta

from django.tasks import task
from django.utils import timezone

from coppice.formation import actions
from coppice.formation.models import Formation
from coppice.formation.proposing import work_out
from coppice.lib.clock import every
from coppice.lib.progress import report
from engines.grouping import Progress

STUCK_AFTER = timedelta(minutes=2)


@task()
def propose(formation_id: int) -> None:
    """Work a formation out, outside any transaction, and keep what came of it; a second run does nothing."""
    formation = Formation.objects.filter(pk=formation_id, state=Formation.State.PROPOSING).first()
    if formation is None:
        return

    def tell(progress: Progress) -> None:
        report(formation.progress_key, done=progress.done, total=progress.trials, doing="searching")

    worked_out = work_out(formation, progress=tell)
    actions.keep(formation, worked_out=worked_out)


@every(minutes=1)
@task()
def sweep() -> None:
    """Drive formations again whose job was lost."""
    stuck = Formation.objects.filter(
        state=Formation.State.PROPOSING, asked_at__lt=timezone.now() - STUCK_AFTER
    )
    for formation_id in stuck.values_list("pk", flat=True):
        propose.call(formation_id=formation_id)
