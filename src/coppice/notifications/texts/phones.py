"""A person's number: written, proved by a code that is sent there, stopped and removed."""

import re
import secrets
from collections.abc import Collection
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coppice.lib.languages import first_spoken
from coppice.notifications.actions import send
from coppice.notifications.errors import NotANumber, NumberStopped, TooManyCodes, WrongCode
from coppice.notifications.models import Mute
from coppice.notifications.text_models import Phone, StoppedNumber, TextMessage
from coppice.notifications.texts import sending

CODE_LASTS = timedelta(minutes=10)
CODES_A_DAY = 3
MOST_TRIES = 5
A_DAY = timedelta(days=1)
E164 = re.compile(r"\+[1-9]\d{7,14}")
NORTH_AMERICAN = re.compile(r"\+1[2-9]\d{2}[2-9]\d{6}")


def as_e164(written: str) -> str:
    """Return a number as somebody wrote it in E.164; without a plus it is one of the first country we text.

    Raises NotANumber for what is none, or lies where we do not text: far numbers cost many times as much,
    and there are people who earn by having such texts sent.
    """
    digits = re.sub(r"[\s().\-/\u2010-\u2013]|\(0\)", "", written)
    home = settings.TEXT_COUNTRIES[0]
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if not digits.startswith("+"):
        digits = digits if digits.startswith(home[1:]) and len(digits) > 10 else home[1:] + digits.lstrip("0")
        digits = "+" + digits
    is_right = NORTH_AMERICAN.fullmatch(digits) if digits.startswith("+1") else E164.fullmatch(digits)
    if not is_right or not digits.isascii() or not digits.startswith(tuple(settings.TEXT_COUNTRIES)):
        raise NotANumber
    return digits


@transaction.atomic
def ask(person: Any, *, number: str) -> Phone:
    """Send a code to a number, which is the person's once they give it back; it takes the place of another.

    Raises NotANumber, NumberStopped or TooManyCodes.
    """
    number = as_e164(number)
    if StoppedNumber.holds(number):
        raise NumberStopped
    now = timezone.now()
    codes = TextMessage.objects.filter(kind=TextMessage.Kind.CODE, created_at__gt=now - A_DAY)
    if max(codes.filter(person=person).count(), codes.filter(number=number).count()) >= CODES_A_DAY:
        raise TooManyCodes
    code = f"{secrets.randbelow(10**6):06d}"
    phone, _is_new = Phone.objects.update_or_create(
        person=person,
        defaults={
            "number": number,
            "code_digest": _digest(person, number, code),
            "code_until": now + CODE_LASTS,
            "tries": 0,
            "at": now,
            "confirmed_at": None,
            "stopped_at": None,
        },
    )
    host = urlsplit(settings.BASE_URL).hostname
    with translation.override(first_spoken(person.language)):
        words = _("%(code)s is your code for %(host)s. If you did not ask for it, do nothing.")
    sending.write(
        phone,
        kind=TextMessage.Kind.CODE,
        occasion="text-code",
        period=f"{now:%Y%m%d%H%M%S%f}",
        # The last line lets a phone fill the code in by itself (Web OTP).
        words=words % {"code": code, "host": host} + f"\n\n@{host} #{code}",
        until=now + CODE_LASTS,
    )
    return phone


def confirm(person: Any, *, code: str) -> Phone:
    """Prove by its code that a number is the person's, and send the first text there.

    Whoever had proved it before holds it no more, and is told by mail. Raises WrongCode; each call counts as
    a try, so nothing here may be taken back by a transaction of the caller's that fails.
    """
    now = timezone.now()
    waiting = Phone.objects.filter(
        person=person, confirmed_at=None, stopped_at=None, code_until__gt=now, tries__lt=MOST_TRIES
    )
    if not waiting.update(tries=F("tries") + 1):
        raise WrongCode
    phone = Phone.objects.get(person=person)
    given = _digest(person, phone.number, re.sub(r"\s", "", code))
    if not constant_time_compare(given, phone.code_digest):
        raise WrongCode
    with transaction.atomic():
        for other in _held_by_others(phone):
            _take_away(other)
        proved = Phone.objects.filter(pk=phone.pk, confirmed_at=None, code_digest=phone.code_digest)
        if not proved.update(confirmed_at=now, code_digest="", code_until=None):
            raise WrongCode
        phone.refresh_from_db()
        with translation.override(first_spoken(person.language)):
            words = _(
                "%(host)s: reminders of your meetings, at most %(most)s a month. Your carrier may charge. "
                "HELP for help, STOP to end."
            )
        sending.write(
            phone,
            kind=TextMessage.Kind.ANSWER,
            occasion="text-welcome",
            period=f"{now:%Y%m%d%H%M%S%f}",
            words=words % {"host": urlsplit(settings.BASE_URL).hostname, "most": settings.TEXT_A_MONTH},
        )
    return phone


@transaction.atomic
def remove(person: Any) -> None:
    """Forget a person's number, and what was sent there; what has not left is not sent."""
    Phone.objects.filter(person=person).delete()
    TextMessage.objects.filter(person=person).update(number="", words="")


def open_phones(people: Collection[int], *, list_key: str = "") -> dict[int, Phone]:
    """Return, by the id of a person, the phones that may be texted, of those who have not left a list.

    Two queries for however many people; none where no texts can be sent.
    """
    if not settings.TEXT_PROVIDER or not people:
        return {}
    left = Mute.objects.current().filter(list_key=list_key).values("person")
    phones = Phone.objects.open().filter(Q(person__in=people) & ~Q(person__in=left))
    return {phone.person_id: phone for phone in phones.select_related("person")}


def holder_of(number: str) -> Phone | None:
    """Return whose a number is: who proved it, else who asked last for a code to it; None for nobody."""
    phones = Phone.objects.filter(number=number).select_related("person")
    return phones.order_by(F("confirmed_at").desc(nulls_last=True), "-at", "-pk").first()


def _held_by_others(phone: Phone) -> list[Phone]:
    """Who else proved a number; whoever is about to prove it waits meanwhile."""
    all_of_it = Phone.objects.select_for_update(of=("self",)).select_related("person").order_by("pk")
    return [
        each
        for each in all_of_it.filter(number=phone.number)
        if each.pk != phone.pk and each.confirmed_at is not None
    ]


def _take_away(phone: Phone) -> None:
    """Let somebody hold a number no more that another person proved since, and tell them by mail."""
    person, waiting = phone.person, TextMessage.State.WAITING
    texts = TextMessage.objects.filter(person=person, number=phone.number, state=waiting)
    texts.update(state=TextMessage.State.WITHHELD, last_error="another number")
    tell_of_loss(phone)
    phone.delete()


def tell_of_loss(phone: Phone) -> None:
    """Write to somebody that another person holds their number now."""
    send(
        recipient=phone.person,
        occasion=f"text-number-taken:{phone.pk}",
        template="notifications/email/number_taken",
        context={
            "number": str(phone),
            "do_path": reverse("notifications:texts"),
            "do_label": gettext_lazy("See your number for texts"),
            "reason": gettext_lazy("You get this because we texted you at this number."),
        },
    )


def _digest(person: Any, number: str, code: str) -> str:
    return salted_hmac("coppice.text.code", f"{person.pk}.{number}.{code}", algorithm="sha256").hexdigest()
