"""Coming in: by the code on the wall or its QR code, with or without an account."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core.internal.ratelimit import consume
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coppice.lib.access import access, anyone
from coppice.lib.errors import DomainError
from coppice.lib.languages import answer_in, first_spoken
from coppice.live import links
from coppice.live.actions import people as actions
from coppice.live.codes import as_code
from coppice.live.forms import CodeForm, NameForm
from coppice.live.models import Room
from coppice.live.queries import name_in, room_by_code


def counting_wrong_codes(door: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse for a while whoever tried too many codes that no room has, at either door.

    Signed in, one's own tries count; otherwise those of the address that one comes from. Until then nobody is
    held up who has the right code, so that a full hall behind one address comes in.
    """

    @wraps(door)
    def counted(request: HttpRequest, **arguments: Any) -> HttpResponse:
        if not _may_try(request):
            form = CodeForm({"code": arguments.get("code", request.GET.get("code", ""))})
            form.add_error(
                "code",
                _("Too many wrong codes came from here. Wait ten minutes, or ask the host to write you in."),
            )
            return render(request, "live/code.html", {"form": form}, status=429)
        try:
            return door(request, **arguments)
        except Http404:
            _count(request)
            raise

    return counted


def _may_try(request: HttpRequest) -> bool:
    return _count(request, dry_run=True)


def _count(request: HttpRequest, *, dry_run: bool = False) -> bool:
    action = "known" if request.user.is_authenticated else "unknown"
    limits = settings.WRONG_CODE_LIMITS
    return bool(consume(request, app="live", action=action, config=limits, limit_get=True, dry_run=dry_run))


# GET /join/?code=fern+27
@counting_wrong_codes
@access(anyone, signed_out=True)
@never_cache
@require_safe
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        typed = as_code(form.cleaned_data["code"])
        if Room.objects.going_on().filter(code=typed).exists():
            return redirect("live:join", typed)
        _count(request)
        form.add_error(
            "code", _("No room that goes on has this code. Look at the projector and type it again.")
        )
    return render(request, "live/code.html", {"form": form}, status=422 if form.errors else 200)


# GET, POST /join/<code>/
@counting_wrong_codes
@access(anyone, on=room_by_code, signed_out=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, room: Room) -> HttpResponse:
    """Ask for a name, or offer the one that the program knows; then the participant's own page."""
    # A browser's language is no choice of its owner's for a room: half of a page would be in another.
    return answer_in(first_spoken(_chosen(request), room.language), _join, request, room)


def _chosen(request: HttpRequest) -> str:
    """The language that somebody chose in Coppice; "" when they chose none."""
    own = request.user.language if request.user.is_authenticated else ""
    return own or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")


def _join(request: HttpRequest, room: Room) -> HttpResponse:
    known = name_in(room, request.user)
    comes_as_known = bool(known) and "known" in request.POST
    form = NameForm(request.POST if request.method == "POST" and not comes_as_known else None)
    if comes_as_known or (request.method == "POST" and form.is_valid()):
        try:
            participant = actions.join(
                room,
                name=known if comes_as_known else form.cleaned_data["name"],
                person=request.user if comes_as_known else None,
                language=first_spoken(_chosen(request), room.language),
            )
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            return redirect(links.phone_path(participant))
    context = {"room": room, "form": form, "known": known}
    return render(request, "live/join.html", context, status=422 if form.errors else 200)
