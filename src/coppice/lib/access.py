"""The one door: every view declares who may pass and receives only what that person may touch."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Access:
    """What a view declared: the predicate asked, the loader of its thing, whether one may be signed out."""

    predicate: Callable[..., bool]
    on: Callable[..., Any] | None
    signed_out: bool


def access(
    predicate: Callable[..., bool], *, on: Callable[..., Any] | None = None, signed_out: bool = False
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Guard a view with `predicate(person)` or, when `on` is given, `predicate(person, thing)`.

    `on(person, **url_arguments)` returns the thing or raises Http404 (what a person may not see does not
    exist); the view then receives `(request, thing)` in place of the URL's arguments. A predicate that says
    no raises PermissionDenied (403); the thing stays at `request.thing` for the navigation. Somebody signed
    out is sent to sign in, and told when what they sent is lost by that, unless `signed_out` is true (public
    pages, and pages behind a signed link).
    """

    def guard(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, **arguments: Any) -> HttpResponse:
            person = request.user
            if not signed_out and not person.is_authenticated:
                return _sign_in_first(request)
            if on is None:
                if not predicate(person):
                    raise PermissionDenied
                return view(request, **arguments)
            thing = request.thing = on(person, **arguments)  # type: ignore[attr-defined]
            if not predicate(person, thing):
                raise PermissionDenied
            _keep_time(person, thing)
            return view(request, thing)

        guarded.access = Access(predicate=predicate, on=on, signed_out=signed_out)  # type: ignore[attr-defined]
        return guarded

    return guard


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    if request.method in {"GET", "HEAD"}:
        return redirect_to_login(request.get_full_path())
    messages.warning(
        request,
        _(
            "Nothing was saved, because you are no longer signed in here. "
            "Sign in, then send the form once more."
        ),
    )
    return redirect_to_login("/")


def _keep_time(person: Any, thing: Any) -> None:
    """Let a reader who chose no time zone read a page by the clock of its thing, as its mails do."""
    zone = getattr(thing, "zone", None)
    if zone and not getattr(person, "time_zone", ""):
        timezone.activate(zone)


def anyone(person: object, thing: object = None) -> bool:
    """Say yes: the page is public, or the loader of a signed link has already decided."""
    return True


def signed_in(person: Any, thing: object = None) -> bool:
    """Say whether this person has signed in."""
    return bool(person.is_authenticated)
