"""How far a formation is, for the progress component."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from coppice.formation.models import Formation, Proposal
from coppice.formation.pictures import picture_of
from coppice.formation.queries import Mail, mail_of
from coppice.lib.progress import Step, read
from coppice.programs.wording import Words, words_for
from coppice.ui.progress import Progress

State = Formation.State
FIRST = timedelta(seconds=15)
AT_ONCE, SOON, USUALLY = 250, 500, 1000
"""Milliseconds: before there is a first proposal, in the FIRST seconds, and after them."""


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
    pause = _pause(formation, step)
    if step is None:
        return Progress(state="waiting", doing=doing, url=url, pause=pause)
    if step.doing == "preparing":
        return Progress(state="running", doing=_("Getting ready, once: about half a minute"), url=url)
    return Progress(state="running", doing=doing, url=url, done=step.done, total=step.total, pause=pause)


def _pause(formation: Formation, step: Step | None) -> int:
    """How long to wait before asking again, in milliseconds: in the first seconds much happens."""
    if timezone.now() - formation.asked_at > FIRST:
        return USUALLY
    return SOON if step is not None and step.best else AT_ONCE


def repeat_of(proposal: Proposal) -> Progress:
    """Return how far the job is that works a proposal out again as it was."""
    url = reverse("formation:repeat", args=[proposal.pk])
    step = read(proposal.repeat_key)
    doing = _("Working it out again as it was")
    if step is None:
        return Progress(state="waiting", doing=doing, url=url)
    return Progress(state="running", doing=doing, url=url, done=step.done, total=step.total)


def climb_of(formation: Formation) -> dict[str, Any]:
    """Return what is shown of the search under way: its best proposal so far, and how the score climbs.

    `picture` is None, and `best` (a sentence) "", before there is a proposal that breaks no rule.
    """
    step = read(formation.progress_key) if formation.state == State.PROPOSING else None
    if step is None or not step.total:
        return {"picture": None, "best": ""}
    best = _best(step.best, words_for(formation.program)) if step.best else ""
    return {"picture": picture_of(step.points, upto=step.done / step.total), "best": best}


def _best(best: Mapping[str, int], words: Words) -> str:
    """The best proposal so far, in a sentence."""
    values = {"groups": words.counted(best["groups"]), "least": best["smallest"], "most": best["largest"]}
    if best["groups"] == 1:
        told = _("Everybody has a place, all in one. Every must-have holds.")
    elif best["smallest"] == best["largest"]:
        told = _("Everybody has a place: %(groups)s of %(most)d people. Every must-have holds.")
    else:
        told = _("Everybody has a place: %(groups)s of %(least)d to %(most)d people. Every must-have holds.")
    return told % values


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
