"""What we keep about a person: to take along, to cut off, to erase."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.accounts import actions, portrait
from coppice.accounts.errors import StillNeeded
from coppice.accounts.queries import consequences_of_erasure
from coppice.accounts.views import reader
from coppice.history.middleware import without_receipt
from coppice.lib.access import access, signed_in
from coppice.ui.forms import TypedConfirmation


# GET /me/privacy/
@access(signed_in)
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/privacy.html")


# GET /me/privacy/download/
@access(signed_in)
@never_cache
@require_safe
def download(request: HttpRequest) -> Any:
    name = f"coppice-{timezone.localdate():%Y-%m-%d}.zip"
    drawn = portrait.draw(reader(request))
    return FileResponse(drawn, as_attachment=True, filename=name, content_type="application/zip")


# POST /me/privacy/links/end/
@access(signed_in)
@require_POST
def end_links(request: HttpRequest) -> HttpResponse:
    actions.stop_links(reader(request), by=request.user)
    messages.success(request, _("Done: no link that was mailed to you works any longer."))
    return redirect("accounts:privacy")


# GET, POST /me/privacy/erasure/
@access(signed_in)
@without_receipt  # a receipt is the person's own, and goes with them
@require_http_methods(["GET", "HEAD", "POST"])
def erasure(request: HttpRequest) -> HttpResponse:
    form = TypedConfirmation(request.POST if request.method == "POST" else None, word=_("erase me"))
    if request.method == "POST" and form.is_valid():
        try:
            actions.erase(reader(request), by=request.user)
        except StillNeeded as refusal:
            form.add_error(None, refusal.sentence)
        else:
            logout(request)
            return redirect("accounts:erased")
    consequences = consequences_of_erasure(reader(request))
    context = {
        "form": form,
        "consequences": consequences,
        "is_refused": any(consequence.is_refusal for consequence in consequences),
    }
    return render(request, "accounts/erasure.html", context, status=422 if form.is_bound else 200)
