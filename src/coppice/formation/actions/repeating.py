"""A proposal is worked out again from what was kept of it, to see whether the same comes of it."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.formation.errors import NotRepeatable
from coppice.formation.models import Proposal
from coppice.formation.queries import is_whole
from coppice.history.actions import record
from coppice.lib.jobs import after_commit


@transaction.atomic
def ask_to_repeat(proposal: Proposal, *, by: Any) -> Proposal:
    """Have a proposal worked out again from its own input, seed and trials, once this is committed.

    It changes no place. Asking while it is under way changes nothing. Raises NotRepeatable when not all that
    the engine was told is there any more.
    """
    proposal = _held(proposal)
    if proposal.is_being_repeated:
        return proposal
    if not is_whole(proposal):
        raise NotRepeatable
    proposal.repeat_asked_at = timezone.now()
    proposal.save(update_fields=["repeat_asked_at"])
    formation = proposal.formation
    record(
        "formation.repeat_asked",
        scope=formation.program.scope,
        by=by,
        subject=formation,
        detail={"proposal": proposal.number},
    )
    after_commit("coppice.formation.tasks.repeat", proposal_id=proposal.pk)
    return proposal


@transaction.atomic
def keep_repeat(proposal: Proposal, *, moved: int | None) -> bool:
    """Keep how many people had another place this time; the clock does this. Says whether it was kept.

    `moved` is None when it could not be worked out again. Nothing happens when nobody waits for it any more.
    """
    now = Proposal.objects.select_for_update().filter(pk=proposal.pk).first()
    if now is None or not now.is_being_repeated or now.repeat_asked_at != proposal.repeat_asked_at:
        return False
    now.repeated_at, now.repeat_moved = timezone.now(), moved
    now.save(update_fields=["repeated_at", "repeat_moved"])
    return True


def _held(proposal: Proposal) -> Proposal:
    now = Proposal.objects.select_for_update(of=("self",)).select_related("formation__program")
    return now.get(pk=proposal.pk)
