"""The clock's entry points for the library."""

from django.tasks import task

from coppice.lib.clock import every
from coppice.lib.jobs import attempt
from coppice.library.actions import practice_care, preparing, uploads
from coppice.library.actions.items import purge
from coppice.library.models import Version
from coppice.library.template_finding import bring_in

AT_ONCE = 20


@task()
def prepare(version_id: int) -> None:
    """Have one file scanned and drawn."""
    version = Version.objects.select_related("item__community__program").filter(pk=version_id).first()
    if version is not None:
        attempt(lambda: preparing.prepare(version))


@every(minutes=5)
@task()
def sweep_versions() -> None:
    """Prepare what a lost job left, or what waits for a scanner that was away."""
    waiting = Version.objects.filter(is_prepared=False).order_by("pk").values_list("pk", flat=True)
    for pk in list(waiting[:AT_ONCE]):
        prepare.func(pk)


@every(minutes=60)
@task()
def sweep_library() -> None:
    """Delete what was thrown away long ago, files that never arrived, and files that no row names."""
    purge()
    uploads.sweep()


@task()
def tell_practice(practice_id: int) -> None:
    """Tell everybody of one practice that was published."""
    attempt(lambda: practice_care.tell(practice_id))


@every(minutes=5)
@task()
def tend_practices() -> None:
    """Tell of what a lost job left, and ask about what nobody looked at for eighteen months."""
    for pk in practice_care.untold():
        tell_practice.func(pk)
    practice_care.age()


@every(minutes=5)
@task()
def tend_templates() -> None:
    """Let search find the templates of a new provider, and of a set that has grown."""
    bring_in()
