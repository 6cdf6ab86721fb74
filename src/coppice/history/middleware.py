"""One receipt per form: whatever is sent twice with the same key happens once."""

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from coppice.history.models import Receipt

FIELD = "once"
KEPT_BODY = 200_000


class ReceiptMiddleware:
    """Runs a POST that carries the hidden field `once` together with its receipt in one transaction.

    A second POST with the same key, person and path gets the first answer and changes nothing. An answer that
    shows the form again (4xx) leaves no receipt, so the corrected form may be sent with the same key.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        once = request.POST.get(FIELD, "") if request.method == "POST" else ""
        if not once or len(once) > 64:
            return None
        key = f"{once}:{request.user.pk or '-'}:{request.path}"[:200]
        try:
            with transaction.atomic():
                receipt = Receipt.objects.create(key=key, status=0)
                response = view(request, *args, **kwargs)
                if hasattr(response, "render") and callable(response.render) and not response.is_rendered:
                    response = response.render()
                if response.status_code >= 400:
                    raise _NotDone(response)
                _keep(receipt, response)
                return response
        except _NotDone as refusal:
            return refusal.response
        except IntegrityError:
            first = Receipt.objects.filter(key=key).first()
            if first is None:
                raise
            return _again(first)


class _NotDone(Exception):
    """Carries an answer that changed nothing out of the transaction."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response
        super().__init__()


def _keep(receipt: Receipt, response: HttpResponse) -> None:
    receipt.status = response.status_code
    receipt.location = response.headers.get("Location", "")
    receipt.content_type = response.headers.get("Content-Type", "")
    if not response.streaming and not receipt.location:
        receipt.body = response.content.decode(response.charset or "utf-8", errors="replace")[:KEPT_BODY]
    receipt.save(update_fields=["status", "location", "content_type", "body"])


def _again(first: Receipt) -> HttpResponse:
    response = HttpResponse(first.body, status=first.status, content_type=first.content_type or None)
    if first.location:
        response.headers["Location"] = first.location
    return response
