"""Taking what is due in the outbox to the mail server: once, and with growing pauses when it fails."""

import smtplib
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import batched
from typing import Any

from anymail.exceptions import (
    AnymailError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
    AnymailRequestsAPIError,
    AnymailUnsupportedFeature,
)
from django.core.mail import mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from coppice.notifications import mail, push
from coppice.notifications.digest_mail import DIGESTS_OF
from coppice.notifications.inbound import bounces, pausing, returning
from coppice.notifications.models import Line, Message, Mute

CLAIM = timedelta(minutes=10)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 8 * 60, 24 * 60))
BATCH = 100
AT_ONCE = 20
"""So many messages one claim takes: fewer questions than one by one, and few wait when a worker dies."""

FAILURES = (OSError, smtplib.SMTPException, AnymailError)
T = Message.Trouble
FOR_GOOD = {T.ADDRESS, T.CONTENT, T.UNWRITABLE}


def deliver_due() -> int:
    """Deliver every message whose turn has come, and return how many the mail server took.

    A message is claimed by changing its row, so that two workers never send it both. A worker that dies
    between the server's yes and its own note of it leaves a claim that ends after ten minutes; the copy that
    is sent then carries the same Message-ID. Nothing here runs in a transaction: the network is slow.
    """
    connection = mailers.create_connection("default")
    unreachable = _open(connection)
    taken = 0
    try:
        if unreachable is None:
            returning.deliver_due(connection)
        for message, withheld in _claimed():
            if withheld is not None:
                Message.objects.filter(pk=message.pk).update(state=Message.State.WITHHELD, trouble=withheld)
            elif unreachable is not None:
                _put_off(message, unreachable, trouble=_trouble(unreachable))
            else:
                failure = _send(message, connection)
                taken += failure is None
                unreachable = failure if _is_out_of_reach(failure) else None
    finally:
        connection.close()
    return taken


def _open(connection: BaseEmailBackend) -> Exception | None:
    """Connect once for all messages; when that fails, each of them waits and nobody asks again."""
    try:
        connection.open()
    except FAILURES as failure:
        return failure
    return None


