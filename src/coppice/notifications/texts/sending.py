"""Text messages on their way: written with the change, carried by a job, each once and by day."""

import calendar
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from coppice.lib.jobs import after_commit, alone, attempt
from coppice.notifications.mailing_lists import still_on
from coppice.notifications.models import Mute
from coppice.notifications.text_models import Phone, StoppedNumber, TextMessage
from coppice.notifications.texts.hours import first_by_day
from coppice.notifications.texts.providers import (
    NotSent,
    Refused,
    TextProvider,
    TryLater,
    Unsure,
    chosen,
)
from coppice.notifications.texts.segments import fitted, plain, segments

CLAIM = timedelta(minutes=10)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60))
KEPT_FOR = timedelta(days=62)
MOST_SEGMENTS = 2
State, Kind = TextMessage.State, TextMessage.Kind
NO_MORE = "as many as there are in a month"


def send(
    phone: Phone,
    *,
    occasion: str,
    period: str,
    scope: str,
    list_key: str,
    compose: Any,
    name: str,
    time_zone: str,
    until: datetime,
) -> TextMessage | None:
    """Write a notice to an open phone, inside the caller's transaction; it leaves after commit, by day.

    `compose` makes the words around `name`, which is cut where they would take more than two segments.
    `time_zone` is an IANA name; after `until` the notice is not sent. The same person, occasion and period
    is written once. Returns None where night lasts until then.
    """
    first = first_by_day(timezone.now(), zone_key=time_zone)
    if first >= until:
        return None
    return write(
        phone,
        kind=Kind.NOTICE,
        occasion=occasion,
        period=period,
        scope=scope,
        list_key=list_key,
        words=fitted(compose, name, most=MOST_SEGMENTS),
        time_zone=time_zone,
        next_attempt_at=first,
        until=until,
    )


def write(phone: Phone, *, occasion: str, period: str, words: str, **fields: Any) -> TextMessage:
    """Write a text of any kind to a phone, once for its occasion and period; it leaves after commit."""
    words = plain(words)
    text, is_new = TextMessage.objects.get_or_create(
        person=phone.person,
        occasion=occasion,
        period=period,
        defaults={"number": phone.number, "words": words, "segments": segments(words), **fields},
    )
    if is_new:
        after_commit("coppice.notifications.tasks.deliver_texts")
    return text


def deliver_due() -> int:
    """Hand every text whose turn has come to the provider, and return how many it took.

    One run at a time. A text is claimed by changing its row before the provider is asked; whatever ends a
    run in between leaves it unsure, and it is sent again only where the provider knows its key. Nothing here
    runs in a transaction: the network is slow.
    """
    provider = chosen()
    if provider is None:
        return 0
    with alone("texts") as is_mine:
        if not is_mine:
            return 0
        _take_up_abandoned(provider)
        taken, seen = 0, 0
        while text := TextMessage.objects.due().filter(pk__gt=seen).order_by("pk").first():
            seen = text.pk
            taken += _attempt(text, provider)
        return taken


def sweep() -> None:
    """Forget texts that are older than two months: they were kept to count what a month has cost."""
    TextMessage.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()


def month_of(at: datetime) -> tuple[datetime, datetime]:
    """Return the first moments of a moment's month and of the next, by the installation's clock."""
    local = timezone.localtime(at)
    first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    days = calendar.monthrange(first.year, first.month)[1]
    return first, (first + timedelta(days=days)).replace(hour=0)


def sent_this_month(person: Any) -> int:
    """Return how many notices a person had this month."""
    first, end = month_of(timezone.now())
    notices = TextMessage.objects.counted().filter(person=person, kind=Kind.NOTICE)
    return notices.filter(sent_at__gte=first, sent_at__lt=end).count()


def _take_up_abandoned(provider: TextProvider) -> None:
    """See to texts whose worker died while the provider was asked."""
    left = TextMessage.objects.filter(state=State.SENDING)
    if provider.knows_keys:
        left.update(state=State.WAITING, sent_at=None)
    else:
        left.update(state=State.UNSURE)


