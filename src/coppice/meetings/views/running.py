"""A meeting while it goes on: one page for who leads and for everybody who follows on a phone; its close."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.communities.models import Membership
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.lib.ids import id_in
from coppice.meetings import actions, check_in_codes
from coppice.meetings.actions import running
from coppice.meetings.agenda_models import AgendaItem
from coppice.meetings.hands import Hand, can_check_in, can_follow, can_lead_hand, hand_by_link, hand_of
from coppice.meetings.minutes_board import Board, Member, board_of, members_of
from coppice.meetings.minutes_forms import FORMS, CommitmentForm, DecisionForm, WorthForm, WritingForm
from coppice.meetings.models import Meeting, PulseAnswer
from coppice.meetings.permissions import can_lead_item, can_lead_meeting
from coppice.meetings.queries import meeting_of
from coppice.meetings.views.agendas import item_of
from coppice.meetings.views.links import by_link
from coppice.ui.toasts import offer_undo

PAUSE = 5
PAUSE_WHEN_CLOSED = 30
"""So many seconds a browser waits until it asks again: after the close only for what undoes it."""


# GET /meetings/<id>/run/?item=34
@access(can_follow, on=hand_of)
@require_safe
def run(request: HttpRequest, hand: Hand) -> HttpResponse:
    """The item in hand with its clock, what can be written under it, and what was."""
    return show(request, hand)


# GET /meeting-answers/<token>/run/?item=34
@by_link(hand_by_link)
@require_safe
def run_by_link(request: HttpRequest, hand: Hand, membership: Membership) -> HttpResponse:
    """The same on the phone of a member who has no account."""
    return show(request, hand)


# GET /meetings/<id>/run/state/?seen=…&item=34&forms=1
@access(can_follow, on=hand_of)
@require_safe
@never_cache
def state(request: HttpRequest, hand: Hand) -> HttpResponse:
    """What moves on the page, for a browser that asks again; 204 while nothing did."""
    return _state(request, hand)


# GET /meeting-answers/<token>/run/state/?seen=…&item=34&forms=1
@by_link(hand_by_link)
@require_safe
def state_by_link(request: HttpRequest, hand: Hand, membership: Membership) -> HttpResponse:
    """The same under a member's link."""
    return _state(request, hand)


