"""A community answers the ten questions of its action plan, and keeps its goals."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from coppice.communities import charter_notices
from coppice.communities.charter_models import Charter
from coppice.communities.errors import NothingSaid, TooManyGoals
from coppice.communities.models import Community
from coppice.communities.plan_models import Goal, GoalNote, PlanAnswer, PlanFrame
from coppice.communities.plan_renewal import Renewal, leaders_of
from coppice.history.actions import record

MOST_GOALS = 12


@transaction.atomic
def answer(
    community: Community, *, question: str, text: str, by: Any, typed: Mapping[str, Any] | None = None
) -> PlanAnswer | None:
    """Answer one question in words, and by `typed` fields of PlanFrame; the same again changes nothing.

    Each change of the words makes the next version. Returns the answer, None where none was ever given.
    """
    _hold(community)
    said = PlanAnswer.objects.filter(community=community, question=question).first()
    is_new = bool(text) if said is None else said.text != text
    if is_new:
        said = said or PlanAnswer(community=community, question=question, version=0)
        said.text, said.version, said.changed_at = text, said.version + 1, timezone.now()
        said.save()
    if _set_frame(community, typed or {}) or is_new:
        _note("plan.answered", community, by=by, detail={"question": question})
    return said


@transaction.atomic
def add_goal(community: Community, *, words: str, by: Any, **fields: Any) -> Goal:
    """Set a goal; `fields` are those of Goal by name. Raises TooManyGoals, NothingSaid."""
    _hold(community)
    if not words.strip():
        raise NothingSaid
    if community.goals.open().count() >= MOST_GOALS:
        raise TooManyGoals
    goal = Goal.objects.create(community=community, words=words, **fields)
    _note("goal.set", community, by=by)
    return goal


@transaction.atomic
def change_goal(goal: Goal, *, by: Any, **fields: Any) -> Goal:
    """Change a goal, or say that it is reached or let go; its notes stay. The same again changes nothing."""
    now = Goal.objects.select_for_update(of=("self",)).get(pk=goal.pk)
    if _changed(now, fields):
        now.save(update_fields=list(fields))
        _note("goal.changed", now.community, by=by, detail={"state": now.state})
    return now


@transaction.atomic
def note_progress(goal: Goal, *, on: date, by: Any, value: Decimal | None = None, note: str = "") -> GoalNote:
    """Write down how far a goal is on a day: a figure of what is counted, a sentence, or both.

    Raises NothingSaid for neither.
    """
    if value is None and not note.strip():
        raise NothingSaid
    made = GoalNote.objects.create(goal=goal, on=on, value=value, note=note)
    _note("goal.progress_noted", goal.community, by=by)
    return made


@transaction.atomic
def remind_of_renewal(community: Community, renewal: Renewal) -> None:
    """Remind whoever leads that plan and charter are looked at again; twice writes to nobody twice."""
    has_charter = community.charters.filter(state=Charter.State.ADOPTED).exists()
    for leader in leaders_of(community):
        charter_notices.plan_renews(community, renewal, to=leader, has_charter=has_charter)


def _set_frame(community: Community, typed: Mapping[str, Any]) -> bool:
    frame = PlanFrame.objects.filter(community=community).first() or PlanFrame(community=community)
    has_changed = _changed(frame, typed)
    if has_changed:
        frame.save()
    return has_changed


def _changed(row: models.Model, fields: Mapping[str, Any]) -> bool:
    changed = {name: value for name, value in fields.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)


def _hold(community: Community) -> None:
    """Let nobody else change this plan until the transaction ends."""
    Community.objects.select_for_update(of=("self",)).get(pk=community.pk)


def _note(verb: str, community: Community, *, by: Any, detail: dict[str, Any] | None = None) -> None:
    record(verb, scope=community.program.scope, by=by, subject=community, detail=detail)
