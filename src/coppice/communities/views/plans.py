"""A community's action plan: the ten answers on one page, a page for each question, and its goals."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.communities.actions import plans
from coppice.communities.canvas import CanvasRow, canvas_of
from coppice.communities.models import Community
from coppice.communities.permissions import can_keep_goal, can_lead, can_read_goal, can_take_part
from coppice.communities.plan_board import chart_of, line_of, plan_of
from coppice.communities.plan_effects import effects_of, ways_on
from coppice.communities.plan_forms import FORMS, GoalForm, PlanAnswerForm, ProgressForm
from coppice.communities.plan_models import Goal, PlanAnswer
from coppice.communities.plan_questions import ASKED, Asked, after, before
from coppice.communities.plan_renewal import renewal_of
from coppice.communities.queries import community_of
from coppice.lib.access import access
from coppice.lib.errors import DomainError

NEEDS_BESIDE = 5
OF_MEETINGS = {PlanAnswer.Question.DATES}
WITH_GOALS = {PlanAnswer.Question.GOALS, PlanAnswer.Question.SIGNS}


# GET /communities/<id>/plan/
@access(can_take_part, on=community_of)
@require_safe
def plan(request: HttpRequest, community: Community) -> HttpResponse:
    """The ten questions with what was answered, and the goals with how far they are."""
    plan, leads = plan_of(community), can_lead(request.user, community)
    ways = ways_on(community, plan.frame) if leads else {}
    context = {
        "community": community,
        "tab": "plan",
        "plan": plan,
        "leads": leads,
        "renewal": renewal_of(plan.frame, today=timezone.localdate(timezone=community.zone)),
        "answers": [(each, ways.get(each.asked.question)) for each in plan.answers],
    }
    return render(request, "communities/plan.html", context)


@dataclass(frozen=True)
class QuestionOfCommunity:
    """One of the ten questions, asked of a community."""

    community: Community
    asked: Asked


def question_of(person: Any, *, community_id: int, question: str) -> QuestionOfCommunity:
    """Return a question of a community that the person may know of; raises Http404 otherwise."""
    community = community_of(person, community_id=community_id)
    if question not in ASKED:
        raise Http404
    return QuestionOfCommunity(community, ASKED[question])


def can_answer(person: Any, place: QuestionOfCommunity) -> bool:
    """Say whether this person may answer for the community: its leaders, and staff."""
    return can_lead(person, place.community)


# GET, POST /communities/<id>/plan/<question>/
@access(can_answer, on=question_of)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_question(request: HttpRequest, place: QuestionOfCommunity) -> HttpResponse:
    """One question, beside what is needed here; a change that would change more is asked about first."""
    community, question = place.community, place.asked.question
    whole = plan_of(community)
    form = FORMS.get(question, PlanAnswerForm)(
        request.POST if request.method == "POST" else None, plan=whole, question=question
    )
    effects: list[str] = []
    if request.method == "POST" and form.is_valid():
        effects = effects_of(community, form.changes)
        if form.agrees_to(effects):
            plans.answer(
                community,
                question=question,
                text=form.cleaned_data["text"],
                typed=form.said,
                by=request.user,
            )
            return _onward(request, community, question)
    context = {
        "community": community,
        "tab": "plan",
        "asked": place.asked,
        "plan": whole,
        "answered": whole.of(question),
        "form": form,
        "effects": effects,
        "needs": _needs(community),
        "goals": whole.goals if question in WITH_GOALS else None,
        "before": before(question),
        "after": after(question),
        "way": ways_on(community, whole.frame).get(question) if question in OF_MEETINGS else None,
    }
    return render(request, "communities/plan_question.html", context, status=422 if form.is_bound else 200)


# GET, POST /communities/<id>/goals/new/
@access(can_lead, on=community_of)
@require_http_methods(["GET", "HEAD", "POST"])
def new_goal(request: HttpRequest, community: Community) -> HttpResponse:
    """Set a goal."""
    form = GoalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            plans.add_goal(community, by=request.user, **form.said)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("The goal is set."))
            return redirect("communities:plan_question", community.pk, PlanAnswer.Question.GOALS)
    context = {"community": community, "tab": "plan", "form": form, "needs": _needs(community)}
    return render(request, "communities/goal_form.html", context, status=422 if form.is_bound else 200)


def goal_of(person: Any, *, goal_id: int) -> Goal:
    """Return a goal of a community that the person may know of; raises Http404 otherwise."""
    rows = Goal.objects.visible_to(person).select_related("community__program__provider")
    return get_object_or_404(rows, pk=goal_id)


# GET /goals/<id>/
@access(can_read_goal, on=goal_of)
@require_safe
def goal(request: HttpRequest, goal: Goal) -> HttpResponse:
    """A goal, how far it is as a drawing and a table, and a form for whoever keeps it."""
    return _show_goal(request, goal)


# POST /goals/<id>/progress/
@access(can_keep_goal, on=goal_of)
@require_POST
def goal_progress(request: HttpRequest, goal: Goal) -> HttpResponse:
    """Write down how far a goal is."""
    form = ProgressForm(request.POST, goal=goal)
    if form.is_valid():
        plans.note_progress(goal, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect(goal)
    return _show_goal(request, goal, form, status=422)


# GET, POST /goals/<id>/edit/
@access(can_keep_goal, on=goal_of)
@require_http_methods(["GET", "HEAD", "POST"])
def goal_edit(request: HttpRequest, goal: Goal) -> HttpResponse:
    """Change a goal, or say that it is reached or let go."""
    form = GoalForm(request.POST if request.method == "POST" else None, instance=goal)
    if request.method == "POST" and form.is_valid():
        plans.change_goal(goal, by=request.user, **form.said)
        messages.success(request, _("Saved."))
        return redirect(goal)
    context = {
        "community": goal.community,
        "tab": "plan",
        "goal": goal,
        "form": form,
        "noted": goal.notes.exclude(value=None).count(),
    }
    return render(request, "communities/goal_form.html", context, status=422 if form.is_bound else 200)


def _show_goal(
    request: HttpRequest, goal: Goal, form: ProgressForm | None = None, *, status: int = 200
) -> HttpResponse:
    notes = list(goal.notes.all())
    keeps = can_keep_goal(request.user, goal)
    today = timezone.localdate(timezone=goal.community.zone)
    context = {
        "community": goal.community,
        "tab": "plan",
        "goal": goal,
        "notes": notes,
        "line": line_of(goal),
        "chart": chart_of(goal, notes),
        "form": (form or ProgressForm(goal=goal, initial={"on": today})) if keeps else None,
    }
    return render(request, "communities/goal.html", context, status=status)


def _onward(request: HttpRequest, community: Community, question: str) -> HttpResponse:
    following = after(question)
    if "stay" in request.POST or following is None:
        messages.success(request, _("Saved."))
        return redirect("communities:plan", community.pk)
    return redirect("communities:plan_question", community.pk, following.question)


def _needs(community: Community) -> list[CanvasRow]:
    """The needs that the community put first, to look at while it answers."""
    return canvas_of(community)[:NEEDS_BESIDE]
