"""One receipt per form: whatever is sent twice with the same key happens once."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.db import transaction
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

    A second POST with the same key and person, to the same path with the same answers, changes nothing, even
    while the first is still going on. It gets the first redirect again; in place of a page it gets a sentence
    that this was done, and htmx loads its page anew, because pages hold names and are not kept. Somebody who
    comes back to a form and sends other answers does another thing. Only the latest act of a key has a
    receipt: going back to the first answers after others is done once more. A response that shows the form
    again or refuses (4xx, 5xx, an exception) leaves no receipt and no change. Cookies are not given again; a
    view for which that matters is marked `without_receipt`.
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
        answers = _digest_of_answers(request)
        try:
            with transaction.atomic():
                receipt = _receipt(request, once)
                if receipt.answers == answers:
                    return _again(request, receipt)
                response = view(request, *args, **kwargs)
                if isinstance(response, SimpleTemplateResponse):
                    response.render()
                if response.status_code >= 400:
                    raise _NotDone(response)
                _keep(receipt, answers, response)
                return response
        except _NotDone as refusal:
            return refusal.response


class _NotDone(Exception):
    """Carries an answer that changed nothing out of the transaction."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response
        super().__init__()


def _receipt(request: HttpRequest, once: str) -> Receipt:
    """Return the one receipt of this person's form, held until the transaction ends; new when there is none.

    Whoever sends the same form meanwhile waits here, and then sees what the first has done.
    """
    key = hashlib.sha256(repr((once, request.user.pk)).encode()).hexdigest()
    receipt, _is_new = Receipt.objects.select_for_update().get_or_create(
        key=key, defaults={"person_id": request.user.pk, "status": 0}
    )
    return receipt


def _digest_of_answers(request: HttpRequest) -> str:
    """Return a digest of what is sent where: two POSTs of a form are the same when all of it is."""
    digest = hashlib.sha256(repr(request.get_full_path()).encode())
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


def _keep(receipt: Receipt, answers: str, response: HttpResponseBase) -> None:
    receipt.answers = answers
    receipt.status = response.status_code
    receipt.had_body = not isinstance(response, HttpResponse) or bool(response.content)
    receipt.headers = {}
    if not receipt.had_body:
        receipt.headers = {
            name: value
            for name, value in response.headers.items()
            if name in KEPT_HEADERS or name.upper().startswith(KEPT_PREFIX)
        }
    receipt.save(update_fields=["answers", "status", "headers", "had_body", "at"])


def _again(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    if not receipt.had_body:
        return HttpResponse(status=receipt.status, headers=receipt.headers)
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "history/done_already.html")
