"""Who carries our text messages: what a provider must do, and the two that come with Coppice.

docs/operate/texts.md tells how to set one up, and how to write one.
"""

import base64
import http.client
import json
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

SECONDS = 15
LARGEST_ANSWER = 100_000
FORM = "application/x-www-form-urlencoded"
NOT_NOW = {401, 402, 403, 404, 408, 425, 429, 503}
"""Answers after which the same text may be taken later: the key or address is mended, or there is room."""


class NotSent(Exception):
    """A provider did not say that it took a text."""


class TryLater(NotSent):
    """It surely did not take it, and may do so later."""


class Refused(NotSent):
    """It surely did not take it, and never will: the number is none, or wants nothing from us."""


class Unsure(NotSent):
    """Nobody knows whether it took it: the connection ended, or its answer tells of trouble of its own."""


class TextProvider(Protocol):
    """What carries text messages.

    `knows_keys` says that a second call with the same key sends nothing again: then a text that is `Unsure`
    is tried again, and otherwise never.
    """

    knows_keys: bool

    def send(self, to: str, text: str, *, key: str) -> str:
        """Hand over one text and return the provider's own id of it, "" when it gives none.

        `to` is a number in E.164 ("+15551234567"), `text` may take several segments, `key` is the same for
        every attempt at one text. Raises TryLater, Refused or Unsure.
        """


class KeptProvider:
    """Carries nothing: texts stay in their table, for tests and the demo, whose outbox shows them."""

    knows_keys = True

    def send(self, to: str, text: str, *, key: str) -> str:
        """Do nothing and say that it was taken."""
        return f"kept-{key}"


class HttpProvider:
    """Posts each text to an address, as settings say: most providers have an interface of this kind.

    `body` is JSON in which {to}, {text} and {key} stand for what is sent; it goes out as JSON, or as a form
    where the headers say so. `id_path` tells where in a JSON answer the provider's id stands, as in
    "messages.0.id".
    """

    def __init__(self, *, url: str, headers: Mapping[str, str], body: Any, id_path: str = "") -> None:
        self.url, self.headers, self.body, self.id_path = url, headers, body, id_path
        self.knows_keys = "{key}" in json.dumps([body, dict(headers)])

    def send(self, to: str, text: str, *, key: str) -> str:
        """Post one text; 2xx means that it was taken."""
        values = {"to": to, "text": text, "key": key}
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        headers |= {name: str(_filled(value, values)) for name, value in self.headers.items()}
        filled = _filled(self.body, values)
        is_form = headers["Content-Type"].partition(";")[0].strip() == FORM
        content = urlencode(filled) if is_form else json.dumps(filled)
        status, answer = self._post(content.encode(), headers)
        if 200 <= status < 300:
            return _at(answer, self.id_path)
        said = f"{status} {answer.decode(errors='replace')[:300]}"
        if status in NOT_NOW or 300 <= status < 400:
            raise TryLater(said)
        if 400 <= status < 500:
            raise Refused(said)
        raise Unsure(said)

    def _post(self, content: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        parts = urlsplit(self.url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=SECONDS)
        try:
            connection.connect()
        except (OSError, http.client.HTTPException) as failure:
            raise TryLater(f"{type(failure).__name__}: {failure}") from failure
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", path, content, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.read(LARGEST_ANSWER)
        except (OSError, http.client.HTTPException) as failure:
            raise Unsure(f"{type(failure).__name__}: {failure}") from failure
        finally:
            connection.close()


def is_offered() -> bool:
    """Say whether text messages can be sent here at all."""
    return bool(settings.TEXT_PROVIDER)


def chosen() -> TextProvider | None:
    """Return the provider that the settings name, None for none.

    Raises ImproperlyConfigured, with a sentence that names the setting to mend.
    """
    name = settings.TEXT_PROVIDER
    if not name:
        return None
    if name == "keep":
        return KeptProvider()
    if name == "http":
        return _by_http()
    try:
        provider: TextProvider = import_string(name)()
    except ImportError as wrong:
        raise ImproperlyConfigured(
            f"COPPICE_TEXT_PROVIDER={name} is unknown. Choose http, or the path of a class of your own."
        ) from wrong
    return provider


def _by_http() -> HttpProvider:
    url = settings.TEXT_URL
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
        raise ImproperlyConfigured(
            "COPPICE_TEXT_PROVIDER=http needs the provider's address: COPPICE_TEXT_URL."
        )
    headers = _json("TEXT_HEADERS", settings.TEXT_HEADERS or "{}")
    body = _json("TEXT_BODY", settings.TEXT_BODY)
    if "{to}" not in settings.TEXT_BODY or "{text}" not in settings.TEXT_BODY:
        raise ImproperlyConfigured("COPPICE_TEXT_BODY must say where {to} and {text} go.")
    if settings.TEXT_USER:
        pair = base64.b64encode(f"{settings.TEXT_USER}:{settings.TEXT_PASSWORD}".encode()).decode()
        headers |= {"Authorization": f"Basic {pair}"}
    return HttpProvider(url=url, headers=headers, body=body, id_path=settings.TEXT_ID)


def _json(name: str, text: str) -> dict[str, Any]:
    try:
        read = json.loads(text)
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise ImproperlyConfigured(
            f'COPPICE_{name} must be JSON in curly brackets, such as {{"to": "{{to}}"}}.'
        )
    return read


def _filled(template: Any, values: Mapping[str, str]) -> Any:
    """Return a template with its places filled, each value as it is, at any depth."""
    if isinstance(template, dict):
        return {name: _filled(value, values) for name, value in template.items()}
    if isinstance(template, list):
        return [_filled(value, values) for value in template]
    if not isinstance(template, str):
        return template
    pieces = template.split("{")
    filled = pieces[0]
    for piece in pieces[1:]:
        name, closed, rest = piece.partition("}")
        filled += values[name] + rest if closed and name in values else "{" + piece
    return filled


def _at(answer: bytes, path: str) -> str:
    """Return what stands at a path of a JSON answer, "" where nothing does."""
    try:
        found: Any = json.loads(answer) if path else ""
        for step in path.split(".") if path else ():
            found = found[int(step)] if isinstance(found, list) else found[step]
    except (ValueError, LookupError, TypeError):
        return ""
    return str(found)[:200] if isinstance(found, str | int) else ""
