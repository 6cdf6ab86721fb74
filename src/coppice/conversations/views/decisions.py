"""Decisions: opening one in a conversation, reading it, changing it, its outcome, and the record of all."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coppice.communities.models import Community
from coppice.communities.talk_ways import ways_from
from coppice.conversations import decision_board as boards
from coppice.conversations import queries
from coppice.conversations.actions import decisions as actions
from coppice.conversations.circle import circle_of
from coppice.conversations.decision_file import rows_of
from coppice.conversations.decision_forms import AnswerForm, OutcomeForm, QuestionForm
from coppice.conversations.decision_models import Decision
from coppice.conversations.decision_permissions import (
    can_answer,
    can_keep_decision,
    can_read_decision,
)
from coppice.conversations.decision_wording import HOW, KINDS
from coppice.conversations.decision_words import Reader
from coppice.conversations.models import Thread
from coppice.conversations.permissions import can_lead_talk, can_reply, can_talk_in
from coppice.conversations.remark_models import Remark
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.lib.markdown import to_html
from coppice.lib.tables import write_csv

A_PAGE = 25
P = Remark.Part


# GET /communities/<id>/talk/decisions/
@access(can_talk_in, on=queries.talk_of)
@require_safe
def record(request: HttpRequest, community: Community) -> HttpResponse:
    """All that a community decided in its conversations, the latest first, and what is still open."""
    circle = circle_of(community)
    rows = Decision.objects.filter(thread__community=community).select_related("thread")
    page = Paginator(rows.decided(), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "community": community,
        "tab": "talk",
        "undecided": list(rows.undecided()[:A_PAGE]),
        "page": page,
        "decided": [(each, circle.called(each.outcome_by_id)) for each in page],
    }
    return render(request, "conversations/decisions.html", context)


# GET, POST /threads/<id>/decisions/new/?kind=…
@access(can_reply, on=queries.thread_of)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, thread: Any) -> HttpResponse:
    """Choose how to decide, then ask."""
    community = thread.community
    context = {"community": community, "tab": "talk", "thread": thread}
    under_way = thread.decisions.undecided().first()
    kind = request.GET.get("kind", "")
    if kind not in Decision.Kind and request.method == "POST":
        return redirect("conversations:decision_new", thread.pk)
    if request.method != "POST" and (under_way is not None or kind not in Decision.Kind):
        ways = ways_from(request.user, community, thread.pk)
        context |= {"under_way": under_way, "kinds": KINDS, "ways": ways}
        return render(request, "conversations/decision_kinds.html", context)
    person: Any = request.user
    zone = community.zone_for(person.time_zone, "")
    form = QuestionForm(
        request.POST if request.method == "POST" else None,
        kind=kind,
        zone=zone,
        question=thread.title if thread.kind == Thread.Kind.DECISION else "",
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            decision = actions.open_decision(
                thread,
                by=request.user,
                kind=kind,
                question=said["question"],
                background=said["background"],
                closes_at=form.closes_at,
                time_zone=said["time_zone"],
                options=form.options,
                is_secret=said.get("is_secret", False),
                dots=said.get("dots", 0),
            )
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Asked. Every member gets a mail, and can answer by replying to it."))
            return redirect(decision)
    context |= {"form": form, "kind": Decision.Kind(kind), "how": HOW[Decision.Kind(kind)]}
    return render(request, "conversations/decision_new.html", context, status=422 if form.errors else 200)


# GET /decisions/<id>/
@access(can_read_decision, on=boards.decision_of)
@require_safe
def decision(request: HttpRequest, decision: Decision) -> HttpResponse:
    """The question, one's own answer, what came back, and who has not answered yet."""
    return page(request, decision, form=None)


