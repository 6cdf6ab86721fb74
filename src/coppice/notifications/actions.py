"""Putting a message into the outbox, sending a failed one again, and leaving a mailing list."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Required, TypedDict, Unpack
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from coppice.lib.jobs import after_commit
from coppice.lib.languages import first_spoken
from coppice.notifications.errors import NotFailed
from coppice.notifications.lines import DigestLine, compose_line
from coppice.notifications.mailing_lists import still_on
from coppice.notifications.models import Line, Message, Mute, Pace
from coppice.notifications.reach import paces_of
from coppice.notifications.subscriptions import unsubscribe_url

COMPOSED = (
    "about",
    "to_address",
    "scope",
    "list_key",
    "list_name",
    "sender_name",
    "subject",
    "text",
    "html",
    "attachments",
    "digest_line",
    "message_id",
    "thread",
    "reply_to",
)
POSTED_AT_ONCE = 200


@dataclass(frozen=True)
class Attachment:
    """A small text file that travels with a message, such as a calendar invitation.

    `content_type` may carry parameters: "text/calendar; method=REQUEST".
    """

    filename: str
    content_type: str
    text: str


class Letter(TypedDict, total=False):
    """What a message is made of, beside its recipient and occasion.

    `template` names a folder-and-stem such as "meetings/email/planned": its `.subject.txt`, `.txt` and
    `.html` are rendered in the reader's language (theirs, else `language`) and time zone (theirs, else
    `time_zone`). A context with `do_path` gets `do_url`, the address of the thing to do; `do_label` and
    `reason` may be lazy translations. `to_address` overrides the account's address with the one that a
    program's roster knows. Messages of one `thread` share References. `reply_to` is what a reply by mail is
    about, "<purpose>:<id>" of a purpose that is registered with `inbound.register`. `about` is the person,
    other than the recipient, of whom the letter tells: erasing them empties it. A letter of a list with a
    `digest` may wait: who wants the list daily or weekly gets that line in their next digest in place of the
    mail.
    """

    template: Required[str]
    context: Required[dict[str, Any]]
    about: Any
    scope: str
    period: str
    list_key: str
    list_name: str
    sender_name: str
    thread: str
    reply_to: str
    to_address: str
    language: str
    time_zone: str
    attachments: Sequence[Attachment]
    digest: DigestLine | None


def send(*, recipient: Any, occasion: str, **letter: Unpack[Letter]) -> Message | None:
    """Write one message into the outbox, inside the caller's transaction; it leaves after commit.

    The same (recipient, occasion, period) is never written twice: the second call returns the first message.
    Returns None when the recipient has no address, has muted `list_key`, or is told in a digest: a letter
    with a `digest` becomes a line of the next one for who wants the list daily or weekly, and what a line
    told or will tell is never a mail as well.
    """
    list_key, period = letter.get("list_key", ""), letter.get("period", "")
    if not _address(recipient, letter):
        return None
    pace = paces_of([recipient.pk], list_key=list_key)[recipient.pk] if list_key else Pace.INSTANT
    if pace == Pace.NONE:
        return None
    known = {"recipient": recipient, "occasion": occasion, "period": period}
    existing = Message.objects.filter(**known).first()
    if existing is not None:
        return existing
    if list_key and letter.get("digest") is not None:
        if pace != Pace.INSTANT:
            keep([compose_line(recipient=recipient, occasion=occasion, rhythm=pace, **letter)])
            return None
        if Line.objects.filter(person=recipient, occasion=occasion, period=period).exists():
            return None
    message = compose(recipient=recipient, occasion=occasion, **letter)
    message, is_new = Message.objects.get_or_create(
        **known, defaults={name: getattr(message, name) for name in COMPOSED}
    )
    if is_new:
        after_commit("coppice.notifications.tasks.deliver_due")
    return message


def compose(*, recipient: Any, occasion: str, **letter: Unpack[Letter]) -> Message | None:
    """Write a message as `send` would and keep it out of the outbox; asks no database and changes nothing.

    For thousands of mails about one change: they are composed before its transaction, and `post` puts them
    into the outbox inside it. Whether somebody has muted the list is for the caller to know. Returns None
    when the recipient has no address.
    """
    address = _address(recipient, letter)
    if not address:
        return None
    list_key, list_name = letter.get("list_key", ""), letter.get("list_name", "")
    template = letter["template"]
    words = _words(recipient, letter["context"], list_key=list_key, list_name=list_name)
    zone = recipient.time_zone or letter.get("time_zone") or settings.TIME_ZONE
    with (
        translation.override(first_spoken(recipient.language, letter.get("language"))),
        timezone.override(zone),
    ):
        subject = " ".join(_render_plain(f"{template}.subject.txt", words).split())[:300]
        text = _render_plain(f"{template}.txt", words).strip() + "\n"
        html = render_to_string(f"{template}.html", words | {"subject": subject})
        line = letter.get("digest") if list_key else None
        digest_line = {} if line is None else line.said(occasion) | _fallbacks(letter)
    return Message(
        recipient=recipient,
        occasion=occasion,
        about=letter.get("about"),
        period=letter.get("period", ""),
        to_address=address,
        scope=letter.get("scope", ""),
        list_key=list_key,
        list_name=list_name,
        sender_name=letter.get("sender_name", ""),
        subject=subject,
        text=text,
        html=html,
        attachments=[asdict(attachment) for attachment in letter.get("attachments", ())],
        digest_line=digest_line,
        message_id=f"<{uuid.uuid4().hex}@{urlsplit(settings.BASE_URL).hostname}>",
        thread=letter.get("thread", ""),
        reply_to=letter.get("reply_to", ""),
    )


def post(messages: Sequence[Message], lines: Sequence[Line] = ()) -> None:
    """Put composed messages into the outbox, inside the caller's transaction; they leave after commit.

    `lines`, from `compose_line`, wait for the digests of their readers. What is there already, by recipient,
    occasion and period, is dropped.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("messages are posted inside the transaction of the change that they tell of")
    keep(lines)
    if messages:
        Message.objects.bulk_create(messages, ignore_conflicts=True, batch_size=POSTED_AT_ONCE)
        after_commit("coppice.notifications.tasks.deliver_due")


