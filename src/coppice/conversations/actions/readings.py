"""How far somebody has read, what they want to hear no more of, and what they have begun to write."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.communities.models import Community
from coppice.conversations.models import Post, Thread
from coppice.conversations.reading_models import Draft, TalkReading, ThreadReading


@transaction.atomic
def read(thread: Thread, *, by: Any, until: datetime | None = None) -> None:
    """Keep that somebody has read a thread until a moment, now unless said; never less than before."""
    until = until or timezone.now()
    reading, is_new = ThreadReading.objects.get_or_create(
        thread=thread, person=by, defaults={"read_until": until}
    )
    if not is_new and (reading.read_until is None or reading.read_until < until):
        reading.read_until = until
        reading.save(update_fields=["read_until"])


@transaction.atomic
def read_all(community: Community, *, by: Any) -> None:
    """Keep that somebody has read everything that a community talked about until now."""
    TalkReading.objects.update_or_create(
        community=community, person=by, defaults={"read_until": timezone.now()}
    )


@transaction.atomic
def mute(thread: Thread, *, by: Any) -> None:
    """Let somebody hear no more of a thread: no mail, nothing new; who names them still reaches them."""
    ThreadReading.objects.update_or_create(thread=thread, person=by, defaults={"muted_at": timezone.now()})


@transaction.atomic
def unmute(thread: Thread, *, by: Any) -> None:
    """Let somebody hear of a thread again."""
    ThreadReading.objects.filter(thread=thread, person=by).update(muted_at=None)


@transaction.atomic
def keep_draft(
    community: Community,
    *,
    by: Any,
    thread: Thread | None = None,
    markdown: str,
    title: str = "",
    kind: str = "",
    quoted: Post | None = None,
    quoted_text: str = "",
) -> Draft | None:
    """Keep what somebody has begun to write, in place of what was there; None once it is empty."""
    mine = {"person": by, "community": community, "thread": thread}
    if not (markdown.strip() or title.strip()):
        Draft.objects.filter(**mine).delete()
        return None
    draft, _is_new = Draft.objects.update_or_create(
        **mine,
        defaults={
            "markdown": markdown,
            "title": title,
            "kind": kind,
            "quoted": quoted,
            "quoted_text": quoted_text,
        },
    )
    return draft


@transaction.atomic
def drop_draft(community: Community, *, by: Any, thread: Thread | None = None) -> None:
    """Throw away what somebody has begun to write."""
    Draft.objects.filter(person=by, community=community, thread=thread).delete()
