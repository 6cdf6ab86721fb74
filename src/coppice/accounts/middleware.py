"""Every page speaks the reader's language and keeps the reader's time."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from coppice.lib.languages import first_spoken


class ReaderMiddleware:
    """Activates the language and zone of whoever is signed in; others keep what their browser asks for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        if person.is_authenticated:
            if person.language:
                translation.activate(first_spoken(person.language, translation.get_language()))
                request.LANGUAGE_CODE = translation.get_language()
            timezone.activate(person.zone)
        else:
            timezone.activate(zoneinfo.ZoneInfo(settings.TIME_ZONE))
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()
