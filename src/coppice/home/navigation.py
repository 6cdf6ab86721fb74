"""The rail and the bottom bar: where a person may go from any page."""

from typing import Any

from django.http import HttpRequest


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Give every template the reader's `navigation`."""
    return {"navigation": None}
