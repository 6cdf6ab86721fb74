"""Reads of the outbox and of a person's mailing lists."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Max
from django.http import Http404
from django.shortcuts import get_object_or_404

from coppice.notifications.models import Message, MessageQuerySet, Mute
from coppice.notifications.subscriptions import read_token


@dataclass(frozen=True)
class MailList:
    """One list that a person gets mail from: `is_on`, or paused `until` a moment, or off."""

    key: str
    name: str
    is_on: bool
    until: datetime | None


@dataclass(frozen=True)
class Subscriber:
    """The person and the list behind an unsubscribe link."""

    person: Any
    list_key: str
    list_name: str
    token: str


def failed(*scopes: str) -> MessageQuerySet:
    """Return the messages of a program and its provider that could not be sent, newest first."""
    heavy = ("text", "html", "attachments")
    return Message.objects.failed().of(*scopes).select_related("recipient").defer(*heavy)


def lists_of(person: Any) -> list[MailList]:
    """Return every list that has written to the person, or that they muted, by name."""
    latest = (
        Message.objects.filter(recipient=person)
        .exclude(list_key="")
        .order_by()
        .values("list_key")
        .annotate(latest=Max("pk"))
        .values("latest")
    )
    names = dict(Message.objects.filter(pk__in=latest).values_list("list_key", "list_name"))
    muted = {mute.list_key: mute for mute in Mute.objects.current().filter(person=person)}
    lists = [_mail_list(key, names.get(key, ""), muted.get(key)) for key in names.keys() | muted.keys()]
    return sorted(lists, key=lambda mail_list: (mail_list.name.casefold(), mail_list.key))


def _mail_list(key: str, name: str, mute: Mute | None) -> MailList:
    return MailList(key=key, name=name or key, is_on=mute is None, until=mute.until if mute else None)


def list_of(person: Any, *, list_key: str) -> MailList:
    """Return one of the person's lists; raises Http404 when it never wrote to them."""
    for mail_list in lists_of(person):
        if mail_list.key == list_key:
            return mail_list
    raise Http404


def subscriber_of(person: Any, *, token: str) -> Subscriber:
    """Return what an unsubscribe link says, whoever opens it; raises Http404 for a link not made here."""
    subscription = read_token(token)
    if subscription is None:
        raise Http404
    subscriber = get_object_or_404(get_user_model(), pk=subscription.person_id, erased_at=None)
    name = (
        Message.objects.filter(recipient=subscriber, list_key=subscription.list_key)
        .values_list("list_name", flat=True)
        .first()
    )
    return Subscriber(
        person=subscriber,
        list_key=subscription.list_key,
        list_name=name or subscription.list_key,
        token=token,
    )


def outbox_of(person: Any) -> MessageQuerySet:
    """Return the whole outbox, where mail is kept to be looked at; raises Http404 anywhere else."""
    if not (settings.DEMO or settings.DEBUG):
        raise Http404
    return Message.objects.select_related("recipient").defer("text", "html", "attachments")


def outbox_message_of(person: Any, *, message_id: int) -> Message:
    """Return one message of the outbox; raises Http404 where the outbox is not shown."""
    return get_object_or_404(outbox_of(person).defer(None), pk=message_id)
