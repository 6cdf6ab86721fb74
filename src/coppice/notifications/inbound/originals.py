"""The whole of a mail that came in, for whoever wrote it and for whoever may lead where it went."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404

from coppice.notifications.inbound import reading
from coppice.notifications.inbound.registry import registry
from coppice.notifications.inbound_models import ReceivedMail


@dataclass(frozen=True)
class Original:
    """A mail as it came in."""

    mail: ReceivedMail
    is_own: bool

    @property
    def raw(self) -> bytes:
        return bytes(self.mail.raw)

    @cached_property
    def read(self) -> reading.ReadMail:
        return reading.read(self.raw)

    @property
    def sent(self) -> str:
        """The Date that the mail bears, as it is written there."""
        return self.read.header("Date")

    @property
    def words(self) -> str:
        """All of its words, with quotes and signature; of a mail in HTML alone, the HTML as it is written."""
        return self.read.text or self.read.html


def original_of(person: Any, *, mail_id: int) -> Original:
    """Return a mail that the person may read whole; raises Http404 otherwise."""
    mail = ReceivedMail.objects.select_related("person").filter(pk=mail_id).first()
    if mail is None or mail.outcome != ReceivedMail.Outcome.TAKEN:
        raise Http404
    if mail.person_id != person.pk and not _may_read(person, mail):
        raise Http404
    return Original(mail, is_own=mail.person_id == person.pk)


def own_original_of(person: Any, *, mail_id: int) -> Original:
    """Return a mail that the person sent, with the addresses in it; raises Http404 otherwise."""
    original = original_of(person, mail_id=mail_id)
    if not original.is_own:
        raise Http404
    return original


def _may_read(person: Any, mail: ReceivedMail) -> bool:
    known = registry.purposes.get(mail.purpose) or registry.addresses.get(mail.purpose)
    if known is None or mail.subject_id is None or not known.may_read(person, mail.subject_id):
        return False
    return known.shows is None or known.shows(person, mail.pk)
