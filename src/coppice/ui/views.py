"""The page of all components in every state, in development and in the demo only."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coppice.lib.access import access, anyone
from coppice.ui import samples


def _is_shown(person: object) -> bool:
    """Everybody may look, but only where the product is being built or shown."""
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    return anyone(person)


# GET /ui/components/
@access(_is_shown, signed_out=True)
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/components.html", samples.everything() | {"direction": _direction(request)})


# GET /ui/components/progress/
@access(_is_shown, signed_out=True)
@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/progress.html", {"job": samples.finished()})


# GET /ui/components/bare/
@access(_is_shown, signed_out=True)
@require_safe
def bare(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/bare_sample.html", samples.invitation() | {"direction": _direction(request)})


def _direction(request: HttpRequest) -> str:
    return "rtl" if request.GET.get("dir") == "rtl" else ""
