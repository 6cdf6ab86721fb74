"""What stands in a digest in place of a mail: how rooms say it, and the row that waits for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone, translation

from coppice.lib.languages import first_spoken
from coppice.lib.lines import one_line
from coppice.notifications.models import Line, Message
from coppice.notifications.mornings import next_morning, zone_of

Section = Line.Section


@dataclass(frozen=True)
class DigestLine:
    """What a digest says of something in place of a mail that can wait.

    `title` is the name of the thing ("How do you find drivers?"), `words` what is new ("Ana answered: …");
    both may be lazy translations, or called without arguments, in the reader's language and time zone. `path`
    is where it is. `object_key` ("thread:12") brings together what is about one thing, the occasion stands in
    for it; several of one `kind` ("answer") about one thing are told as a number. After `until` it is told no
    more.
    """

    section: Line.Section | str
    title: Any
    path: str
    words: Any = ""
    object_key: str = ""
    kind: str = ""
    until: datetime | None = None

    def said(self, occasion: str) -> dict[str, Any]:
        """Return it as plain values in the language spoken now; the occasion stands in for its object."""
        return {
            "section": str(self.section),
            "title": _said(self.title),
            "words": _said(self.words),
            "path": self.path,
            "object_key": self.object_key or occasion,
            "kind": self.kind,
            "until": self.until and self.until.isoformat(),
        }


def _said(words: Any) -> str:
    return one_line(str(words() if callable(words) else words))[:300]


def compose_line(*, recipient: Any, occasion: str, rhythm: str, **letter: Any) -> Line | None:
    """Write what a digest will tell, from the same words as `compose`; asks no database and changes nothing.

    `rhythm` is the recipient's, "daily" or "weekly" (`reach`); `letter` holds a `digest`. Returns None when
    the recipient has no address. `post` keeps it.
    """
    address = "" if recipient.erased_at is not None else letter.get("to_address") or recipient.email or ""
    if not address:
        return None
    now = timezone.now()
    zone = recipient.time_zone or letter.get("time_zone", "")
    with (
        translation.override(first_spoken(recipient.language, letter.get("language"))),
        timezone.override(zone_of(zone)),
    ):
        said = letter["digest"].said(occasion)
    return Line(
        person=recipient,
        about=letter.get("about"),
        occasion=occasion,
        period=letter.get("period", ""),
        scope=letter.get("scope", ""),
        list_key=letter["list_key"],
        list_name=letter.get("list_name", ""),
        to_address=address,
        language=letter.get("language", ""),
        time_zone=letter.get("time_zone", ""),
        rhythm=rhythm,
        at=now,
        due_at=next_morning(now, zone_key=zone, rhythm=rhythm),
        **_fields(said),
    )


def line_of(message: Message, *, rhythm: str) -> Line:
    """Return the line that stands for a message which has not left, now that its reader has a rhythm."""
    zone = message.recipient.time_zone or message.digest_line["time_zone"]
    return Line(
        person_id=message.recipient_id,
        about_id=message.about_id,
        occasion=message.occasion,
        period=message.period,
        scope=message.scope,
        list_key=message.list_key,
        list_name=message.list_name,
        to_address=message.to_address,
        rhythm=rhythm,
        at=message.created_at,
        due_at=next_morning(timezone.now(), zone_key=zone, rhythm=rhythm),
        **_fields(message.digest_line),
    )


def _fields(said: dict[str, Any]) -> dict[str, Any]:
    until = said["until"]
    return said | {"until": datetime.fromisoformat(until) if until else None}
