"""The host's buttons and keys: one address for each move, so that a double press moves once."""

import re
from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.lib.ids import id_in
from coppice.lib.lines import one_line
from coppice.live.actions import answers, moves
from coppice.live.announcing import moment, presence_in
from coppice.live.kinds import kind_of
from coppice.live.models import Answer, Room, Step
from coppice.live.permissions import can_host, can_host_act, can_host_answer, can_host_step
from coppice.live.queries import answer_of, host_act_of, room_of, step_of
from coppice.live.rendering import screens_of

BY_MODULE = "X-Live"
"""The header of a request that our module sends: its page is renewed in place, not loaded again."""

TYPED = re.compile(r"(?:need|how|words|text)$|(?:name|theme|how)-")
"""The names of fields in which hosts type words, rather than choose."""

DONE_AT = "X-Live-Done"
"""The header of an answer that says when the change was there: the stream may still bring what is older."""


def _button(action: Callable[..., None]) -> Callable[..., HttpResponse]:
    @access(can_host_step, on=step_of)
    @require_POST
    def view(request: HttpRequest, step: Step) -> HttpResponse:
        return answer(request, step.room, lambda: action(step, by=request.user))

    return view


# POST /live-steps/<id>/opening/, showing/, closing/, pause/, running/, minute/, repetition/
opening = _button(moves.open_step)
showing = _button(moves.show_step)
closing = _button(moves.close_step)
pause = _button(moves.pause)
running = _button(moves.resume)
minute = _button(moves.lengthen)
repetition = _button(moves.repeat)


# POST /live-steps/<id>/acts/<act>/
@access(can_host_act, on=host_act_of)
@require_POST
def host_act(request: HttpRequest, subject: tuple[Step, str]) -> HttpResponse:
    """Do what a step's kind lets hosts do."""
    step, act = subject
    done = kind_of(step).host_acts[act]
    return answer(request, step.room, lambda: done(step, by=request.user, said=request.POST))


# POST /live-answers/<id>/hiding/
@access(can_host_answer, on=answer_of)
@require_POST
def hiding(request: HttpRequest, given: Answer) -> HttpResponse:
    """Keep words off the wall."""
    return answer(request, given.step.room, lambda: answers.hide(given, by=request.user))


# POST /live-answers/<id>/return/
@access(can_host_answer, on=answer_of)
@require_POST
def bringing_back(request: HttpRequest, given: Answer) -> HttpResponse:
    """Show hidden words again."""
    return answer(request, given.step.room, lambda: answers.bring_back(given, by=request.user))


# POST /live-rooms/<id>/undo/
@access(can_host, on=room_of)
@require_POST
def undo(request: HttpRequest, room: Room) -> HttpResponse:
    """Take back the last move."""

    def act() -> None:
        move = moves.undo(room, move_id=id_in(request.POST.get("move", "")), by=request.user)
        if BY_MODULE not in request.headers:
            messages.success(request, _("Taken back: %(move)s") % {"move": move})

    return answer(request, room, act)


# POST /live-rooms/<id>/wall/
@access(can_host, on=room_of)
@require_POST
def turning(request: HttpRequest, room: Room) -> HttpResponse:
    """Turn the wall to its next page."""
    turn = id_in(request.POST.get("turn", ""))
    return answer(request, room, lambda: moves.turn_wall(room, to=turn))


def answer(request: HttpRequest, room: Room, act: Callable[[], object]) -> HttpResponse:
    """Do it, then send our module the screen as it now is, or show the host's page."""
    by_module = BY_MODULE in request.headers
    done_at: list[str] = []
    transaction.on_commit(lambda: done_at.append(moment()))  # before anything draws what is done here
    try:
        act()
    except DomainError as refused:
        if by_module:
            return HttpResponse(str(refused.sentence), status=422, content_type="text/plain; charset=utf-8")
        messages.error(request, _with_what_was_typed(str(refused.sentence), request))
    if not by_module:
        return redirect(room)
    shown = HttpResponse(_screen(room))
    transaction.on_commit(lambda: shown.headers.setdefault(DONE_AT, done_at[0]))
    return shown


def _with_what_was_typed(sentence: str, request: HttpRequest) -> str:
    """Give back the words of a refused form: without our module the page is loaded again without them."""
    typed = [one_line(request.POST[name]) for name in request.POST if TYPED.match(name)]
    words = " · ".join(words for words in typed if words)
    return (
        _("%(refusal)s You typed: “%(words)s”") % {"refusal": sentence, "words": words} if words else sentence
    )


def _screen(room: Room) -> str:
    """Return what the stream will bring too, but now: the next key must act on what this one did."""
    screen = ("host", translation.get_language() or room.language)
    return screens_of(room.pk, [screen], presence_in(room.pk)).get(screen, "")
