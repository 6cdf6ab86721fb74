"""The phone, the projector, and the stream that both listen to."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coppice.lib.access import access, anyone
from coppice.lib.errors import DomainError
from coppice.lib.ids import id_in
from coppice.lib.languages import answer_in, first_spoken
from coppice.live import links
from coppice.live.announcing import presence_in
from coppice.live.hub import first_event
from coppice.live.kinds import kind_of
from coppice.live.models import Participant, Room, Step
from coppice.live.qr import qr_code
from coppice.live.queries import (
    Scene,
    act_by_link,
    own_by_link,
    participant_by_link,
    room_by_projector,
    scene_of,
    stream_by_token,
)
from coppice.live.rendering import screens_of, shown_in
from coppice.live.views.moves import BY_MODULE
from coppice.live.views.rooms import results_of


def by_link(loader: Callable[..., Any]) -> Callable[..., Callable[..., HttpResponse]]:
    """Open a page to whoever holds its signed link; it is in no cache."""

    def door(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        return access(anyone, on=loader, signed_out=True)(never_cache(page))

    return door


# GET /live/<token>/
@by_link(participant_by_link)
@require_safe
def phone(request: HttpRequest, participant: Participant) -> HttpResponse:
    """The participant's own page: the step that is on, and what they have done in it."""
    return in_their_language(participant, _phone, request, participant)


# GET /live/<token>/own/
@by_link(own_by_link)
@require_safe
def own(request: HttpRequest, participant: Participant) -> HttpResponse:
    """The part of the step that is on that belongs to this participant alone."""
    return in_their_language(participant, _own, request, participant)


# GET, POST /live/<token>/steps/<id>/<act>/
@by_link(act_by_link)
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, subject: tuple[Participant, Step, str]) -> HttpResponse:
    """Do what a step's kind lets participants do: answer, most often.

    Who loads the page of a refusal again, or comes back to it, is sent to their own page.
    """
    if request.method != "POST":
        return redirect(links.phone_path(subject[0]))
    return in_their_language(subject[0], _act, request, *subject)


# GET /projector/<token>/
@by_link(room_by_projector)
@require_safe
def projector(request: HttpRequest, room: Room) -> HttpResponse:
    """The screen on the wall: one task at a time, and always the code."""
    return answer_in(first_spoken(room.language), _projector, request, room)


# GET /live/events/<stream>/
@by_link(stream_by_token)
@require_safe
def events(request: HttpRequest, stream: links.Stream) -> HttpResponse:
    """One state of a screen, for a server without the hub: the browser comes again by itself."""
    screen = (stream.audience, stream.language)
    html = screens_of(stream.room_id, [screen], presence_in(stream.room_id)).get(screen, "")
    return HttpResponse(first_event(html), content_type="text/event-stream; charset=utf-8")


def in_their_language(
    participant: Participant, page: Callable[..., HttpResponse], *arguments: Any
) -> HttpResponse:
    """Answer with a page in the participant's language and the room's time zone."""
    chosen = participant.person.language if participant.person else ""
    language = first_spoken(chosen, participant.language, participant.room.language)
    with timezone.override(participant.room.zone):
        return answer_in(language, page, *arguments)


def _phone(
    request: HttpRequest, participant: Participant, *, errors: tuple[str, ...] = (), status: int = 200
) -> HttpResponse:
    room = participant.room
    if room.is_ended:
        return _afterwards(request, participant, errors=errors, status=status)
    scene = scene_of(room)
    stream = links.Stream("phone", room.pk, translation.get_language() or "", participant.pk)
    context = {
        **shown_in(scene),
        "participant": participant,
        "is_page": True,
        "base": links.phone_path(participant),
        "mine": _mine(participant, scene.step),
        "own": _own_in(scene, participant),
        "stream_url": links.stream_path(stream),
        "errors": errors,
    }
    return render(request, "live/phone.html", context, status=status)


def _own(request: HttpRequest, participant: Participant) -> HttpResponse:
    room, step = participant.room, participant.room.current
    kind = kind_of(step) if step else None
    if step:
        step.room = room
    context = {
        "room": room,
        "step": step,
        "kind": kind,
        "participant": participant,
        "base": links.phone_path(participant),
        "own": kind.own(step, participant) if kind and step and kind.own_template else None,
    }
    return render(request, "live/parts/own.html", context)


def _own_in(scene: Scene, participant: Participant) -> Any:
    if not scene.step or not scene.kind or not scene.kind.own_template:
        return None
    return scene.kind.own(scene.step, participant, scene.look)


def _mine(participant: Participant, step: Step | None) -> Any:
    return kind_of(step).mine(step, participant) if step else None


def _afterwards(
    request: HttpRequest, participant: Participant, *, errors: tuple[str, ...], status: int
) -> HttpResponse:
    """What happened, and while late answers are taken the steps in which this participant has none."""
    room = participant.room
    missed: list[Any] = []
    told = []
    if room.takes_answers:
        for step in room.steps.filter(rounds_begun__gt=0):
            kind = kind_of(step)
            if kind.asks and kind.mine(step, participant) is None:
                missed.append((step, kind, kind.look(step)))
    for step in room.steps.filter(rounds_begun__gt=0):
        kind = kind_of(step)
        kept = kind.afterwards(step, participant) if kind.afterwards_template else None
        if kept is not None:
            told.append((step, kind, kept))
    context = {
        "room": room,
        "participant": participant,
        "steps": results_of(room),
        "missed": missed,
        "told": told,
        "is_page": True,
        "base": links.phone_path(participant),
        "errors": errors,
    }
    return render(request, "live/afterwards.html", context, status=status)


def _act(request: HttpRequest, participant: Participant, step: Step, act: str) -> HttpResponse:
    do = kind_of(step).acts[act]
    round_number = id_in(request.POST.get("round", ""))
    return answered(
        request,
        participant,
        lambda: do(step, participant=participant, round=round_number, said=request.POST),
    )


def answered(
    request: HttpRequest,
    participant: Participant,
    act: Callable[[], object] | None = None,
    *,
    refused: str = "",
) -> HttpResponse:
    """Do what a participant sent, and answer their phone; one that a form `refused` already is told so."""
    by_module = BY_MODULE in request.headers
    try:
        if act is not None:
            act()
    except DomainError as refusal:
        refused = str(refusal.sentence)
    if refused and by_module:
        return HttpResponse(refused, status=422, content_type="text/plain; charset=utf-8")
    if refused:
        return _phone(request, participant, errors=(refused,), status=422)
    if by_module:
        return HttpResponse(status=204)
    messages.success(
        request,
        _("Kept.") if participant.room.is_ended else _("Sent. You can change it while the step is open."),
    )
    return redirect(links.phone_path(participant))


def _projector(request: HttpRequest, room: Room) -> HttpResponse:
    stream = links.Stream("projector", room.pk, translation.get_language() or room.language)
    address = f"{settings.BASE_URL}{reverse('live:join', args=[room.code])}"
    with timezone.override(room.zone):
        context = {
            **shown_in(scene_of(room)),
            "is_page": True,
            "stream_url": links.stream_path(stream),
            "qr": qr_code(address),
            "door": settings.BASE_URL.partition("://")[2] + reverse("live:code"),
            "steps": results_of(room) if room.is_ended else [],
        }
        return render(request, "live/projector.html", context)
