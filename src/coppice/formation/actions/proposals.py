"""A formation begins, changes its terms, is asked for another proposal, and goes."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.formation.actions.rows import current, unpublished
from coppice.formation.aspects import Aspects
from coppice.formation.models import Formation
from coppice.formation.rules import Rule
from coppice.history.actions import record
from coppice.lib.jobs import after_commit
from coppice.programs.models import Program

State = Formation.State


@transaction.atomic
def start(
    program: Program,
    *,
    name: str,
    reason: str,
    minimum: int,
    maximum: int,
    rules: Sequence[Rule],
    by: Any,
    aspects: Aspects | None = None,
) -> Formation:
    """Begin a formation and have it worked out once this is committed.

    `reason` is a value of Community.Reason; sizes are people in a community, and do not count for the whole
    cohort, which is one community of everyone.
    """
    formation = Formation.objects.create(
        program=program,
        name=name,
        reason=reason,
        minimum=minimum,
        maximum=maximum,
        rules=[rule.as_json() for rule in rules],
        aspects=(aspects or Aspects()).as_json(),
        state=State.PROPOSING,
        created_by=by,
        asked_by=by,
    )
    record("formation.started", scope=program.scope, by=by, subject=formation)
    after_commit("coppice.formation.tasks.propose", formation_id=formation.pk)
    return formation


@transaction.atomic
def revise(
    formation: Formation,
    *,
    name: str,
    reason: str,
    minimum: int,
    maximum: int,
    rules: Sequence[Rule],
    by: Any,
    aspects: Aspects | None = None,
    let_go: bool = False,
) -> Formation:
    """Change the terms of a formation and have one more proposal worked out. Raises AlreadyPublished.

    Whoever was moved by hand stays where they were put, unless they are `let_go`. Without `aspects` what
    columns say and which topics there are stays as it was.
    """
    formation = unpublished(formation)
    formation.name, formation.reason = name, reason
    formation.minimum, formation.maximum = minimum, maximum
    formation.rules = [rule.as_json() for rule in rules]
    if aspects is not None:
        formation.aspects = aspects.as_json()
    return _ask(formation, verb="formation.revised", by=by, let_go=let_go)


@transaction.atomic
def call(formation: Formation, *, name: str, by: Any) -> Formation:
    """Give a formation another name, and change nothing else; raises NotProposed when it was removed."""
    formation = current(formation)
    formation.name = name
    formation.save(update_fields=["name"])
    record("formation.renamed", scope=formation.program.scope, by=by, subject=formation)
    return formation


@transaction.atomic
def propose_again(
    formation: Formation, *, by: Any, let_go: bool = False, most_moves: int | None = None
) -> Formation:
    """Have one more proposal worked out, from the next seed. Raises AlreadyPublished.

    Locked people stay, and so does whoever was moved by hand, unless they are `let_go`. With `most_moves` it
    begins from the one on the table, and at most so many people come into another community.
    """
    formation = unpublished(formation)
    if formation.state == State.PROPOSING:
        return formation
    return _ask(formation, verb="formation.proposed_again", by=by, let_go=let_go, most_moves=most_moves)


@transaction.atomic
def remove(formation: Formation, *, by: Any) -> None:
    """Remove a formation by which nobody was invited, with its proposals; nobody leaves the roster.

    The record alone keeps what it was: its name, why, how large, and each proposal's seed and score. A job
    that is working it out keeps nothing. Raises AlreadyPublished.
    """
    formation = unpublished(formation)
    worked_out = [
        {"number": each.number, "seed": each.seed, "score": each.percent}
        for each in formation.proposals.all()
    ]
    sizes = {"reason": formation.reason, "minimum": formation.minimum, "maximum": formation.maximum}
    detail = {**sizes, "proposals": worked_out}
    record("formation.removed", scope=formation.program.scope, by=by, subject=formation, detail=detail)
    formation.delete()


def _ask(
    formation: Formation, *, verb: str, by: Any, let_go: bool, most_moves: int | None = None
) -> Formation:
    formation.seed += 1
    formation.state = State.PROPOSING
    formation.trials, formation.continues, formation.stop_asked = None, None, False
    formation.failed_at = None
    formation.lets_go, formation.most_moves = let_go, most_moves
    if most_moves is not None:
        formation.continues = formation.on_table
    formation.asked_by, formation.asked_at = by, timezone.now()
    formation.save()
    record(verb, scope=formation.program.scope, by=by, subject=formation, detail={"seed": formation.seed})
    after_commit("coppice.formation.tasks.propose", formation_id=formation.pk)
    return formation