# GET /decisions/<id>/answers.csv
@access(can_read_decision, on=boards.decision_of)
@require_safe
def answers_file(request: HttpRequest, decision: Decision) -> HttpResponse:
    """What came back as a table: who said what, or without names what each option got."""
    header, rows = rows_of(decision, boards.result_of(decision, request.user))
    name = slugify(str(decision))[:40] or "decision"
    return HttpResponse(
        write_csv(header, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"},
    )


# GET, POST /decisions/<id>/change/
@access(can_keep_decision, on=boards.decision_of)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, decision: Decision) -> HttpResponse:
    """Ask something else, or longer; once answers would be put back, only after that was said."""
    form = QuestionForm(
        request.POST if request.method == "POST" else None,
        kind=decision.kind,
        zone=decision.zone,
        decision=decision,
    )
    effects = None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        words = {"question": said["question"], "background": said["background"], "options": form.options}
        effects = actions.effects_of(decision, **words)
        told = ",".join(str(each.pk) for each in effects.put_back)
        if not effects.put_back or request.POST.get("put_back") == told:
            try:
                actions.edit(
                    decision,
                    by=request.user,
                    closes_at=form.closes_at,
                    time_zone=said["time_zone"],
                    **words,
                )
            except DomainError as refused:
                form.add_error(None, str(refused.sentence))
            else:
                messages.success(request, _("Saved."))
                return redirect(decision)
    context = {
        "community": decision.thread.community,
        "tab": "talk",
        "thread": decision.thread,
        "decision": decision,
        "form": form,
        "answered": decision.ballots.count(),
        "effects": effects if effects and effects.put_back and not form.errors else None,
        "put_back": ",".join(str(each.pk) for each in effects.put_back) if effects else "",
    }
    status = 422 if form.errors or effects else 200
    return render(request, "conversations/decision_edit.html", context, status=status)


# GET, POST /decisions/<id>/outcome/
@access(can_keep_decision, on=boards.decision_of)
@require_http_methods(["GET", "HEAD", "POST"])
def outcome(request: HttpRequest, decision: Decision) -> HttpResponse:
    """Write what was decided, with what came back beside it; that ends the time to answer."""
    form = OutcomeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.decide(decision, outcome=form.cleaned_data["outcome"], by=request.user)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Decided. Every member gets it by mail."))
            return redirect(decision.thread)
    context = {
        "community": decision.thread.community,
        "tab": "talk",
        "thread": decision.thread,
        "decision": decision,
        "result": boards.result_of(decision, request.user),
        "form": form,
    }
    return render(request, "conversations/decision_outcome.html", context, status=422 if form.errors else 200)


def shows_other_time(decision: Decision) -> bool:
    """Whether the organizer's clock shows another time than the reader's when it closes."""
    at = decision.closes_at
    return timezone.localtime(at).utcoffset() != at.astimezone(decision.zone).utcoffset()


def page(request: HttpRequest, decision: Decision, *, form: AnswerForm | None) -> HttpResponse:
    """Draw a decision with a form for one's own answer, the one that was sent when it was wrong."""
    community, person = decision.thread.community, request.user
    circle, reader = circle_of(community), Reader(decision, person)
    asked = reader.sees(P.QUESTION)
    result = boards.result_of(decision, person, reader)
    own = result.own if can_answer(person, decision) else None
    if can_answer(person, decision):
        form = form or AnswerForm(decision=decision, options=list(decision.options.all()), ballot=own)
    context = {
        "community": community,
        "tab": "talk",
        "thread": decision.thread,
        "decision": decision,
        "how": HOW[Decision.Kind(decision.kind)],
        "background": to_html(decision.background) if not asked.is_hidden or asked.is_own else "",
        "asked": asked,
        "outcome": reader.sees(P.OUTCOME),
        "opener": circle.called(decision.opened_by_id),
        "outcome_by": circle.called(decision.outcome_by_id),
        "result": result,
        "form": form,
        "own": own,
        "may_keep": can_keep_decision(person, decision),
        "may_enter": decision.is_open
        and can_lead_talk(person, community)
        and can_reply(person, decision.thread),
        "other_zone": shows_other_time(decision),
    }
    is_wrong = form is not None and bool(form.errors)
    return render(request, "conversations/decision.html", context, status=422 if is_wrong else 200)
