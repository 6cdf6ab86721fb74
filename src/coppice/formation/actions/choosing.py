"""What people do with the proposals of a formation: name, use, go on from, stop looking, take away."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.formation.actions.rows import current, unpublished
from coppice.formation.errors import InUse, NothingToUse
from coppice.formation.models import Formation, Proposal
from coppice.formation.solving import usual_trials
from coppice.history.actions import record
from coppice.lib.jobs import after_commit

State = Formation.State
MOST_TRIALS = 2_000_000_000


@transaction.atomic
def annotate(proposal: Proposal, *, name: str, note: str, by: Any) -> Proposal:
    """Give a proposal a name and a note, also after publication; without one it is called by number."""
    proposal.name, proposal.note = name, note
    proposal.save(update_fields=["name", "note"])
    return _recorded(proposal, verb="formation.proposal_named", by=by)


@transaction.atomic
def choose(proposal: Proposal, *, by: Any) -> Proposal:
    """Put a proposal on the table, with the sizes and rules that it was worked out by.

    A search that is under way is given up. Raises AlreadyPublished, and NothingToUse for one without places.
    """
    formation = unpublished(proposal.formation)
    proposal = _usable(formation, proposal)
    if formation.on_table_id == proposal.pk and formation.state == State.PROPOSED:
        return proposal
    formation.state, formation.failed_at = State.PROPOSED, None
    _put_on_table(formation, proposal)
    formation.save()
    return _recorded(proposal, verb="formation.proposal_chosen", by=by)


@transaction.atomic
def go_on(proposal: Proposal, *, times: int, by: Any) -> Formation:
    """Have a proposal worked out that begins where this one is, with `times` as many trials.

    This one comes onto the table first: who is locked or was moved in it stays. Raises as `choose` does.
    """
    formation = unpublished(proposal.formation)
    if formation.state == State.PROPOSING:
        return formation
    proposal = _usable(formation, proposal)
    _put_on_table(formation, proposal)
    usual = usual_trials(proposal.places.current().count())
    formation.seed += 1
    formation.state, formation.continues = State.PROPOSING, proposal
    formation.trials = min(MOST_TRIALS, times * max(usual, proposal.trials))
    formation.lets_go = formation.stop_asked = False
    formation.most_moves = formation.failed_at = None
    formation.asked_by, formation.asked_at = by, timezone.now()
    formation.save()
    _recorded(proposal, verb="formation.gone_on", by=by)
    after_commit("coppice.formation.tasks.propose", formation_id=formation.pk)
    return formation


@transaction.atomic
def stop(formation: Formation, *, by: Any) -> Formation:
    """Ask the search under way to end with the best so far; when there is none, nothing happens."""
    formation = current(formation)
    if formation.state != State.PROPOSING or formation.stop_asked:
        return formation
    formation.stop_asked = True
    formation.save(update_fields=["stop_asked"])
    record("formation.stopped", scope=formation.program.scope, by=by, subject=formation)
    return formation


@transaction.atomic
def take_away(proposal: Proposal, *, by: Any) -> None:
    """Remove a proposal with its places; its number stays in the record.

    Raises AlreadyPublished, and InUse when it is what the formation shows now.
    """
    formation = unpublished(proposal.formation)
    shown = formation.proposals.last() if formation.is_impossible else None
    if proposal.pk in {formation.on_table_id, shown.pk if shown else None}:
        raise InUse
    _recorded(proposal, verb="formation.proposal_removed", by=by)
    proposal.delete()


def _usable(formation: Formation, proposal: Proposal) -> Proposal:
    """The proposal as it is now; raises NothingToUse when nobody has a place in it, or it was removed."""
    now = formation.proposals.filter(pk=proposal.pk).first()
    if now is None or now.is_impossible or not now.places.current().exists():
        raise NothingToUse
    return now


def _put_on_table(formation: Formation, proposal: Proposal) -> None:
    formation.on_table = proposal
    for name, value in proposal.terms.items():
        setattr(formation, name, value)


def _recorded(proposal: Proposal, *, verb: str, by: Any) -> Proposal:
    formation = proposal.formation
    detail = {"proposal": proposal.number}
    record(verb, scope=formation.program.scope, by=by, subject=formation, detail=detail)
    return proposal
