"""How often somebody hears from a list, as they wish: at once, in a digest, not for a while, or not."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.lib.jobs import after_commit
from coppice.notifications.actions import POSTED_AT_ONCE, keep, mute, unmute
from coppice.notifications.lines import line_of
from coppice.notifications.models import Line, Message, Pace, Rhythm, Wish
from coppice.notifications.mornings import next_morning

PAUSE = timedelta(days=30)


@transaction.atomic
def wish(person: Any, *, list_keys: Iterable[str], wish: Wish) -> None:
    """Do as a person wishes about some lists, at once: a pace, a pause of 30 days, or none."""
    for list_key in list_keys:
        if wish == Wish.PAUSE:
            mute(person, list_key=list_key, until=timezone.now() + PAUSE)
        else:
            choose(person, list_key=list_key, pace=Pace(wish.value))


@transaction.atomic
def choose(person: Any, *, list_key: str, pace: Pace) -> None:
    """Have a person hear from a list at this pace from now on, also of what has not left yet.

    Going to a digest takes back mails that have not left and may wait; going to mails at once brings the
    lines that waited in a digest of their own, now. None is a mute: the rhythm stays below it.
    """
    if pace == Pace.NONE:
        mute(person, list_key=list_key)
        return
    unmute(person, list_key=list_key)
    waiting = Line.objects.waiting().filter(person=person, list_key=list_key)
    if pace == Pace.INSTANT:
        Rhythm.objects.filter(person=person, list_key=list_key).delete()
        if waiting.update(rhythm=pace, due_at=timezone.now()):
            after_commit("coppice.notifications.tasks.tell_digests")
        return
    Rhythm.objects.update_or_create(person=person, list_key=list_key, defaults={"rhythm": pace})
    _let_wait(person, list_key=list_key, rhythm=pace)


def _let_wait(person: Any, *, list_key: str, rhythm: Pace) -> None:
    """Move what waits, and mails that have not left and may wait, to the next digest of a rhythm."""
    waiting = Line.objects.waiting().filter(person=person, list_key=list_key)
    waiting.update(rhythm=rhythm)
    _set_mornings(person, waiting.all())
    unsent = (
        Message.objects.select_for_update(of=("self",))
        .filter(recipient=person, list_key=list_key, state=Message.State.WAITING, attempts=0)
        .exclude(digest_line={})
        .select_related("recipient")
    )
    messages = list(unsent)
    keep([line_of(message, rhythm=rhythm) for message in messages])
    Message.objects.filter(pk__in=[message.pk for message in messages]).delete()


@transaction.atomic
def move_mornings(person: Any) -> None:
    """Let what waits for a person's digests come in the morning of where they are now."""
    _set_mornings(person, Line.objects.waiting().filter(person=person).exclude(rhythm=Pace.INSTANT))


def _set_mornings(person: Any, waiting: Iterable[Line]) -> None:
    now = timezone.now()
    lines = list(waiting)
    for line in lines:
        zone = person.time_zone or line.time_zone
        line.due_at = next_morning(now, zone_key=zone, rhythm=line.rhythm)
    Line.objects.bulk_update(lines, ["due_at"], batch_size=POSTED_AT_ONCE)
