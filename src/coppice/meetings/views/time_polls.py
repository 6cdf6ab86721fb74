"""Finding a time: look for times, ask for them, read what came back, enter somebody's answer, plan, close."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.communities.models import Community, Membership
from coppice.communities.permissions import can_lead
from coppice.communities.queries import community_of
from coppice.communities.talk_ways import source_of
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.lib.ids import id_in
from coppice.lib.tables import write_csv
from coppice.meetings.actions import time_polls
from coppice.meetings.forms import MeetingForm
from coppice.meetings.models import ProposedTime, TimeAnswer, TimePoll
from coppice.meetings.permissions import can_enter_times, can_lead_time_poll, can_plan_time
from coppice.meetings.talk_ways import origin, thread_in
from coppice.meetings.time_finding import Judged, propose
from coppice.meetings.time_poll_board import (
    asked_again,
    attendees_of,
    proposed_time_of,
    result_of,
    said_of,
    time_poll_of,
    times_of_person,
)
from coppice.meetings.time_poll_forms import AskForm, SearchForm, TimesForm
from coppice.meetings.time_wording import sentences
from coppice.ui.edits import CHANGED, FIELD, Change, changed_since, mark_input

TICKED_AT_FIRST = 4
TIME_TO_ANSWER = timedelta(days=5)


# GET, POST /communities/<id>/meetings/times/?title=…&minutes=60&first=…&last=…&time_zone=…
@access(can_lead, on=community_of)
@require_http_methods(["GET", "HEAD", "POST"])
def find_time(request: HttpRequest, community: Community) -> HttpResponse:
    """Say what is looked for, read the times that are least hard, tick which to ask for."""
    typed = request.POST if request.method == "POST" else request.GET if "minutes" in request.GET else None
    thread_id = id_in(request.GET.get("thread", "")) or None
    source = source_of(request.user, community, thread_id) if thread_id else None
    title = source.label if source else ""
    search = SearchForm(typed, community=community, thread=thread_id, title=title)
    found: list[Judged] = []
    if search.is_valid():
        begins, ends = search.window
        people = attendees_of(community, first=begins, last=ends)
        found = propose(people, first=begins, last=ends, minutes=search.cleaned_data["minutes"])
    ask = AskForm(
        request.POST if request.method == "POST" else None,
        zone=search.zone if search.is_valid() else None,
        closes_on=_closes_on(community, search, found),
    )
    if request.method == "POST" and search.is_valid() and ask.is_valid():
        try:
            poll = time_polls.ask(
                community,
                title=search.cleaned_data["title"],
                minutes=search.cleaned_data["minutes"],
                time_zone=search.cleaned_data["time_zone"],
                starts=ask.cleaned_data["starts"],
                closes_on=ask.cleaned_data["closes_on"],
                by=request.user,
                said_in=origin(thread) if (thread := search.cleaned_data["thread"]) else "",
            )
        except DomainError as refused:
            ask.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Asked. Everybody in the group gets a mail with a link to answer."))
            return redirect(poll)
    context = {
        "community": community,
        "tab": "meetings",
        "search": search,
        "source": source,
        "ask": ask if search.is_valid() else None,
        "found": [
            (judged, judged.starts_at + _length(search), sentences(judged), is_ticked)
            for judged, is_ticked in _ticked(request, found)
        ],
    }
    failed = bool(search.errors or ask.errors)
    return render(request, "meetings/find_time.html", context, status=422 if failed else 200)


# GET /time-polls/<id>/
@access(can_lead_time_poll, on=time_poll_of)
@require_safe
def time_poll(request: HttpRequest, poll: TimePoll) -> HttpResponse:
    """What came back: the times, the least hard first, and who has yet to answer."""
    context: dict[str, Any] = {
        "community": poll.community,
        "tab": "meetings",
        "poll": poll,
        "result": result_of(poll),
        "may_ask": poll.is_open,
    }
    thread_id = thread_in(poll.said_in)
    if thread_id is not None:
        context["source"] = source_of(request.user, poll.community, thread_id)
    if poll.is_open:
        again = asked_again(poll)
        context |= {"asked_at": again.at, "is_asked_today": again.is_today}
    return render(request, "meetings/time_poll.html", context)


# POST /time-polls/<id>/asking-again/
@access(can_lead_time_poll, on=time_poll_of)
@require_POST
def time_poll_asking_again(request: HttpRequest, poll: TimePoll) -> HttpResponse:
    """Ask those who have yet to answer."""
    try:
        people = time_polls.ask_again(poll, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        sentence = ngettext(
            "A mail is on its way to one person.", "A mail is on its way to %(people)d people.", people
        )
        messages.success(request, sentence % {"people": people})
    return redirect(poll)


# GET /time-polls/<id>/answers.csv
@access(can_lead_time_poll, on=time_poll_of)
@require_safe
def time_poll_file(request: HttpRequest, poll: TimePoll) -> HttpResponse:
    """What each member said of each time, as a table."""
    result = result_of(poll)
    times = [row.time.starts_at.astimezone(poll.zone) for row in result.times]
    header = [_("name"), *(f"{time:%Y-%m-%d %H:%M} {poll.time_zone}" for time in times)]
    rows: list[list[object]] = [[str(each.membership.enrollment), *each.labels] for each in result.people]
    rows.append([_("how hard in all"), *(row.judged.score for row in result.times)])
    return HttpResponse(
        write_csv(header, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="times.csv"', "Cache-Control": "no-store"},
    )


# GET, POST /time-polls/<id>/answers/<membership>/
@access(can_enter_times, on=times_of_person)
@require_http_methods(["GET", "HEAD", "POST"])
def times_for_somebody(request: HttpRequest, subject: tuple[TimePoll, Membership]) -> HttpResponse:
    """Enter what somebody said on paper or by phone."""
    poll, membership = subject
    times, said = list(poll.times.all()), said_of(poll, membership)
    form = TimesForm(
        request.POST if request.method == "POST" else None,
        poll=poll,
        times=times,
        zone=poll.zone,
        said=said,
    )
    stands = {f"time_{time.pk}": said.get(time.pk, "") for time in times}
    changed = _changed_meanwhile(form, stands, carried=request.POST.get(FIELD, ""))
    if request.method == "POST" and form.is_valid() and not changed:
        try:
            time_polls.answer(poll, membership=membership, answers=form.answers, by=request.user)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            sentence = _("Saved what %(name)s said.") % {"name": membership.enrollment}
            messages.success(request, sentence)
            return redirect(poll)
    context = {
        "community": poll.community,
        "tab": "meetings",
        "poll": poll,
        "membership": membership,
        "form": form,
        "opened_with": mark_input(stands),
        "changed": changed,
        "changed_sentence": CHANGED,
    }
    status = 422 if form.errors or changed else 200
    return render(request, "meetings/times_for_somebody.html", context, status=status)


# GET, POST /proposed-times/<id>/plan/
@access(can_plan_time, on=proposed_time_of)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_time(request: HttpRequest, time: ProposedTime) -> HttpResponse:
    """Plan the meeting at one of the times, which closes the question."""
    poll = time.poll
    starts = time.starts_at.astimezone(poll.zone)
    form = MeetingForm(
        request.POST if request.method == "POST" else None,
        community=poll.community,
        begins_with={
            "title": poll.title,
            "day": starts.date(),
            "clock": starts.time(),
            "minutes": poll.minutes,
            "time_zone": poll.time_zone,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            meeting = time_polls.plan(time, by=request.user, **form.plan)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            told = _("Planned, and the question is closed. Everybody gets a mail with a calendar file.")
            messages.success(request, told)
            return redirect(meeting)
    context = {"community": poll.community, "tab": "meetings", "poll": poll, "form": form}
    return render(request, "meetings/plan_time.html", context, status=422 if form.errors else 200)


# POST /time-polls/<id>/closing/
@access(can_lead_time_poll, on=time_poll_of)
@require_POST
def time_poll_closing(request: HttpRequest, poll: TimePoll) -> HttpResponse:
    """Close the question without a meeting."""
    time_polls.close(poll, by=request.user)
    messages.success(request, _("The question is closed. Everybody in the group gets a mail."))
    return redirect(poll)


def _length(search: SearchForm) -> timedelta:
    return timedelta(minutes=search.cleaned_data["minutes"])


def _closes_on(community: Community, search: SearchForm, found: list[Judged]) -> date:
    """Return the last day to answer that is proposed: in five days, or when the first time comes sooner."""
    today = timezone.localdate(timezone=community.zone)
    soonest = min((each.starts_at.astimezone(community.zone).date() for each in found), default=None)
    wished = today + TIME_TO_ANSWER
    return max(today, min(wished, soonest)) if soonest else wished


def _ticked(request: HttpRequest, found: list[Judged]) -> list[tuple[Judged, bool]]:
    """Return the proposed times, and whether each is ticked: the best ones at first, then what was sent."""
    if request.method != "POST":
        return [(each, place < TICKED_AT_FIRST) for place, each in enumerate(found)]
    sent = set(request.POST.getlist("times"))
    return [(each, each.starts_at.isoformat() in sent) for each in found]


def _changed_meanwhile(form: TimesForm, stands: dict[str, str], *, carried: str) -> list[Change]:
    """Return what somebody saved after this form was opened, where it would be overwritten."""
    if not form.is_bound:
        return []
    labels = {"": _("(empty)"), **dict(TimeAnswer.Answer.choices)}
    others = changed_since(carried, stands)
    return [
        Change(str(field.label), str(labels[stands[name]]))
        for name, field in form.fields.items()
        if name in others and form.data.get(name) != stands[name]
    ]
