"""Reads of the outbox and of a person's mailing lists."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Max
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.text import get_text_list
from django.utils.translation import gettext

from coppice.notifications import mailing_lists
from coppice.notifications.digest_mail import DIGESTS_OF, name_of
from coppice.notifications.models import Message, MessageQuerySet, Mute, Pace, Rhythm, Wish
from coppice.notifications.subscriptions import read_token


@dataclass(frozen=True)
class MailList:
    """One list that a person gets mail from, and how often they hear from it.

    With `until`, they hear nothing before that moment, and then at their `pace` again. News of a list that
    `can_wait` may come in a digest.
    """

    key: str
    name: str
    pace: Pace
    until: datetime | None
    can_wait: bool

    @property
    def wish(self) -> Wish:
        """What the person has chosen, as the form shows it."""
        return Wish.PAUSE if self.until else Wish(self.pace.value)

    @property
    def wishes(self) -> list[Wish]:
        """What they can choose: less before none."""
        return [wish for wish in Wish if self.can_wait or wish not in {Wish.DAILY, Wish.WEEKLY}]


@dataclass(frozen=True)
class Subscriber:
    """The person behind an unsubscribe link, and the lists that it leaves.

    A digest of a `rhythm` stands for every list that comes in it. `list_name` is what the page calls it.
    """

    person: Any
    list_key: str
    list_name: str
    lists: list[MailList]
    rhythm: Pace | None
    token: str

    @property
    def pace(self) -> Pace:
        """How often the person hears from these lists."""
        return self.rhythm or self.lists[0].pace

    @property
    def less(self) -> list[Wish]:
        """What is less than now and more than none; a pause comes last."""
        slower = {Pace.INSTANT: [Wish.DAILY, Wish.WEEKLY], Pace.DAILY: [Wish.WEEKLY]}.get(self.pace, [])
        return [*(wish for wish in slower if all(each.can_wait for each in self.lists)), Wish.PAUSE]


def failed(*scopes: str) -> MessageQuerySet:
    """Return the messages of a program and its provider that could not be sent, newest first."""
    heavy = ("text", "html", "attachments")
    return Message.objects.failed().of(*scopes).select_related("recipient").defer(*heavy)


def lists_of(person: Any) -> list[MailList]:
    """Return every list that the person is on, that has written to them, or of which they chose, by name."""
    latest = (
        Message.objects.filter(recipient=person)
        .exclude(list_key="")
        .exclude(list_key__startswith=DIGESTS_OF)
        .order_by()
        .values("list_key")
        .annotate(latest=Max("pk"))
        .values("latest")
    )
    wrote = dict(Message.objects.filter(pk__in=latest).values_list("list_key", "list_name"))
    names = wrote | mailing_lists.lists_of(person)
    muted = dict(Mute.objects.current().filter(person=person).values_list("list_key", "until"))
    rhythms = dict(Rhythm.objects.filter(person=person).values_list("list_key", "rhythm"))
    lists = [_mail_list(key, names.get(key, ""), muted, rhythms) for key in {*names, *muted, *rhythms}]
    return sorted(lists, key=lambda mail_list: (mail_list.name.casefold(), mail_list.key))


def _mail_list(key: str, name: str, muted: dict[str, datetime | None], rhythms: dict[str, str]) -> MailList:
    until = muted.get(key)
    is_left = key in muted and until is None
    return MailList(
        key=key,
        name=name or key,
        pace=Pace.NONE if is_left else Pace(rhythms.get(key, Pace.INSTANT)),
        until=until,
        can_wait=mailing_lists.can_wait(key),
    )


def list_of(person: Any, *, list_key: str) -> MailList:
    """Return one of the person's lists; raises Http404 when they are not on it and it never wrote to them."""
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
    known = lists_of(subscriber)
    rhythm = _rhythm_of(subscription.list_key)
    if rhythm is not None:
        lists, name = [each for each in known if each.pace == rhythm and not each.until], name_of(rhythm)
    else:
        by_key = {each.key: each for each in known}
        lists = [by_key.get(key) or _mail_list(key, "", {}, {}) for key in subscription.list_keys]
        name = get_text_list([each.name for each in lists], gettext("and"))
    return Subscriber(
        person=subscriber,
        list_key=subscription.list_key,
        list_name=name,
        lists=lists,
        rhythm=rhythm,
        token=token,
    )


def _rhythm_of(list_key: str) -> Pace | None:
    """The rhythm whose digests a link leaves; None when it leaves lists by name."""
    rhythm = list_key.removeprefix(DIGESTS_OF)
    return Pace(rhythm) if list_key.startswith(DIGESTS_OF) and rhythm in {Pace.DAILY, Pace.WEEKLY} else None


def outbox_of(person: Any) -> MessageQuerySet:
    """Return the whole outbox, where mail is kept to be looked at; raises Http404 anywhere else."""
    if not (settings.DEMO or settings.DEBUG):
        raise Http404
    return Message.objects.select_related("recipient").defer("text", "html", "attachments")


def outbox_message_of(person: Any, *, message_id: int) -> Message:
    """Return one message of the outbox; raises Http404 where the outbox is not shown."""
    return get_object_or_404(outbox_of(person).defer(None), pk=message_id)