def _claimed() -> Iterator[tuple[Message, str | None]]:
    """Claim the messages that were due at the start, a few at a time, each with why it is withheld.

    That is None for one that goes out, "" for one that is no longer wanted, else a Message.Trouble.
    """
    start = timezone.now()
    last = 0
    while ids := list(
        Message.objects.due(start).filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        last = ids[-1]
        for some in batched(ids, AT_ONCE):
            yield from _claim(some)


def _claim(keys: Sequence[int]) -> Iterator[tuple[Message, str | None]]:
    """Take some messages for ten minutes, without those that somebody else took, and give them one by one.

    What could not be given within half of that time, or at all because the worker ends, is given back.
    """
    at = timezone.now()
    until = at + CLAIM
    if not (
        Message.objects.due(at).filter(pk__in=keys).update(state=Message.State.SENDING, next_attempt_at=until)
    ):
        return
    taken = Message.objects.filter(pk__in=keys, state=Message.State.SENDING, next_attempt_at=until)
    left = list(taken.select_related("recipient", "about").order_by("-pk"))
    withheld = dict.fromkeys(pausing.paused_among(left), T.PAUSED) | dict.fromkeys(_unwanted(left), "")
    try:
        while left and timezone.now() < at + CLAIM / 2:
            message = left.pop()
            yield message, withheld.get(message.pk)
    finally:
        if left:
            taken.filter(pk__in=[message.pk for message in left]).update(
                state=Message.State.WAITING, next_attempt_at=at
            )


def _unwanted(messages: Sequence[Message]) -> set[int]:
    """The keys of messages of people who have since left the list or been suspended, or were erased.

    So is one about somebody who was erased, and a digest all of whose lists its reader has left.
    """
    people = {message.recipient_id for message in messages}
    left = set(Mute.objects.current().filter(person__in=people).values_list("person_id", "list_key"))
    told = _lists_told(messages) if left else {}
    return {message.pk for message in messages if _is_unwanted(message, left, told.get(message.pk, set()))}


def _is_unwanted(message: Message, left: set[tuple[int, str]], told: set[str]) -> bool:
    person, about = message.recipient, message.about
    if about is not None and about.erased_at is not None:
        return True
    if person.erased_at is not None or not person.is_active:
        return True
    lists = told or {message.list_key}
    return all((person.pk, list_key) in left for list_key in lists)


def _lists_told(messages: Sequence[Message]) -> dict[int, set[str]]:
    """The lists of which each of these digests tells."""
    digests = [message.pk for message in messages if message.list_key.startswith(DIGESTS_OF)]
    told: dict[int, set[str]] = {}
    if digests:
        for key, list_key in Line.objects.filter(message__in=digests).values_list("message_id", "list_key"):
            told.setdefault(key, set()).add(list_key)
    return told


def _send(message: Message, connection: BaseEmailBackend) -> Exception | None:
    """Hand one message over; return why not when the server did not take it."""
    try:
        built = mail.build(message)
        connection.send_messages([built])
    except FAILURES as failure:
        connection.close()
        trouble = _trouble(failure)
        if trouble in FOR_GOOD:
            _give_up(message, failure, trouble=trouble)
        else:
            _put_off(message, failure, trouble=trouble)
        return failure
    except ValueError as failure:
        _give_up(message, failure, trouble=T.UNWRITABLE)
        return failure
    Message.objects.filter(pk=message.pk).update(
        state=Message.State.SENT,
        sent_at=timezone.now(),
        trouble="",
        last_error="",
        provider_id=_provider_id(built),
    )
    push.announce(message)
    return None


def _provider_id(built: Any) -> str:
    """What a provider calls a mail that it took, "" where it leaves by SMTP: its reports name that."""
    status = getattr(built, "anymail_status", None)
    told = status.message_id if status is not None else None
    return str(told)[:200] if isinstance(told, str) else ""


def _is_out_of_reach(failure: Exception | None) -> bool:
    """Say whether asking again for the next message is in vain: there was no connection at all."""
    return (
        isinstance(failure, OSError)
        and not isinstance(failure, smtplib.SMTPException)
        and _trouble(failure) == T.UNREACHABLE
    )


def _trouble(failure: Exception) -> Message.Trouble:
    """Return what the mail server's answer means (RFC 5321, 4.2.1: 4yz may pass later, 5yz never will).

    Providers answer in HTTP: what they say of the key is about our name, of the request about the mail, and
    all else (too many requests, trouble of their own) may pass.
    """
    match failure:
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            codes = [code for code, _ in refused.values()]
            return T.ADDRESS if codes and all(500 <= code < 600 for code in codes) else T.SERVER
        case AnymailRecipientsRefused():
            return T.ADDRESS
        case AnymailInvalidAddress():
            return T.UNWRITABLE
        case AnymailUnsupportedFeature():
            return T.CONTENT
        case smtplib.SMTPDataError(smtp_code=code) if 500 <= code < 600:
            return T.CONTENT
        case smtplib.SMTPAuthenticationError() | AnymailRequestsAPIError(status_code=401 | 403):
            return T.PASSWORD
        case AnymailRequestsAPIError(status_code=400 | 413 | 422):
            return T.CONTENT
        case AnymailRequestsAPIError(response=None):
            return T.UNREACHABLE
        case smtplib.SMTPResponseException() | AnymailError():
            return T.SERVER
        case _:
            return T.UNREACHABLE


def _put_off(message: Message, failure: Exception, *, trouble: Message.Trouble) -> None:
    """Try again after the next pause; after the last one, show the message to staff."""
    if message.attempts >= len(PAUSES):
        _give_up(message, failure, trouble=trouble)
        return
    Message.objects.filter(pk=message.pk, next_attempt_at=message.next_attempt_at).update(
        state=Message.State.WAITING,
        attempts=message.attempts + 1,
        next_attempt_at=timezone.now() + PAUSES[message.attempts],
        trouble=trouble,
        last_error=_answer(failure),
    )


def _give_up(message: Message, failure: Exception, *, trouble: Message.Trouble) -> None:
    if trouble == T.ADDRESS:
        said = _answer(failure)
        with transaction.atomic():
            pausing.note_refusal(message, is_hard=not bounces.is_for_now(said), said=said)
    Message.objects.filter(pk=message.pk, next_attempt_at=message.next_attempt_at).update(
        state=Message.State.FAILED,
        attempts=message.attempts + 1,
        trouble=trouble,
        last_error=_answer(failure),
    )


def _answer(failure: Exception) -> str:
    """Return what the mail server said, as it said it: "550 5.1.1 no such person"."""
    match failure:
        case smtplib.SMTPRecipientsRefused(recipients=refused) if refused:
            said = "; ".join(_reply(code, words) for code, words in refused.values())
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=words):
            said = _reply(code, words)
        case AnymailError(response=object(status_code=int(code), text=str(words))):
            said = _reply(code, words)
        case _:
            said = f"{type(failure).__name__}: {failure}"
    return said[:2000]


def _reply(code: int, words: bytes | str) -> str:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}"
