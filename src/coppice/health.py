"""Whether this installation is well: what the health page tells a monitor, `coppice check` a person."""

import os
import shutil
import smtplib
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import mailers
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from coppice.lib.access import access, anyone
from coppice.lib.mailers import PROVIDERS
from coppice.lib.runner import heartbeat_age

LONGEST_SILENCE = 180
LONGEST_TURN = 30
LEAST_DISK = 200 * 1024 * 1024


@dataclass(frozen=True)
class Condition:
    """One thing looked at: its name, whether it is well, and a sentence for whoever runs the server."""

    name: str
    is_well: bool
    sentence: str


# GET /health/
@access(anyone, signed_out=True)
@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """Answer 200 when all is well and 503 otherwise, with one word for each condition and nothing private."""
    conditions = [database(), jobs(), disk()]
    is_well = all(condition.is_well for condition in conditions)
    words = {condition.name: "ok" if condition.is_well else "failing" for condition in conditions}
    return JsonResponse(
        {"status": "ok" if is_well else "failing", "conditions": words}, status=200 if is_well else 503
    )


def database() -> Condition:
    """Whether the database answers and would accept a write; looks without writing."""
    try:
        reason = _why_not_writable()
    except DatabaseError:
        reason = _("The database does not answer: look at COPPICE_DATABASE_URL, and whether its server runs.")
    return Condition("database", not reason, reason or _("The database answers and can be written to."))


def jobs() -> Condition:
    """Whether a job runner has given a sign of life in the last three minutes."""
    age = heartbeat_age()
    if age is None:
        return Condition("jobs", False, _("No job runner has started yet: start the server."))
    if age > LONGEST_SILENCE:
        return Condition("jobs", False, _("The job runner has been silent for too long: restart the server."))
    return Condition("jobs", True, _("The job runner gave a sign of life %d seconds ago.") % age)


def disk() -> Condition:
    """Whether there is room left for the database and files."""
    free = shutil.disk_usage(settings.HOME).free
    megabytes = {"free": free // 2**20}
    if free < LEAST_DISK:
        return Condition("disk", False, _("Only %(free)d MB of disk are left: make room.") % megabytes)
    return Condition("disk", True, _("%(free)d MB of disk are free.") % megabytes)


def migrations() -> Condition:
    """Whether the tables are as this version of Coppice wants them."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return Condition("migrations", False, _("The tables cannot be looked at."))
    if missing:
        return Condition("migrations", False, _("The tables are not up to date: run `coppice migrate`."))
    return Condition("migrations", True, _("The tables are up to date."))


def mail() -> Condition:
    """Whether the mail server lets us in."""
    if settings.MAIL_BACKEND == "keep":
        return Condition("mail", True, _("Mail stays in the outbox: set COPPICE_SMTP_HOST to have it sent."))
    if settings.MAIL_BACKEND in PROVIDERS:
        name = {"provider": PROVIDERS[settings.MAIL_BACKEND].name}
        return Condition(
            "mail", True, _("%(provider)s has our mail: a test mail shows whether its key is right.") % name
        )
    mailer = mailers.default
    try:
        mailer.open()
        mailer.close()
    except (OSError, smtplib.SMTPException) as failure:
        return Condition("mail", False, _("The mail server does not let us in: %s") % failure)
    return Condition("mail", True, _("The mail server lets us in."))


def configuration() -> Condition:
    """Whether the settings suit an installation that real people use."""
    secret = Path(settings.HOME) / "secret.key"
    if secret.exists() and stat.S_IMODE(secret.stat().st_mode) & 0o077:
        return Condition("settings", False, _("Others can read secret.key: run `chmod 600` on it."))
    if settings.DEBUG:
        return Condition("settings", False, _("COPPICE_DEBUG is on: it shows private things in error pages."))
    if not settings.BASE_URL.startswith("https://") and not settings.DEMO:
        return Condition("settings", False, _("COPPICE_BASE_URL should be the https address people use."))
    return Condition("settings", True, _("The settings are sound."))


def every_condition() -> list[Condition]:
    """Look at everything, in the order in which one would mend it."""
    return [configuration(), database(), migrations(), disk(), jobs(), mail()]


def _why_not_writable() -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT current_setting('transaction_read_only')")
            is_read_only = cursor.fetchone()[0] == "on"
            return _("The database accepts no changes at present.") if is_read_only else ""
        cursor.execute("SELECT count(*) FROM sqlite_master")
        cursor.fetchone()
    return _why_not_writable_file()


def _why_not_writable_file() -> str:
    database_wrapper: Any = connection
    if database_wrapper.writers.held_for > LONGEST_TURN:
        return _("One change has kept all others waiting for too long: restart the server.")
    file = Path(connection.settings_dict["NAME"])
    if database_wrapper.is_in_memory_db() or all(os.access(place, os.W_OK) for place in (file, file.parent)):
        return ""
    return _("The database file cannot be written: look at who owns it.")
