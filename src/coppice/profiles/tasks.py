"""The clock's entry point for profiles."""

from datetime import time
from functools import partial

from django.tasks import task
from django.utils import timezone

from coppice.lib.clock import every
from coppice.lib.jobs import attempt
from coppice.profiles import actions
from coppice.profiles.models import Introduction, Telling
from coppice.profiles.notices import zone_of

MORNING, EVENING = time(9), time(18)


@every(minutes=60)
@task()
def tend_introductions() -> None:
    """Ask, by day and two weeks later, whether an introduction helped; let go what nobody answered."""
    now = timezone.now()
    attempt(partial(actions.let_go, at=now))
    due = Introduction.objects.filter(
        state=Introduction.State.INTRODUCED,
        introduced_at__lte=now - actions.ASKED_AFTER,
        asked_whether_at=None,
        need__isnull=False,
        need__enrollment__ended_at=None,
        offer__isnull=False,
    ).exclude(tellings__about=Telling.About.HELPED)
    for introduction in due.select_related("need__enrollment__person", "need__enrollment__program"):
        need = introduction.need
        if need is not None and MORNING <= timezone.localtime(now, zone_of(need.enrollment)).time() < EVENING:
            attempt(partial(actions.ask_whether_helped, introduction))