def show(
    request: HttpRequest,
    hand: Hand,
    *,
    typed: WritingForm | None = None,
    item: AgendaItem | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw the page; `typed` is a form that was refused, which stays open with its words."""
    board, members = board_of(hand), members_of(hand.meeting)
    under = item if typed else _written_under(request, board)
    forms = (
        forms_under(hand, under, board, members, typed=typed) if hand.can_write else [typed] if typed else []
    )
    context = {
        **_shown(hand, board, under, members, has_forms=hand.can_write),
        "layout": "bare.html" if hand.token else "communities/community.html",
        "community": hand.meeting.community,
        "tab": "meetings",
        "forms": forms,
    }
    return render(request, "meetings/run.html", context, status=status)


def forms_under(
    hand: Hand,
    item: AgendaItem | None,
    board: Board,
    members: Sequence[Member],
    *,
    typed: WritingForm | None = None,
) -> list[WritingForm]:
    """Return the five small forms of an item, the refused one as it was typed."""
    initial = {"note": {"text": board.note_under(item)}}
    return [
        typed
        if typed and typed.kind == kind
        else form(hand=hand, item=item, members=members, initial=initial.get(kind, {}))
        for kind, form in FORMS.items()
    ]


def worth_of(hand: Hand, members: Sequence[Member]) -> dict[str, Any] | None:
    """Return the question whether it was worth it, for who was there; None for anybody else."""
    meeting, own = hand.meeting, hand.membership
    if own is None or meeting.is_cancelled or meeting.entered_afterwards or not meeting.has_begun:
        return None
    if not any(each.is_here and each.pk == own.pk for each in members):
        return None
    given = meeting.pulse_answers.filter(membership=own).first()
    return {"given": given.worth if given else None, "choices": PulseAnswer.Worth.choices}


def _state(request: HttpRequest, hand: Hand) -> HttpResponse:
    board, members = board_of(hand), members_of(hand.meeting)
    if request.GET.get("seen") == _mark(hand, board, members):
        return HttpResponse(status=204)
    under, has_forms = _written_under(request, board), request.GET.get("forms") == "1"
    context = _shown(hand, board, under, members, has_forms=has_forms)
    return render(request, "meetings/run_state.html", context)


def _mark(hand: Hand, board: Board, members: Sequence[Member]) -> str:
    """Return what tells whether anything moved: what was written, who is here, what time it is."""
    by_the_clock = f"{board.is_ending:d}{hand.can_write:d}{_pause(hand.meeting)}"
    return f"{board.mark}-{sum(each.is_here for each in members)}-{by_the_clock}"


def _pause(meeting: Meeting) -> int:
    """Return after how many seconds a browser asks again; 0 is not any more."""
    if meeting.is_cancelled or meeting.is_long_over:
        return 0
    if meeting.closed_at is None:
        return PAUSE
    until = max(meeting.closed_at, meeting.ends_at) + check_in_codes.OPEN_AFTER
    return PAUSE_WHEN_CLOSED if timezone.now() <= until else 0


def _shown(
    hand: Hand, board: Board, under: AgendaItem | None, members: Sequence[Member], *, has_forms: bool
) -> dict[str, Any]:
    meeting, own = hand.meeting, hand.membership
    here = {each.pk for each in members if each.is_here}
    asked = {
        "seen": _mark(hand, board, members),
        "item": under.pk if under else 0,
        "forms": int(has_forms),
    }
    return {
        "hand": hand,
        "meeting": meeting,
        "board": board,
        "under": under,
        "zone": hand.zone,
        "leads": hand.leads,
        "run_url": hand.address("run"),
        "state_url": f"{hand.address('state')}?{urlencode(asked)}",
        "pause": _pause(meeting),
        "has_forms": has_forms,
        "worth": worth_of(hand, members) if board.is_ending else None,
        "worth_url": hand.address("worth"),
        "here_url": hand.address("here") if own and own.pk not in here else "",
        "here": len(here),
        "is_check_in_open": check_in_codes.is_open(meeting),
        "now_in_milliseconds": int(timezone.now().timestamp() * 1000),
    }


def _written_under(request: HttpRequest, board: Board) -> AgendaItem | None:
    """Return the item under which a page writes: the one asked for, else the one in hand."""
    asked = request.GET.get("item", "")
    if asked == "0":
        return None
    pk = id_in(asked)
    return next((each.item for each in board.slots if each.item.pk == pk), board.in_hand)


# POST /meetings/<id>/opening/
@access(can_lead_meeting, on=meeting_of)
@require_POST
def opening(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Begin."""
    return _moved(request, meeting, lambda: running.open_meeting(meeting, by=request.user))


# POST /agenda-items/<id>/turn/
@access(can_lead_item, on=item_of)
@require_POST
def turn(request: HttpRequest, item: AgendaItem) -> HttpResponse:
    """Go to an item."""
    return _moved(request, item.meeting, lambda: running.turn_to(item, by=request.user))


# POST /agenda-items/<id>/longer/
@access(can_lead_item, on=item_of)
@require_POST
def longer(request: HttpRequest, item: AgendaItem) -> HttpResponse:
    """Give an item five minutes more."""
    return _moved(request, item.meeting, lambda: running.lengthen(item, by=request.user))


# POST /meetings/<id>/reopening/
@access(can_lead_meeting, on=meeting_of)
@require_POST
def reopening(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Undo the close."""
    return _moved(request, meeting, lambda: running.open_again(meeting, by=request.user))


def _moved(request: HttpRequest, meeting: Meeting, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    return redirect("meetings:run", meeting.pk)


# GET, POST /meetings/<id>/close/
@access(can_lead_hand, on=hand_of)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, hand: Hand) -> HttpResponse:
    """The last five minutes: what did we decide, who does what, was it worth it."""
    meeting = hand.meeting
    if request.method == "POST":
        try:
            running.close(meeting, by=request.user)
        except DomainError as refused:
            messages.error(request, str(refused.sentence))
            return redirect("meetings:close", meeting.pk)
        offer_undo(
            request,
            _("Closed. What was written stands here."),
            url=reverse("meetings:reopening", args=[meeting.pk]),
        )
        return redirect(meeting)
    members = members_of(meeting)
    context = {
        "community": meeting.community,
        "tab": "meetings",
        "meeting": meeting,
        "board": board_of(hand),
        "zone": hand.zone,
        "decision_form": DecisionForm(hand=hand, item=None),
        "commitment_form": CommitmentForm(hand=hand, item=None, members=members),
        "decision_url": hand.address("written", "decision"),
        "commitment_url": hand.address("written", "commitment"),
        "here": sum(each.is_here for each in members),
        "answered": meeting.pulse_answers.count(),
        "worth": worth_of(hand, members),
        "worth_url": hand.address("worth"),
    }
    return render(request, "meetings/close.html", context)


# POST /meetings/<id>/worth/
@access(can_check_in, on=hand_of)
@require_POST
def worth(request: HttpRequest, hand: Hand) -> HttpResponse:
    """Say whether it was worth one's time, by one tap."""
    return _worth(request, hand)


# POST /meeting-answers/<token>/worth/
@by_link(hand_by_link)
@require_POST
def worth_by_link(request: HttpRequest, hand: Hand, membership: Membership) -> HttpResponse:
    """The same under a member's link."""
    return _worth(request, hand)


def _worth(request: HttpRequest, hand: Hand) -> HttpResponse:
    form, own = WorthForm(request.POST), hand.membership
    assert own is not None  # `can_check_in` says so
    if not form.is_valid():
        messages.error(request, _("Choose one of the five answers."))
        return redirect(hand.address("run"))
    given = hand.meeting.pulse_answers.filter(membership=own).first()
    try:
        actions.answer_pulse(
            hand.meeting,
            membership=own,
            worth=form.cleaned_data["worth"],
            will_try=given.will_try if given else "",
        )
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("Thank you. Nobody sees your answer alone."))
    return redirect(hand.address("run"))
