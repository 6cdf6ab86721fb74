"""Requests that no view answers get a page too: unreadable, too large, or by the wrong method."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import (
    DisallowedHost,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.loader import render_to_string

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what could not be read (Django's handler400); who asks for another host gets no page of ours."""
    if isinstance(exception, DisallowedHost):
        return HttpResponseBadRequest("Bad request", content_type="text/plain")
    return _page(413 if isinstance(exception, TOO_MUCH) else 400)


class RefusalMiddleware:
    """Refuses a body larger than any form may send before it is read, and gives bare 405 answers a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _announced(request) > (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0):
            return _page(413)
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            page = _page(405)
            page.headers["Allow"] = response.headers["Allow"]
            return page
        return response


def _announced(request: HttpRequest) -> int:
    """Return how long the body is said to be; nothing beyond that is read, and nothing of one without."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _page(status: int) -> HttpResponse:
    # Without the request: whoever sends nonsense is not looked up, and a body refused once stays unread.
    return HttpResponse(render_to_string(f"{status}.html"), status=status)
