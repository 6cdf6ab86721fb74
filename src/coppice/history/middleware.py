"""One receipt per form: whatever is sent twice with the same key happens once."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.response import SimpleTemplateResponse

from coppice.history.models import Receipt

FIELD = "once"
LONGEST_KEY = 64
KEPT_HEADERS = ("Content-Type", "Content-Language", "Location", "Vary")
KEPT_PREFIX = "HX-"
CHANGES_WITH_THE_SESSION = "csrfmiddlewaretoken"

View = Callable[..., HttpResponse]


def without_receipt(view: View) -> View:
    """Let a view's forms be sent again and again: its answers belong to one session, or are secret."""
    view.keeps_receipt = False  # type: ignore[attr-defined]
    return view


class ReceiptMiddleware:
    """Runs a POST that carries the hidden field `once` together with its receipt in one transaction.

    A second POST with the same key, person, path and answers changes nothing, even while the first is still
    going on. It gets the first redirect again; in place of a page it gets a sentence that this was done, and
    htmx loads its page anew, because pages hold names and are not kept. Somebody who comes back to a form and
    sends other answers does another thing. A response that shows the form again or refuses (4xx, 5xx, an
    exception) leaves no receipt and no change. Cookies are not given again; a view for which that matters is
    marked `without_receipt`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        once = request.POST.get(FIELD, "") if request.method == "POST" else ""
        if not once or len(once) > LONGEST_KEY or not getattr(view, "keeps_receipt", True):
            return None
        key = _key(request, once)
        try:
            with transaction.atomic():
                receipt = Receipt.objects.create(key=key, person_id=request.user.pk, status=0)
                response = view(request, *args, **kwargs)
                if isinstance(response, SimpleTemplateResponse):
                    response.render()
                if response.status_code >= 400:
                    raise _NotDone(response)
                _keep(receipt, response)
                return response
        except _NotDone as refusal:
            return refusal.response
        except IntegrityError:
            first = Receipt.objects.filter(key=key).first()
            if first is None:  # not the receipt's doing: the view broke a constraint
                raise
            return _again(request, first)


class _NotDone(Exception):
    """Carries an answer that changed nothing out of the transaction."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response
        super().__init__()


def _key(request: HttpRequest, once: str) -> str:
    """Return a digest of who sends what where: two POSTs are the same when all of it is."""
    digest = hashlib.sha256(repr((once, request.user.pk, request.get_full_path())).encode())
    for name, values in sorted(request.POST.lists()):
        if name != CHANGES_WITH_THE_SESSION:
            digest.update(repr((name, values)).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest.update(repr((name, file.name, file.size)).encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    return digest.hexdigest()


def _keep(receipt: Receipt, response: HttpResponseBase) -> None:
    receipt.status = response.status_code
    receipt.had_body = not isinstance(response, HttpResponse) or bool(response.content)
    if not receipt.had_body:
        receipt.headers = {
            name: value
            for name, value in response.headers.items()
            if name in KEPT_HEADERS or name.upper().startswith(KEPT_PREFIX)
        }
    receipt.save(update_fields=["status", "headers", "had_body"])


def _again(request: HttpRequest, first: Receipt) -> HttpResponse:
    if not first.had_body:
        return HttpResponse(status=first.status, headers=first.headers)
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "history/done_already.html")
