"""What people answer to our texts: STOP, START and HELP, brought by the provider over HTTP."""

import json
import unicodedata
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import Http404, HttpRequest
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from coppice.lib.languages import first_spoken
from coppice.notifications.errors import NotANumber
from coppice.notifications.text_models import Phone, StoppedNumber, TextMessage
from coppice.notifications.texts import phones, sending

LARGEST = 100_000
# The words that US carriers ask for (CTIA, Messaging Principles 5.1.3), and the same in Spanish.
STOP = {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"} | {
    *("alto", "parar", "baja", "cancelar", "fin", "detener"),
}
START = {"start", "unstop", "empezar", "comenzar", "alta"}
HELP = {"help", "info", "ayuda"}
# These mean it whatever follows; the others are words of ordinary sentences.
WHATEVER_FOLLOWS = {"stop", "stopall", "unsubscribe", "alto", "baja"}

STOPPED = "text-stopped"

type Hear = Callable[[HttpRequest], None]


def webhook_of(person: Any, *, secret: str) -> Hear:
    """Return what takes a provider's request; raises Http404 for a wrong secret, and where none is set."""
    wanted = settings.TEXT_WEBHOOK_SECRET
    if not settings.TEXT_PROVIDER or not wanted or not constant_time_compare(secret, wanted):
        raise Http404
    return _take


def hear(number: str, words: str) -> None:
    """Do what somebody's answer says; what says nothing that we know does nothing. Twice is as once."""
    told = _words_of(words)
    if len(told) == 1 and told[0] in HELP:
        _help(number)
    elif len(told) == 1 and told[0] in START:
        _start(number)
    elif told and (told[0] in WHATEVER_FOLLOWS or (len(told) == 1 and told[0] in STOP)):
        _stop(number)


def _take(request: HttpRequest) -> None:
    sender_field, words_field = settings.TEXT_WEBHOOK_FIELDS
    if request.content_type == "application/json":
        try:
            told = json.loads(request.read(LARGEST))
        except (ValueError, RecursionError) as wrong:
            raise BadRequest("no JSON") from wrong
    else:
        told = request.POST
    if not isinstance(told, dict) or not isinstance(told.get(sender_field), str):
        raise BadRequest("no sender where COPPICE_TEXT_WEBHOOK_FIELDS says")
    hear(_number_of(told[sender_field][:100]), str(told.get(words_field, ""))[:500])


def _number_of(said: str) -> str:
    """Return whose answer it is in E.164, also where a provider writes numbers as one does at home."""
    digits = "".join(letter for letter in said if letter.isascii() and letter.isdigit())
    number = f"+{digits}"
    if _is_known(number):
        return number
    try:
        return phones.as_e164(said)
    except NotANumber:
        return number


def _is_known(number: str) -> bool:
    return Phone.objects.filter(number=number).exists() or TextMessage.objects.filter(number=number).exists()


@transaction.atomic
def _stop(number: str) -> None:
    if not _is_known(number):
        return
    owners = Phone.objects.select_for_update().filter(number=number)
    _stopped, is_new = StoppedNumber.objects.get_or_create(digest=StoppedNumber.digest_of(number))
    now = timezone.now()
    waiting = TextMessage.objects.filter(number=number, state=TextMessage.State.WAITING)
    waiting.exclude(occasion=STOPPED).update(state=TextMessage.State.WITHHELD, last_error="stopped")
    owners.filter(stopped_at=None).update(stopped_at=now)
    phone = phones.holder_of(number)
    if is_new and phone is not None:
        with _language(phone):
            words = _("You get no more texts from us. Mail comes as before. START brings them back.")
        _answer(phone, STOPPED, words, period=f"{now:%Y%m%d%H%M%S%f}")


@transaction.atomic
def _start(number: str) -> None:
    """Let texts go to a number again whose owner had proved it."""
    if not StoppedNumber.objects.filter(digest=StoppedNumber.digest_of(number)).delete()[0]:
        return
    owners = Phone.objects.select_for_update().filter(number=number, confirmed_at__isnull=False)
    owners.update(stopped_at=None)
    phone = phones.holder_of(number)
    if phone is not None and phone.is_open:
        with _language(phone):
            words = _("You get reminders of your meetings again. STOP ends them.")
        _answer(phone, "text-started", words, period=f"{timezone.now():%Y%m%d%H%M%S%f}")


@transaction.atomic
def _help(number: str) -> None:
    """Tell who we are, once a day."""
    phone = phones.holder_of(number)
    if phone is None:
        return
    with _language(phone):
        words = _(
            "Reminders of your meetings from %(address)s, at most %(most)s a month. Your carrier may charge. "
            "STOP ends them."
        )
        words %= {"address": settings.BASE_URL, "most": settings.TEXT_A_MONTH}
    _answer(phone, "text-help", words, period=timezone.localdate().isoformat())


def _answer(phone: Phone, occasion: str, words: str, *, period: str) -> None:
    sending.write(phone, kind=TextMessage.Kind.ANSWER, occasion=occasion, period=period, words=words)


def _language(phone: Phone) -> Any:
    return translation.override(first_spoken(phone.person.language))


def _words_of(words: str) -> list[str]:
    """Return the words of a short text in small letters, without accents and signs."""
    folded = unicodedata.normalize("NFKD", words.casefold())
    return "".join(letter if letter.isalnum() else " " for letter in folded if not _is_accent(letter)).split()


def _is_accent(letter: str) -> bool:
    return bool(unicodedata.combining(letter)) or letter == "-"
