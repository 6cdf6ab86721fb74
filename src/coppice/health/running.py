"""Whether what is running is well: the database, its tables, the disk and the jobs."""

import os
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from coppice.health.condition import Condition
from coppice.lib.runner import heartbeat_age

LONGEST_SILENCE = 180
LONGEST_TURN = 30
LEAST_DISK = 200 * 1024 * 1024


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


def redis() -> Condition:
    """Whether Redis answers, where one is named; without it rooms and jobs of several processes are apart."""
    from redis import Redis  # an extra
    from redis.exceptions import RedisError

    try:
        with Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1) as client:
            client.ping()
    except (RedisError, ValueError):
        return Condition(
            "redis",
            False,
            _(
                "Redis does not answer: look at COPPICE_REDIS_URL, and whether it runs. Until then live "
                "rooms show what other server processes changed after three seconds, and jobs wait."
            ),
        )
    return Condition("redis", True, _("Redis answers: server processes share live rooms and jobs."))


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