def _attempt(text: TextMessage, provider: TextProvider) -> bool:
    """Deliver one text; a provider that breaks keeps no other from being sent."""
    outcomes: list[bool] = []
    attempt(
        lambda: outcomes.append(_deliver(text, provider)),
        otherwise=lambda: _put_off(text, Unsure("what carries texts broke; the log says why"), provider),
    )
    return any(outcomes)


def _deliver(text: TextMessage, provider: TextProvider) -> bool:
    now = timezone.now()
    if (why := _unwanted(text, now)) is not None:
        _note(text, state=State.WITHHELD, last_error=why)
        return False
    by_day = first_by_day(now, zone_key=text.time_zone) if text.kind == Kind.NOTICE else now
    if by_day > now:
        _note(text, next_attempt_at=by_day)
        return False
    # It counts for its month from here on, whatever becomes of it.
    claimed = TextMessage.objects.filter(pk=text.pk, state=State.WAITING)
    if not claimed.update(state=State.SENDING, next_attempt_at=now + CLAIM, sent_at=now):
        return False
    try:
        provider_id = provider.send(text.number, text.words, key=str(text.key))
    except NotSent as failure:
        _put_off(text, failure, provider)
        return False
    _note(text, state=State.SENT, provider_id=provider_id[:200], last_error="")
    return True


def _unwanted(text: TextMessage, now: datetime) -> str | None:
    """Say why a text is not sent; None when it is."""
    person = text.person
    if person.erased_at is not None or not person.is_active:
        return "nobody is here"
    if text.until is not None and text.until <= now:
        return "too late"
    phone = Phone.objects.filter(person=person, number=text.number).first()
    if phone is None:
        return "another number"
    if text.kind == Kind.NOTICE and (not phone.is_open or StoppedNumber.holds(text.number)):
        return "stopped"
    if text.list_key and not _is_still_on(text):
        return "left the list"
    return NO_MORE if _is_too_much(text, now) else None


def _is_still_on(text: TextMessage) -> bool:
    place = (text.person_id, text.list_key)
    has_left = Mute.objects.current().filter(person=text.person_id, list_key=text.list_key).exists()
    return not has_left and place in still_on({place})


def _is_too_much(text: TextMessage, now: datetime) -> bool:
    """Say whether a text would go over what a person gets, or a program pays for, in a month.

    Codes and answers belong to no program and have the same bound together.
    """
    if text.kind == Kind.NOTICE and sent_this_month(text.person) >= settings.TEXT_A_MONTH:
        return True
    first, end = month_of(now)
    spent = (
        TextMessage.objects.counted()
        .filter(scope=text.scope, sent_at__gte=first, sent_at__lt=end)
        .aggregate(segments=Sum("segments"))["segments"]
    )
    return (spent or 0) + text.segments > settings.TEXT_SEGMENTS_A_MONTH


def _put_off(text: TextMessage, failure: NotSent, provider: TextProvider) -> None:
    """Try again after the next pause what surely has not left; after the last one, give up."""
    said = str(failure)[:500]
    if isinstance(failure, Refused):
        _note(text, state=State.FAILED, last_error=said, sent_at=None)
    elif not isinstance(failure, TryLater) and not provider.knows_keys:
        _note(text, state=State.UNSURE, last_error=said)
    elif text.attempts >= len(PAUSES):
        _note(text, state=State.FAILED, last_error=said, attempts=text.attempts + 1, sent_at=None)
    else:
        next_attempt_at = timezone.now() + PAUSES[text.attempts]
        _note(
            text,
            state=State.WAITING,
            last_error=said,
            sent_at=None,
            attempts=text.attempts + 1,
            next_attempt_at=next_attempt_at,
        )


def _note(text: TextMessage, **changes: Any) -> None:
    """Write down what became of a text; a code that is over is nobody's to read."""
    is_over = changes.get("state", State.WAITING) != State.WAITING
    if text.kind == Kind.CODE and is_over and not (settings.DEMO or settings.DEBUG):
        changes["words"] = ""
    TextMessage.objects.filter(pk=text.pk).update(**changes)
