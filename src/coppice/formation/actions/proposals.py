"""A formation begins, changes its terms, is worked out, and keeps what came of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.communities.models import Community
from coppice.formation import outcomes
from coppice.formation.actions.rows import standing, unpublished
from coppice.formation.models import Formation, Place, ProposedCommunity
from coppice.formation.proposing import WorkedOut
from coppice.formation.queries import assignment_of, roster_of
from coppice.formation.rules import Rule, answers_of
from coppice.formation.wording import community_name
from coppice.history.actions import record
from coppice.lib.jobs import after_commit
from coppice.programs.models import Enrollment, Program
from engines import grouping

State = Formation.State
NO_LIMIT = 32_767


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
        state=State.PROPOSING,
        created_by=by,
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
    let_go: bool = False,
) -> Formation:
    """Change the terms of a formation and have it worked out anew. Raises AlreadyPublished.

    Whoever was moved by hand stays where they were put, unless they are `let_go`.
    """
    formation = unpublished(formation)
    formation.name, formation.reason = name, reason
    formation.minimum, formation.maximum = minimum, maximum
    formation.rules = [rule.as_json() for rule in rules]
    return _ask(formation, verb="formation.revised", by=by, let_go=let_go)


@transaction.atomic
def propose_again(formation: Formation, *, by: Any, let_go: bool = False) -> Formation:
    """Have another proposal worked out from the next seed. Raises AlreadyPublished.

    Locked people stay, and so does whoever was moved by hand, unless they are `let_go`.
    """
    formation = unpublished(formation)
    if formation.state == State.PROPOSING:
        return formation
    return _ask(formation, verb="formation.proposed_again", by=by, let_go=let_go)


@transaction.atomic
def remove(formation: Formation, *, by: Any) -> None:
    """Remove a proposal by which nobody was invited, with its places; nobody leaves the roster.

    Its name stays in the record alone. A job that is working it out keeps nothing. Raises AlreadyPublished.
    """
    formation = unpublished(formation)
    record("formation.removed", scope=formation.program.scope, by=by, subject=formation)
    formation.delete()


@transaction.atomic
def keep(formation: Formation, *, worked_out: WorkedOut) -> bool:
    """Keep what was worked out for `formation` as it was read then; the clock does this.

    Says whether it did: nothing happens when the formation was removed, is no longer being worked out, or
    from another seed by now, so that a job that runs twice changes nothing the second time.
    """
    now = standing(formation)
    if now is None or now.state != State.PROPOSING or now.seed != formation.seed:
        return False
    if worked_out.proposal is None or worked_out.draft is None:
        now.state, now.outcome = State.IMPOSSIBLE, _why_not(worked_out)
    else:
        communities = _write_places(now, worked_out.proposal)
        now.state = State.PROPOSED
        now.outcome = outcomes.outcome_of(worked_out.draft, worked_out.proposal, communities=communities)
        _name_groups(now)
    now.save(update_fields=["state", "outcome"])
    record(
        f"formation.{now.state}",
        scope=now.program.scope,
        by=None,
        subject=now,
        detail={"people": worked_out.people, "seed": now.seed},
    )
    return True


def _ask(formation: Formation, *, verb: str, by: Any, let_go: bool) -> Formation:
    if let_go:
        formation.places.moved().update(moved_by_hand=False)
    formation.seed += 1
    formation.state = State.PROPOSING
    formation.asked_at = timezone.now()
    formation.save()
    record(verb, scope=formation.program.scope, by=by, subject=formation, detail={"seed": formation.seed})
    after_commit("coppice.formation.tasks.propose", formation_id=formation.pk)
    return formation


def _why_not(worked_out: WorkedOut) -> dict[str, Any]:
    if worked_out.draft is not None and worked_out.clash is not None:
        return outcomes.clash_of(worked_out.draft, worked_out.clash)
    if worked_out.plan is None:
        raise ValueError("neither a proposal, nor a clash, nor a plan of sizes")
    return outcomes.sizes_clash(worked_out.plan, people=worked_out.people)


def _write_places(formation: Formation, proposal: grouping.Proposal) -> dict[str, str]:
    """Replace the places by the proposal's; what people chose by hand (locks, leaders, names) stays.

    Returns the proposed communities' ids by the engine's groups, both as text.
    """
    kept = {place.enrollment_id: place for place in formation.places.all()}
    columns = _columns(formation, [int(group.group) for group in proposal.groups], proposal.score.groups)
    current_ids = set(
        Enrollment.objects.current().filter(program=formation.program_id).values_list("pk", flat=True)
    )
    places = [
        _place(placement, column=columns[int(placement.group)], old=kept.get(int(placement.person)))
        for placement in proposal.placements
        if int(placement.person) in current_ids
    ]
    formation.places.all().delete()
    Place.objects.bulk_create(places)
    return {str(position): str(column.pk) for position, column in columns.items()}


def _place(placement: grouping.Placement, *, column: ProposedCommunity, old: Place | None) -> Place:
    was_moved = old is not None and old.moved_by_hand
    reasons = outcomes.reasons_of(placement)
    if was_moved:
        reasons = [*outcomes.BY_HAND, *(each for each in reasons if each["code"] != "locked")]
    return Place(
        formation=column.formation,
        proposed_community=column,
        enrollment_id=int(placement.person),
        reasons=reasons,
        is_locked=old is not None and old.is_locked,
        is_leader=old is not None and old.is_leader,
        moved_by_hand=was_moved,
        worked_out_position=old.worked_out_position if old is not None and was_moved else column.position,
    )


def _columns(
    formation: Formation, positions: list[int], scores: Mapping[str, float]
) -> dict[int, ProposedCommunity]:
    """The proposed communities by position; those of an earlier proposal keep their names and topics."""
    known = {each.position: each for each in formation.proposed_communities.all()}
    columns = {
        position: known.get(position) or ProposedCommunity(formation=formation, position=position)
        for position in positions
    }
    for position, each in columns.items():
        each.minimum = 0 if formation.is_whole_cohort else formation.minimum
        each.maximum = NO_LIMIT if formation.is_whole_cohort else formation.maximum
        each.score = scores.get(str(position))
    formation.proposed_communities.exclude(position__in=positions).delete()
    ProposedCommunity.objects.bulk_update(
        [each for each in columns.values() if each.pk], ["minimum", "maximum", "score"]
    )
    ProposedCommunity.objects.bulk_create([each for each in columns.values() if not each.pk])
    return columns


def _name_groups(formation: Formation) -> None:
    """Name the communities that nobody named: by their area when that is what they share, else by number."""
    areas: dict[int, Counter[str]] = {}
    if formation.reason == Community.Reason.AREA:
        answers = {row.pk: answers_of(row) for row in roster_of(formation.program_id)}
        for enrollment, community in assignment_of(formation).items():
            counts = areas.setdefault(community, Counter())
            counts.update(str(area) for area in answers[enrollment].get("area", []))
    used: Counter[str] = Counter()
    unnamed = []
    for number, each in enumerate(formation.proposed_communities.all(), start=1):
        if not each.named_by_hand:
            common = areas.get(each.pk, Counter()).most_common(1)
            area = common[0][0] if common else ""
            used[area] += 1
            each.name = community_name(formation, number=number, area=area, again=used[area] if area else 0)
            unnamed.append(each)
    ProposedCommunity.objects.bulk_update(unnamed, ["name"])
