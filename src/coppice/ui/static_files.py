"""Static files straight from the apps' folders, in every mode; kept for a year when named by hash."""

import hashlib
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware

from coppice.ui import fonts

FONTS = "ui/fonts/"
MARK = "ui/mark.svg"
YEAR = 60 * 60 * 24 * 365


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    """WhiteNoise over the apps' own `static/` folders and the made fonts: no collectstatic, no settings."""

    def __init__(self, get_response) -> None:
        super().__init__(
            get_response,
            SimpleNamespace(
                DEBUG=settings.DEBUG,
                STATIC_URL=settings.STATIC_URL,
                FORCE_SCRIPT_NAME=settings.FORCE_SCRIPT_NAME,
                STATIC_ROOT=None,
                WHITENOISE_USE_FINDERS=True,
                WHITENOISE_AUTOREFRESH=settings.DEBUG,
                WHITENOISE_MAX_AGE=0 if settings.DEBUG else 60 * 60,
                WHITENOISE_ALLOW_ALL_ORIGINS=False,
            ),
        )
        if fonts.folder().is_dir():
            self.add_files(str(fonts.folder()), prefix=self.static_prefix + FONTS)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info == "/favicon.ico":  # browsers ask for it beside a file, which names no icon
            request.path_info = self.static_prefix + MARK
        response = super().__call__(request)
        if "v" in request.GET and request.path_info.startswith(self.static_prefix):
            name = request.path_info[len(self.static_prefix) :]
            if response.status_code in {200, 304} and request.GET["v"] == fingerprint(name):
                response["Cache-Control"] = f"max-age={YEAR}, public, immutable"
        return response

    def immutable_file_test(self, path: str, url: str) -> bool:
        """Say whether the name itself carries a hash: the made fonts do."""
        return url.startswith(self.static_prefix + FONTS) and url.endswith(".woff2")


class FingerprintStorage(StaticFilesStorage):
    """Makes `{% static %}`, form media and `{% htmx_script %}` carry the same hash as `{% asset %}`."""

    def url(self, name: str | None) -> str:
        address = super().url(name)
        mark = fingerprint(name or "")
        return f"{address}?v={mark}" if mark else address


def asset_url(name: str) -> str:
    """Return the address of a static file with the hash of its content, so that it may be kept for ever."""
    mark = fingerprint(name)
    return f"{settings.STATIC_URL}{name}" + (f"?v={mark}" if mark else "")


def fingerprint(name: str) -> str:
    """Return ten hex digits of the file's content, or "" when no app has such a file."""
    return _read_fingerprint(name) if settings.DEBUG else _kept_fingerprint(name)


@lru_cache(maxsize=512)
def _kept_fingerprint(name: str) -> str:
    return _read_fingerprint(name)


def _read_fingerprint(name: str) -> str:
    path = _find(name)
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path else ""


def _find(name: str) -> Path | None:
    if name.startswith(FONTS):
        made = fonts.folder() / Path(name).name
        return made if made.is_file() else None
    found = finders.find(name)
    return Path(found) if found and Path(found).is_file() else None
