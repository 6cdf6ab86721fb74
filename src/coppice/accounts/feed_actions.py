"""The verbs that all feeds share: make, give a new address, revoke; and note that a program asked."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.accounts.feeds import SecretFeed
from coppice.history.actions import record

NOTED_EVERY = timedelta(hours=1)


@transaction.atomic
def make[Feed: SecretFeed](
    model: type[Feed], *, by: Any, defaults: dict[str, Any] | None = None, **wanted: Any
) -> Feed:
    """Make a person's feed of what is `wanted`. There is one of each: where it stands, it stays as it is."""
    rows: Any = model._default_manager
    feed, is_new = rows.get_or_create(person=by, **wanted, defaults=defaults or {})
    if is_new:
        _note("made", feed, by=by)
    made: Feed = feed
    return made


@transaction.atomic
def renew[Feed: SecretFeed](feed: Feed, *, by: Any) -> Feed:
    """Put a feed with a new address in the place of this one, whose address stops at once."""
    model: Any = type(feed)
    was_there = bool(model.objects.filter(pk=feed.pk).delete()[0])
    person = feed.person  # type: ignore[attr-defined]
    anew: Feed = model.objects.create(person=person, **feed.wanted)
    _note("renewed" if was_there else "made", anew, by=by)
    return anew


@transaction.atomic
def revoke(feed: SecretFeed, *, by: Any) -> None:
    """Stop a feed's address at once; twice changes nothing."""
    model: Any = type(feed)
    if model.objects.filter(pk=feed.pk).delete()[0]:
        _note("revoked", feed, by=by)


def note_use[Feed: SecretFeed](feed: Feed, *, digest: str) -> Feed:
    """Keep when a program last asked, to the hour, and since when the text is what it is now."""
    now = timezone.now()
    is_other = digest != feed.digest
    if not is_other and feed.used_at is not None and now - feed.used_at < NOTED_EVERY:
        return feed
    if is_other:
        feed.digest, feed.altered_at = digest, now
    feed.used_at = now
    model: Any = type(feed)
    model.objects.filter(pk=feed.pk).update(
        digest=feed.digest, altered_at=feed.altered_at, used_at=feed.used_at
    )
    return feed


def _note(verb: str, feed: SecretFeed, *, by: Any) -> None:
    record(
        f"{feed.VERB}.{verb}",
        scope=feed.scope,
        by=by,
        subject=feed,
        called=str(feed),
        about=feed.person,  # type: ignore[attr-defined]
        detail=feed.detail,
    )
