"""Agreeing on an answer of the plan in a room: who would take what, and what goes into the plan."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from coppice.activities.errors import NoCommunityHere, NoSuchPoint, NotOfTheGroup, PlanIsFull
from coppice.activities.models import Point
from coppice.activities.proposals import question_in
from coppice.activities.queries import key_of
from coppice.communities.actions import commitments, plans, roles
from coppice.communities.commitment_models import Commitment
from coppice.communities.models import Community, Membership
from coppice.communities.plan_models import LONGEST_PLAN_ANSWER, PlanAnswer
from coppice.communities.role_models import LONGEST_ROLE, Role
from coppice.live.actions import answers
from coppice.live.announcing import announce
from coppice.live.models import Participant, Step

Question = PlanAnswer.Question


@transaction.atomic
def support(step: Step, *, participant: Participant, round: int, point_id: int) -> None:
    """Say that somebody would take a proposal; twice changes nothing. Raises NoSuchPoint, and as `give`."""
    if not Point.objects.filter(step=step, round=round, pk=point_id, is_hidden=False).exists():
        raise NoSuchPoint
    _pick(step, participant, round, lambda picks: picks | {point_id})


@transaction.atomic
def leave(step: Step, *, participant: Participant, round: int, point_id: int) -> None:
    """Say that somebody would not take a proposal, or what was put together with it. Raises as `give`."""
    same = Point.objects.filter(step=step, merged_into=point_id).values_list("pk", flat=True)
    gone = {point_id, *same}
    _pick(step, participant, round, lambda picks: picks - gone)


@transaction.atomic
def take_up(step: Step, *, point_id: int, by: Any) -> None:
    """Put a proposal into the plan, as what its question makes: a goal, a role, a commitment, or a line more.

    What stands there stays, and the same twice changes nothing. A commitment is that of whoever wrote it.
    Raises NoCommunityHere, NoSuchPoint, NotOfTheGroup, PlanIsFull, and what the plan's own actions raise.
    """
    community = held_community(step)
    point = Point.objects.filter(step=step, pk=point_id, is_hidden=False).exclude(words="").first()
    if point is None:
        raise NoSuchPoint
    take = {Question.GOALS: _as_goal, Question.ROLES: _as_role, Question.COMMITMENTS: _as_commitment}
    take.get(Question(question_in(step)), _as_line)(community, point, by)
    announce(step.room_id)


def write(step: Step, *, text: str, typed: Mapping[str, Any], by: Any) -> None:
    """Write the words of an answer into the plan, and what is typed of it. Raises NoCommunityHere."""
    plans.answer(held_community(step), question=question_in(step), text=text, typed=typed, by=by)


def held_community(step: Step) -> Community:
    """Return the room's community, and within a transaction keep others from changing its plan.

    Raises NoCommunityHere.
    """
    if not step.room.community_id:
        raise NoCommunityHere
    rows = Community.objects.select_for_update(of=("self",)).select_related("program__provider")
    return rows.get(pk=step.room.community_id)


def _pick(step: Step, participant: Participant, round: int, change: Any) -> None:
    Step.objects.select_for_update().get(pk=step.pk)
    given = step.answers.filter(round=round, participant=participant).first()
    before = set(given.picks) if given else set()
    after = change(before)
    if after != before:
        answers.give(step, participant=participant, round=round, picks=sorted(after))


def _as_line(community: Community, point: Point, by: Any) -> None:
    question = question_in(point.step)
    said = PlanAnswer.objects.filter(community=community, question=question).first()
    lines = said.text.splitlines() if said else []
    if point.words.casefold() in (line.strip().casefold() for line in lines):
        return
    text = "\n".join([*lines, point.words])
    if len(text) > LONGEST_PLAN_ANSWER:
        raise PlanIsFull
    plans.answer(community, question=question, text=text, by=by)


def _as_goal(community: Community, point: Point, by: Any) -> None:
    if not community.goals.open().filter(words__iexact=point.words).exists():
        plans.add_goal(community, words=point.words, by=by)


def _as_role(community: Community, point: Point, by: Any) -> None:
    name = point.words[:LONGEST_ROLE].strip()
    if name.casefold() in {str(role).casefold() for role in community.roles.kept()}:
        return
    usual = {str(label).casefold(): kind for kind, label in Role.Kind.choices if kind != Role.Kind.OWN}
    kind = usual.get(name.casefold(), Role.Kind.OWN)
    what = point.words if len(point.words) > LONGEST_ROLE else ""
    roles.add_role(community, kind=kind, name="" if kind in usual.values() else name, what=what, by=by)


def _as_commitment(community: Community, point: Point, by: Any) -> None:
    person = point.participant.person_id if point.participant else None
    rows = Membership.objects.taking_part().filter(community=community, person=person)
    membership = rows.first() if person else None
    if membership is None:
        raise NotOfTheGroup
    commitments.make(
        membership,
        what=point.words,
        source=Commitment.Source.ROOM,
        source_key=key_of(point),
        by=by,
        asking=commitments.Asking.NEVER,
    )
