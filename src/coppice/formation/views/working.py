"""How far a formation is, for the progress component."""

from django.urls import reverse
from django.utils.translation import gettext as _

from coppice.formation.models import Formation
from coppice.lib.progress import read
from coppice.ui.progress import Progress


def job_of(formation: Formation) -> Progress:
    """Return how far the formation's job is; done also when it ended at a clash, which its page tells."""
    url = reverse("formation:progress", args=[formation.pk])
    if formation.state != Formation.State.PROPOSING:
        return Progress(
            state="done",
            doing=_("It is worked out."),
            url=url,
            next_url=formation.get_absolute_url(),
            next_label=_("Show it"),
        )
    step = read(formation.progress_key)
    doing = _("Looking for a place for everybody")
    if step is None:
        return Progress(state="waiting", doing=doing, url=url)
    return Progress(state="running", doing=doing, url=url, done=step.done, total=step.total)
