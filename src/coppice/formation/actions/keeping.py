"""What was worked out becomes a proposal, with its places, on the table."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from coppice.formation import outcomes
from coppice.formation.actions.naming import name_groups, went_on
from coppice.formation.actions.rows import standing
from coppice.formation.inputs import answers_of, settings_of
from coppice.formation.models import Formation, Place, Proposal, ProposedCommunity
from coppice.formation.problems import Draft
from coppice.formation.proposing import WorkedOut
from coppice.history.actions import record
from coppice.programs.models import Enrollment, Topic
from engines import grouping

State = Formation.State
NO_LIMIT = 32_767


@transaction.atomic
def keep(formation: Formation, *, worked_out: WorkedOut) -> bool:
    """Keep what was worked out for `formation`, as read then, as its next proposal; the clock does this.

    It comes onto the table, unless there can be no such proposal: then the one before stays there. Says
    whether it was kept: nothing happens when the formation was removed, is no longer being worked out, or
    from another seed by now, so that a job that runs twice changes nothing the second time.
    """
    now = standing(formation)
    if now is None or now.state != State.PROPOSING or now.seed != formation.seed:
        return False
    proposal = _proposal(now, worked_out)
    if worked_out.proposal is None or worked_out.draft is None:
        now.state, proposal.outcome = State.IMPOSSIBLE, _why_not(now, worked_out)
        proposal.save()
    else:
        now.state = State.PROPOSED
        proposal.objective = worked_out.proposal.score.total
        proposal.trials = worked_out.proposal.trials
        proposal.save()
        kept = _kept_positions(now)
        communities = _write_places(proposal, worked_out.proposal, draft=worked_out.draft, before=now)
        before, now.on_table = now.on_table, proposal
        proposal.outcome = outcomes.outcome_of(
            worked_out.draft, worked_out.proposal, communities=communities, roster=worked_out.roster_mark
        )
        if now.most_moves is not None and now.continues is not None:
            moves = {"moved": len(worked_out.proposal.moved), "most": now.most_moves}
            proposal.outcome |= {"moves": {**moves, "from": now.continues.number}}
        elif before is not None and _is_as_before(worked_out):
            proposal.outcome |= {"as_before": before.number}
        proposal.save(update_fields=["outcome"])
        name_groups(proposal, stay=kept)
    now.save(update_fields=["state", "on_table"])
    record(
        f"formation.{now.state}",
        scope=now.program.scope,
        by=None,
        subject=now,
        detail={"people": worked_out.people, "seed": now.seed, "proposal": proposal.number},
    )
    return True


@transaction.atomic
def fail(formation: Formation) -> bool:
    """Note that the job at a formation, as read then, broke; the clock does this. Says whether it was noted.

    A search ends without a proposal, and what is on the table stays there; a publication ends before anybody
    was invited. Nothing happens when something else was asked for meanwhile.
    """
    now = standing(formation)
    if now is None or (now.state, now.asked_at) != (formation.state, formation.asked_at):
        return False
    is_search = now.is_searching
    now.state = State.FAILED if is_search else State.PROPOSED
    now.failed_at = timezone.now()
    now.save(update_fields=["state", "failed_at"])
    verb = "formation.failed" if is_search else "formation.publication_failed"
    record(verb, scope=now.program.scope, by=None, subject=now)
    return True


def _proposal(formation: Formation, worked_out: WorkedOut) -> Proposal:
    """The next proposal, not saved yet, with how it was looked for."""
    last = formation.proposals.aggregate(last=Max("number"))["last"] or 0
    problem = worked_out.draft.problem if worked_out.draft else None
    return Proposal(
        formation=formation,
        number=last + 1,
        seed=formation.seed,
        curve=[list(point) for point in worked_out.curve],
        settings=settings_of(formation, problem, search=worked_out.search),
        continued_from_id=formation.continues_id,
        made_by=formation.asked_by,
    )


def _is_as_before(worked_out: WorkedOut) -> bool:
    """Whether nothing better than what was on the table was found: everybody has the place of there."""
    search, answer = worked_out.search, worked_out.proposal
    if search is None or answer is None or not search.anew:
        return False
    return answer.assignment == search.start


def _why_not(formation: Formation, worked_out: WorkedOut) -> dict[str, Any]:
    if worked_out.draft is not None and worked_out.clash is not None:
        return outcomes.clash_of(worked_out.draft, worked_out.clash)
    if worked_out.plan is None:
        raise ValueError("neither a proposal, nor a clash, nor a plan of sizes")
    return outcomes.sizes_clash(
        worked_out.plan, people=worked_out.people, minimum=formation.minimum, maximum=formation.maximum
    )


def _write_places(
    proposal: Proposal, answer: grouping.Proposal, *, draft: Draft, before: Formation
) -> dict[str, str]:
    """Write a proposal's communities and places; what people chose by hand (locks, leaders, names) goes on.

    `before` has the proposal on the table from which it goes on. Returns the proposed communities' ids by
    the engine's groups, both as text.
    """
    columns = _columns(proposal, answer, draft=draft, before=before)
    kept = {place.enrollment_id: place for place in before.places}
    told = {person.id: answers_of(person) for person in draft.problem.people}
    here = Enrollment.objects.current().filter(program=before.program_id)
    current_ids = set(here.values_list("pk", flat=True))
    places = []
    for placement in (each for each in answer.placements if int(each.person) in current_ids):
        person = int(placement.person)
        reasons = outcomes.reasons_of(placement, unanswered=draft.unanswered)
        place = _place(person, reasons, old=kept.get(person), lets_go=before.lets_go)
        column = columns[int(placement.group)]
        place.proposal, place.proposed_community = proposal, column
        place.answers = told[placement.person]
        if not place.moved_by_hand:
            place.worked_out_position = column.position
        places.append(place)
    Place.objects.bulk_create(places)
    return {str(position): str(column.pk) for position, column in columns.items()}


def _place(person: int, reasons: list[dict[str, Any]], *, old: Place | None, lets_go: bool) -> Place:
    """The place of one person (enrollment's id), with what a hand chose for them before."""
    place = Place(enrollment_id=person, reasons=reasons)
    if old is None:
        return place
    place.is_locked, place.is_leader = old.is_locked, old.is_leader
    place.moved_by_hand = old.moved_by_hand and (old.is_locked or not lets_go)
    if place.moved_by_hand:
        place.reasons = [*outcomes.BY_HAND, *(each for each in reasons if each["code"] != "locked")]
        place.worked_out_position = old.worked_out_position
    return place


def _columns(
    proposal: Proposal, answer: grouping.Proposal, *, draft: Draft, before: Formation
) -> dict[int, ProposedCommunity]:
    """The proposed communities by position; they have names, topics and purposes of those that go on in them.

    Where communities are about topics, each has its group's; one that was about another gives up its name.
    """
    earlier = went_on(answer, draft=draft, before=before)
    groups = {group.id: group for group in draft.problem.groups}
    topics = _topics(before, [groups[report.group].topic for report in answer.groups])
    columns = {}
    for report in answer.groups:
        position, group = int(report.group), groups[report.group]
        columns[position] = ProposedCommunity(
            proposal=proposal,
            position=position,
            minimum=0 if before.is_whole_cohort else group.minimum,
            maximum=NO_LIMIT if before.is_whole_cohort else group.maximum,
            score=answer.score.groups.get(report.group),
        )
        if position in earlier:
            old = earlier[position]
            columns[position].name, columns[position].topic_id = old.name, old.topic_id
            columns[position].named_by_hand, columns[position].purpose = old.named_by_hand, old.purpose
        if group.topic is not None and columns[position].topic_id != topics[group.topic].pk:
            columns[position].topic, columns[position].named_by_hand = topics[group.topic], False
    ProposedCommunity.objects.bulk_create(columns.values())
    return columns


def _topics(formation: Formation, names: Iterable[str | None]) -> dict[str, Topic]:
    """The program's topics of these names; those that it had none of yet are new."""
    wanted = [name for name in dict.fromkeys(names) if name]
    if not wanted:
        return {}
    program = formation.program
    known = {topic.name: topic for topic in program.topics.all()}
    new = [name for name in wanted if name not in known]
    topics = Topic.objects.bulk_create(
        Topic(program=program, name=name, position=len(known) + place) for place, name in enumerate(new)
    )
    return {**known, **dict(zip(new, topics, strict=True))}


def _kept_positions(before: Formation) -> set[int]:
    """The positions of the communities that were kept as they are: everybody there is locked."""
    locked: dict[int, bool] = {}
    for position, is_locked in before.places.current().values_list(
        "proposed_community__position", "is_locked"
    ):
        locked[position] = locked.get(position, True) and is_locked
    return {position for position, all_locked in locked.items() if all_locked}
