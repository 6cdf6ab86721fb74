"""What becomes of a published practice: tried by others, doubted, out of date, put aside."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.communities.models import Membership
from coppice.library import practice_notices as notices
from coppice.library.actions.noting import note_down
from coppice.library.actions.practices import held
from coppice.library.errors import NotThere
from coppice.library.practice_models import FRESH_FOR, Practice, PracticeTrial
from coppice.notifications import actions as outbox

State = Practice.State


@transaction.atomic
def say_tried(practice: Practice, *, by: Membership, words: str = "") -> PracticeTrial:
    """Record that a member tried a practice and, in one line, how it went; said again it stands anew."""
    now = held(practice)
    if not now.is_out:
        raise NotThere
    trial, is_new = PracticeTrial.objects.get_or_create(
        practice=now, membership=by, defaults={"words": words}
    )
    if not is_new and trial.words != words:
        trial.words, trial.at = words, timezone.now()
        trial.save(update_fields=["words", "at"])
    if is_new:
        note_down("practice.tried", now, by=by)
    return trial


@transaction.atomic
def take_back_tried(practice: Practice, *, by: Membership) -> None:
    """Take back that one tried it. Twice changes nothing."""
    if PracticeTrial.objects.filter(practice=practice, membership=by).delete()[0]:
        note_down("practice.not_tried", practice, by=by)


@transaction.atomic
def doubt(practice: Practice, *, by: Membership) -> Practice:
    """Say that it may be out of date; whoever cares for it is asked. Twice changes nothing."""
    now = held(practice)
    if now.state == State.PUBLISHED:
        _age(now)
        note_down("practice.doubted", now, by=by)
    return now


@transaction.atomic
def put_aside(practice: Practice, *, by: Membership) -> Practice:
    """Let nobody find it any more; who wrote it and who leads can take it up again. Twice changes nothing."""
    now = held(practice)
    if now.state != State.ASIDE:
        now.state = State.ASIDE
        now.save(update_fields=["state"])
        outbox.take_back(now.object_key)
        note_down("practice.put_aside", now, by=by)
    return now


def age(*, now: datetime | None = None) -> int:
    """Ask about what nobody looked at for eighteen months, each once, and return how many that were."""
    before = (now or timezone.now()) - FRESH_FOR
    old = Practice.objects.filter(state=State.PUBLISHED, looked_at__lt=before, community__ended_at=None)
    count = 0
    for pk in list(old.values_list("pk", flat=True)):
        with transaction.atomic():
            practice = held(Practice(pk=pk))
            if practice.state == State.PUBLISHED:
                _age(practice)
                note_down("practice.aged", practice, by=None)
                count += 1
    return count


def tell(practice_id: int) -> int:
    """Tell everybody of a published practice that nobody was told of yet, and return how many.

    The mails and lines are composed before the transaction in which they and `told_at` are written: a job
    that is killed between leaves neither, and the next one does both.
    """
    practice = Practice.objects.select_related("community__program", "added_by__enrollment").filter(
        pk=practice_id, state=State.PUBLISHED, told_at=None
    )
    found: Any = practice.first()
    if found is None:
        return 0
    messages, lines = notices.published(found)
    with transaction.atomic():
        if not practice.update(told_at=timezone.now()):
            return 0
        outbox.post(messages, lines)
    return len(messages) + len(lines)


def untold() -> list[int]:
    """Return what is published and nobody was told of: a lost job's."""
    rows = Practice.objects.filter(state=State.PUBLISHED, told_at=None, community__ended_at=None)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _age(practice: Practice) -> None:
    """It may be out of date from now on; whoever cares for it is asked, once since it was looked at."""
    practice.state, practice.asked_at = State.STALE, timezone.now()
    practice.save(update_fields=["state", "asked_at"])
    notices.still_true(practice)
