"""Whether this installation is well: what the health page tells a monitor, `coppice check` a person."""

from django.conf import settings

from coppice.health.condition import Condition
from coppice.health.mail import arrivals, mail, outbox, test_mail, texts
from coppice.health.page import health
from coppice.health.running import database, disk, jobs, migrations, redis
from coppice.health.setup import address, backup, configuration, home, zones

__all__ = [
    "Condition",
    "address",
    "arrivals",
    "backup",
    "configuration",
    "database",
    "disk",
    "every_condition",
    "health",
    "home",
    "jobs",
    "mail",
    "migrations",
    "outbox",
    "redis",
    "test_mail",
    "texts",
    "zones",
]


def every_condition() -> list[Condition]:
    """Look at everything, in the order in which one would mend it."""
    looks = (
        *(configuration, home, database, migrations, disk, zones),
        *([redis] if settings.REDIS_URL else []),
        jobs,
        *(address, mail, outbox),
        *([arrivals] if settings.MAIL_INBOUND_DOMAIN else []),
        *([texts] if settings.TEXT_PROVIDER else []),
        backup,
    )
    return [look() for look in looks]
