"""Whether the installation is set up for real people: what those who run it themselves get wrong."""

import http.client
import json
import os
import pwd
import stat
import urllib.error
import urllib.request
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from coppice import backups
from coppice.health.condition import Condition

PRIVATE = 0o077
PATIENCE = 10
OLDEST_BACKUP = timedelta(days=2)
OLDEST_ZONES = 18  # months; countries change their clocks several times a year
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
NEAR = {"127.0.0.1", "::1", "localhost"}


def configuration() -> Condition:
    """Whether what is for developers and demos alone is off."""
    for name in ("DEBUG", "DEMO"):
        if getattr(settings, name):
            words = _("COPPICE_%(name)s is on: it shows private things. Leave it to developers and demos.")
            return Condition("settings", False, words % {"name": name})
    return Condition("settings", True, _("Nothing for developers or demos is on."))


def home() -> Condition:
    """Whether the folder of the installation, and the key in it, are its owner's alone."""
    folder = Path(settings.HOME)
    owner = folder.stat().st_uid
    if owner != os.geteuid():
        words = _("COPPICE_HOME belongs to %(owner)s, and you are %(me)s: run this as %(owner)s.")
        return Condition("home", False, words % {"owner": _name_of(owner), "me": _name_of(os.geteuid())})
    for place, mode in ((folder / "secret.key", "600"), (folder, "700")):
        if place.exists() and stat.S_IMODE(place.stat().st_mode) & PRIVATE:
            words = _("Others on this machine can read %(place)s: run `chmod %(mode)s` on it.")
            name = "COPPICE_HOME" if place == folder else place.name
            return Condition("home", False, words % {"place": name, "mode": mode})
    return Condition("home", True, _("COPPICE_HOME and its key are private."))


def address() -> Condition:
    """Whether the address that mails lead to is one, is https, and is answered by this Coppice."""
    wrong = _wrong_address() or _wrong_answer()
    words = _("%(address)s is answered by Coppice.") % {"address": settings.BASE_URL}
    return Condition("address", not wrong, wrong or words)


def backup() -> Condition:
    """Whether a backup was made lately."""
    age = backups.age_of_last()
    if age is None:
        return Condition("backup", False, _("No backup was made yet: run `coppice backup` once a day."))
    days = {"days": age.days}
    if age > OLDEST_BACKUP:
        words = _("The last backup is %(days)d days old: see why `coppice backup` runs no more.")
        return Condition("backup", False, words % days)
    return Condition("backup", True, _("The last backup is less than two days old."))


def zones() -> Condition:
    """Whether the time zones of the world are known as they are now."""
    installed = version("tzdata")  # 2026.2: the second of that year
    year = int(installed.split(".")[0])
    today = date.today()
    words = {"version": installed}
    if (today.year - year) * 12 + today.month > OLDEST_ZONES:
        sentence = _("The time zones are those of %(version)s: upgrade Coppice, or its package tzdata.")
        return Condition("time zones", False, sentence % words)
    return Condition("time zones", True, _("The time zones are those of %(version)s.") % words)


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _wrong_address() -> str:
    parts = urlsplit(settings.BASE_URL)
    if not parts.hostname or parts.path or parts.query:
        return _("COPPICE_BASE_URL must be scheme and name alone, such as https://communities.example.org.")
    if settings.DEMO:
        return ""
    if parts.hostname in NEAR:
        return _("COPPICE_BASE_URL leads to this machine alone: give it the https address that people use.")
    if parts.scheme != "https":
        return _("COPPICE_BASE_URL should be the https address that people use.")
    if not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        return _("COPPICE_BEHIND_PROXY is off: with https a web server stands in front, so set it to yes.")
    return ""


def _wrong_answer() -> str:
    try:
        with DIRECT.open(f"{settings.BASE_URL}/health/", timeout=PATIENCE) as answer:
            return _wrong_words(answer.read(10_000), secure="Strict-Transport-Security" in answer.headers)
    except urllib.error.HTTPError as refusal:
        if refusal.code == 503:
            return _wrong_words(refusal.read(10_000), secure="Strict-Transport-Security" in refusal.headers)
        words = _("%(address)s answers %(code)d: let the web server pass on the Host that people ask for.")
        return words % {"address": settings.BASE_URL, "code": refusal.code}
    except (OSError, http.client.HTTPException) as failure:
        words = _("%(address)s does not answer here (%(reason)s): see to name, certificate and web server.")
        return words % {"address": settings.BASE_URL, "reason": getattr(failure, "reason", failure)}


def _wrong_words(answer: bytes, *, secure: bool) -> str:
    try:
        known = "conditions" in json.loads(answer)
    except ValueError:
        known = False
    if not known:
        return _("%(address)s is answered by something else: point your web server to Coppice.") % {
            "address": settings.BASE_URL
        }
    if settings.BASE_URL.startswith("https://") and not secure:
        return _("The web server does not pass on X-Forwarded-Proto: Coppice takes https for http.")
    return ""
