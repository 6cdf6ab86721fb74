"""How far a formation is, for the progress component."""

from django.urls import reverse
from django.utils.translation import gettext as _

from coppice.formation.models import Formation, Proposal
from coppice.formation.pictures import Picture, picture_of
from coppice.formation.queries import Mail, mail_of
from coppice.lib.progress import read
from coppice.ui.progress import Progress

State = Formation.State


def job_of(formation: Formation, *, mail: Mail | None = None) -> Progress:
    """Return how far the formation's job is, and then its mail (where it is known already); done also when it
    ended at a clash.
    """
    url = reverse("formation:progress", args=[formation.pk])
    if formation.is_published:
        return _mail(formation, url, mail or mail_of(formation))
    if not formation.is_working:
        return Progress(
            state="done",
            doing=_("It is worked out."),
            url=url,
            next_url=formation.get_absolute_url(),
            next_label=_("Show it"),
        )
    is_publishing = formation.state == State.PUBLISHING
    doing = _("Writing the invitations") if is_publishing else _("Looking for a place for everybody")
    step = read(formation.progress_key)
    if step is None:
        return Progress(state="waiting", doing=doing, url=url)
    if step.doing == "preparing":
        return Progress(state="running", doing=_("Getting ready, once: about half a minute"), url=url)
    return Progress(state="running", doing=doing, url=url, done=step.done, total=step.total)


def repeat_of(proposal: Proposal) -> Progress:
    """Return how far the job is that works a proposal out again as it was."""
    url = reverse("formation:repeat", args=[proposal.pk])
    step = read(proposal.repeat_key)
    doing = _("Working it out again as it was")
    if step is None:
        return Progress(state="waiting", doing=doing, url=url)
    return Progress(state="running", doing=doing, url=url, done=step.done, total=step.total)


def climb_of(formation: Formation) -> Picture | None:
    """Return the picture of how the score climbs in the search under way; None before there is a score."""
    step = read(formation.progress_key) if formation.state == State.PROPOSING else None
    if step is None or not step.total:
        return None
    return picture_of(step.points, upto=step.done / step.total)


def _mail(formation: Formation, url: str, mail: Mail) -> Progress:
    if mail.waiting:
        return Progress(
            state="running", doing=_("Invitations are leaving"), url=url, done=mail.out, total=mail.total
        )
    return Progress(
        state="done",
        doing=_("Everybody is invited."),
        url=url,
        next_url=reverse("home:board", args=[formation.program_id]),
        next_label=_("Go to the program board"),
    )
