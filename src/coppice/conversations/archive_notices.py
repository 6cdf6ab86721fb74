"""The mails about an archive that stopped: to whoever brought it in, and to who looks after the server."""

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from coppice.conversations.import_models import Archive
from coppice.conversations.notices import Reader
from coppice.notifications.actions import send
from coppice.notifications.models import Message


def stopped(archive: Archive, *, to: Reader, period: str) -> Message | None:
    """Tell somebody that the archive they brought in stopped by an error of ours, and what they can do."""
    community = archive.community
    return send(
        recipient=to.person,
        to_address=to.address,
        occasion=f"archive-stopped:{archive.pk}",
        period=period,
        template="conversations/email/archive_stopped",
        context={
            "archive": archive,
            "community": community,
            "do_path": archive.get_absolute_url(),
            "do_label": _("See the archive"),
            "reason": format_lazy(
                _("You get this because you brought an archive in at {name}."), name=community.name
            ),
        },
        scope=community.program.scope,
        sender_name=community.name,
        language=to.language,
        time_zone=to.time_zone,
    )


def stopped_for_keepers(archive: Archive, *, to: Any, period: str) -> Message | None:
    """Tell somebody who looks after the installation where it broke; no word of the archive is in it."""
    return send(
        recipient=to,
        occasion=f"archive-broke:{archive.pk}",
        period=period,
        template="conversations/email/archive_broke",
        context={
            "number": archive.pk,
            "kind": Archive.Kind(archive.kind).label if archive.kind else "",
            "size": archive.size,
            "trace": archive.trace,
            "reason": _("You get this because you look after this installation."),
        },
    )