def keep(lines: Sequence[Line | None]) -> None:
    """Let lines wait for the digests of their readers; one that is there already is dropped."""
    kept = [line for line in lines if line is not None]
    Line.objects.bulk_create(kept, ignore_conflicts=True, batch_size=POSTED_AT_ONCE)


def take_back(object_key: str) -> None:
    """Have no digest tell of a thing ("thread:12") any more, inside the transaction that hides it."""
    Line.objects.waiting().filter(object_key=object_key).delete()


def let_go(person: Any, *, list_key: str) -> None:
    """Have nothing leave any more of a list that somebody is no longer on, inside the change's transaction.

    What waits or has failed goes, as if it had never been written; what is written from now on leaves, such
    as an answer to what they said on going. Who is on the list still, in another capacity, keeps theirs.
    """
    place = (person.pk, list_key)
    if place not in still_on({place}):
        states = [Message.State.WAITING, Message.State.FAILED]
        Message.objects.filter(recipient=person, list_key=list_key, state__in=states).delete()
        Line.objects.waiting().filter(person=person, list_key=list_key).delete()


def hold(messages: Sequence[int], *, until: datetime) -> None:
    """Let messages that have not left wait until a moment, inside the transaction that wrote them."""
    waiting = Message.objects.filter(pk__in=messages, state=Message.State.WAITING)
    waiting.update(next_attempt_at=until)


@transaction.atomic
def withdraw(messages: Sequence[int]) -> bool:
    """Take messages out of the outbox of which none has been tried yet, and say whether it was so.

    When one has, all stay. One that is gone with its recipient does not count.
    """
    rows = Message.objects.select_for_update().filter(pk__in=messages)
    if rows.exclude(state=Message.State.WAITING, attempts=0).exists():
        return False
    rows.delete()
    return True


def _address(recipient: Any, letter: Letter) -> str:
    """Where a letter goes; nowhere for people without an address, or who are erased."""
    return "" if recipient.erased_at is not None else letter.get("to_address") or recipient.email or ""


def _fallbacks(letter: Letter) -> dict[str, str]:
    """What counts for a reader who has chosen neither language nor zone."""
    return {"language": letter.get("language", ""), "time_zone": letter.get("time_zone", "")}


def _words(recipient: Any, context: dict[str, Any], *, list_key: str, list_name: str) -> dict[str, Any]:
    links = {"unsubscribe_url": "", "preferences_url": ""}
    if list_key:
        links = {
            "unsubscribe_url": unsubscribe_url(recipient.pk, list_key),
            "preferences_url": settings.BASE_URL + reverse("notifications:preferences"),
        }
    if not settings.MAIL_INBOUND_DOMAIN:
        context = context | {"reply_hint": ""}
    if "do_path" in context:
        links["do_url"] = settings.BASE_URL + context["do_path"]
    return {
        **links,
        **context,
        "recipient": recipient,
        "base_url": settings.BASE_URL,
        "list_key": list_key,
        "list_name": list_name,
    }


def _render_plain(template_name: str, words: dict[str, Any]) -> str:
    """Render a plain text, in which an ampersand is an ampersand."""
    return Engine.get_default().get_template(template_name).render(Context(words, autoescape=False))


@transaction.atomic
def retry(message: Message, *, by: Any, to_address: str = "") -> Message:
    """Have a failed message tried again from the beginning, at another address when one is given.

    `by` is the staff member who asks; the program's own history tells of it (the caller records it, because
    this room stands beside history, not above it). Raises NotFailed when the message has not failed.
    """
    changes = _from_the_beginning() | {"to_address": to_address or message.to_address}
    if not Message.objects.failed().filter(pk=message.pk).update(**changes):
        raise NotFailed
    message.refresh_from_db()
    after_commit("coppice.notifications.tasks.deliver_due")
    return message


@transaction.atomic
def retry_all(*scopes: str, by: Any, to_addresses: Mapping[int, str]) -> int:
    """Have every failed message of these scopes tried again, and return how many.

    `to_addresses` gives, by the key of a message, the other address that it shall go to. `by` is the staff
    member who asks; as with `retry`, the caller records it.
    """
    failed = Message.objects.failed().of(*scopes)
    for pk, address in to_addresses.items():
        failed.filter(pk=pk).update(to_address=address)
    count = failed.update(**_from_the_beginning())
    if count:
        after_commit("coppice.notifications.tasks.deliver_due")
    return count


def _from_the_beginning() -> dict[str, Any]:
    return {
        "state": Message.State.WAITING,
        "attempts": 0,
        "next_attempt_at": timezone.now(),
        "trouble": "",
        "last_error": "",
        "returned_at": None,
    }


@transaction.atomic
def mute(person: Any, *, list_key: str, until: datetime | None = None) -> Mute:
    """Stop a list's mail to this person, for good or `until` a moment; again changes only the end."""
    mute, _is_new = Mute.objects.update_or_create(person=person, list_key=list_key, defaults={"until": until})
    return mute


@transaction.atomic
def unmute(person: Any, *, list_key: str) -> None:
    """Let a list's mail reach this person again."""
    Mute.objects.filter(person=person, list_key=list_key).delete()
