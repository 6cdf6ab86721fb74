"""The clock's entry points for search."""

from django.tasks import task

from coppice.lib.clock import every
from coppice.lib.jobs import alone
from coppice.search import indexing


@task()
def refresh() -> None:
    """Read anew what was marked; another that runs at the same time does it all."""
    with alone("search") as is_alone:
        if is_alone:
            indexing.refresh()


@every(minutes=1)
@task()
def sweep() -> None:
    """Read anew what is still marked, bring in what nobody marked, and compare some of the rest."""
    refresh.func()
    with alone("search sweep") as is_alone:
        if is_alone:
            indexing.sweep()
