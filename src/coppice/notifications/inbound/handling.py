"""What is done with a mail that came in: exactly once, in one transaction with the note that it is done."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone, translation

from coppice.lib.errors import DomainError
from coppice.lib.jobs import attempt
from coppice.lib.languages import first_spoken
from coppice.notifications.actions import send
from coppice.notifications.inbound import addresses, bounces, own_words, pausing, reading
from coppice.notifications.inbound.addresses import Addressed, Use
from coppice.notifications.inbound.automatic import is_automatic
from coppice.notifications.inbound.leaving import leave_list_of
from coppice.notifications.inbound.mailboxes import is_same, own_addresses
from coppice.notifications.inbound.reading import ReadMail
from coppice.notifications.inbound.registry import Incoming, IncomingFile, Place, Receive, registry
from coppice.notifications.inbound.returning import return_to_sender
from coppice.notifications.inbound_models import ReceivedFile, ReceivedMail, stored_name

mail_unreadable = Signal()
"""Sent with `mail` when one that came in could not be read five times, and is given up."""

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60))
Outcome = ReceivedMail.Outcome


def handle_due() -> int:
    """Do what every mail says whose turn has come, and return how many were done.

    One that breaks is tried again after a pause, four times; then it is `failed`.
    """
    done = 0
    for pk in ReceivedMail.objects.due().order_by("pk").values_list("pk", flat=True)[:500]:
        done += attempt(lambda pk=pk: handle(pk), otherwise=lambda pk=pk: _put_off(pk))  # type: ignore[misc]
    return done


def handle(pk: int) -> None:
    """Do what one mail says, in one transaction; one that is done already is left alone.

    Its files are written before, so that nothing slow happens inside; whatever does not come to belong to a
    row is taken away again, at once or by the sweep.
    """
    mail = ReceivedMail.objects.filter(pk=pk, state=ReceivedMail.State.RECEIVED).first()
    if mail is None:
        return
    read = reading.read(bytes(mail.raw))
    words = own_words.of(read)  # it takes seconds of a long mail: before the transaction, as the files
    with _files_of(read, mail) as files:
        prepared = _prepared(mail, read, files)
        _handle(pk, read, words, files, prepared)


def _handle(pk: int, read: ReadMail, words: str, files: list[ReceivedFile], prepared: Any) -> None:
    with transaction.atomic():
        mail = ReceivedMail.objects.select_for_update().get(pk=pk)
        if mail.state != ReceivedMail.State.RECEIVED:
            return
        mail.outcome = _Handling(mail, read, words, files, prepared).outcome()
        mail.state, mail.handled_at = ReceivedMail.State.HANDLED, timezone.now()
        mail.save(update_fields=["outcome", "state", "handled_at", "person", "purpose", "subject_id"])


class _Handling:
    """One mail on its way to whom it is for."""

    def __init__(
        self, mail: ReceivedMail, read: ReadMail, words: str, files: list[ReceivedFile], prepared: Any
    ) -> None:
        self.mail = mail
        self.read = read
        self.words = words
        self.files = files
        self.prepared = prepared
        self.asked_at: datetime | None = None

    def outcome(self) -> ReceivedMail.Outcome:
        addressed = addresses.read(self.mail.envelope_to)
        if addressed is not None and addressed.use is Use.LEAVE:
            return self._leave(addressed)
        if (found := self._undelivered(addressed)) is not None:
            return found
        if (found := self._taken_whole(addressed)) is not None:
            return found
        if is_automatic(self.read, envelope_from=self.mail.envelope_from):
            return Outcome.AUTOMATIC
        if addressed is not None and addressed.use is Use.REPLY:
            return self._reply(addressed)
        return self._to_an_address()

    def _leave(self, addressed: Addressed) -> ReceivedMail.Outcome:
        """Leave the list of a message: the mail may well be a machine's (RFC 2369, 3.2)."""
        message = addressed.message
        self.mail.person = message.recipient
        leave_list_of(message)
        return Outcome.LEFT

    def _undelivered(self, addressed: Addressed | None) -> ReceivedMail.Outcome | None:
        """Take what mail servers say of a mail of ours."""
        to_us = addressed.message if addressed is not None and addressed.use is Use.BOUNCE else None
        report = bounces.read(self.read.mail, expected=to_us is not None)
        if report is None:
            # Whatever else comes to where only mail servers write was written by one of them.
            return Outcome.AUTOMATIC if to_us is not None else None
        message = to_us or bounces.message_of(report)
        if message is None:
            return Outcome.AUTOMATIC
        self.mail.person = message.recipient
        if report.kind is bounces.Kind.COMPLAINT:
            leave_list_of(message)
            return Outcome.COMPLAINT
        pausing.note_refusal(message, is_hard=report.kind is bounces.Kind.HARD, said=report.said)
        return Outcome.BOUNCE

    def _taken_whole(self, addressed: Addressed | None) -> ReceivedMail.Outcome | None:
        """Ask those who read whole mails: answers of calendar programs are among them.

        An address with a token says whose mail it answers, and From alone who wrote this one: only where both
        are one person is the mail theirs, and told why it did nothing. No machine is told.
        """
        raw = bytes(self.mail.raw)
        person = addressed.message.recipient if addressed is not None else None
        writer = person if person is not None and self._is_from(person, addressed) else None
        for reader in registry.readers.values():
            try:
                with transaction.atomic():
                    if reader(self.mail.pk, raw):
                        self.mail.person = writer
                        return Outcome.TAKEN
            except DomainError as refusal:
                if is_automatic(self.read, envelope_from=self.mail.envelope_from):
                    return Outcome.AUTOMATIC
                self.mail.person = writer
                return self._refuse(writer, refusal)
        return None

    def _is_from(self, person: Any, addressed: Addressed | None) -> bool:
        """Say whether a mail is from a person who is here, by one of their addresses."""
        return _is_from(self.read, person, addressed)

    def _reply(self, addressed: Addressed) -> ReceivedMail.Outcome:
        message = addressed.message
        person = message.recipient
        if not self._is_from(person, addressed):
            return self._return(Outcome.STRANGER, language=person.language if person.is_active else "")
        kind, _, number = message.reply_to.partition(":")
        purpose = registry.purposes.get(kind)
        if purpose is None or not number.isdecimal():
            return self._return(Outcome.UNKNOWN, language=person.language)
        self._is_about(kind, int(number), person)
        self.asked_at = message.created_at
        return self._receive(purpose.receive, person, int(number))

    def _to_an_address(self) -> ReceivedMail.Outcome:
        """Take a mail to an address for anybody; a reply that went there too is a reply alone."""
        local_part = self.mail.envelope_to.rpartition("@")[0]
        for kind, address in registry.addresses.items():
            place: Place | None = address.find(local_part, self.read.from_address)
            if place is None:
                continue
            if self._is_reply_as_well():
                return Outcome.REPEATED
            if place.person is None:
                return self._return(Outcome.STRANGER)
            self._is_about(kind, place.subject_id, place.person)
            return self._receive(address.receive, place.person, place.subject_id)
        return self._return(Outcome.UNKNOWN)

    def _is_reply_as_well(self) -> bool:
        others = (addresses.read(each) for each in self.read.addresses("To", "Cc"))
        return any(each is not None and each.use is Use.REPLY for each in others)

    def _is_about(self, purpose: str, subject_id: int, person: Any) -> None:
        self.mail.purpose, self.mail.subject_id, self.mail.person = purpose, subject_id, person

    def _receive(self, receive: Receive, person: Any, subject_id: int) -> ReceivedMail.Outcome:
        try:
            with transaction.atomic(), _language_of(person):
                receive(person, subject_id, self._incoming())
        except DomainError as refusal:
            return self._refuse(person, refusal)
        return Outcome.TAKEN

    def _incoming(self) -> Incoming:
        ReceivedFile.objects.bulk_create(self.files)
        return Incoming(
            text=self.words,
            html=self.read.html,
            subject=self.read.subject,
            attachments=_incoming_files(self.files),
            mail_id=self.mail.pk,
            message_id=self.mail.message_id,
            at=self.mail.received_at,
            asked_at=self.asked_at,
            prepared=self.prepared,
        )

    def _refuse(self, person: Any | None, refusal: DomainError) -> ReceivedMail.Outcome:
        """Tell somebody whom we know why their mail did nothing, and what to do instead."""
        if person is None:
            return self._return(Outcome.STRANGER)
        context = {
            "mail_subject": self.read.subject,
            "sentence": refusal.sentence,
            "words": self.words[:2000],
            "first": refusal.sentence,
        }
        if do_path := getattr(refusal, "do_path", ""):
            context |= {"do_path": do_path, "do_label": getattr(refusal, "do_label", "")}
        send(
            recipient=person,
            occasion=f"mail-refused:{self.mail.pk}",
            template="notifications/email/refused",
            context=context,
            to_address=self.read.from_address,
        )
        return Outcome.REFUSED

    def _return(self, why: ReceivedMail.Outcome, *, language: str = "") -> ReceivedMail.Outcome:
        return_to_sender(self.mail, why=why, language=language)
        return why


def _incoming_files(files: list[ReceivedFile]) -> tuple[IncomingFile, ...]:
    return tuple(
        IncomingFile(name=file.name, content_type=file.content_type, path=str(file.file.name), size=file.size)
        for file in files
    )


def _is_from(read: ReadMail, person: Any, addressed: Addressed | None) -> bool:
    """Say whether a mail is from a person who is here, by one of their addresses."""
    if person.erased_at is not None or not person.is_active:
        return False
    known = own_addresses(person) | ({addressed.message.to_address} if addressed is not None else set())
    return any(is_same(read.from_address, own) for own in known)


def _prepared(mail: ReceivedMail, read: ReadMail, files: list[ReceivedFile]) -> Any:
    """Let the room that will receive a mail prepare its files; none of strangers and machines is unpacked."""
    if not files or is_automatic(read, envelope_from=mail.envelope_from):
        return None
    addressed = addresses.read(mail.envelope_to)
    if addressed is not None:
        purpose = registry.purposes.get(addressed.message.reply_to.partition(":")[0])
        is_theirs = addressed.use is Use.REPLY and _is_from(read, addressed.message.recipient, addressed)
        prepare = purpose.prepare if purpose is not None and is_theirs else None
    else:
        local_part = mail.envelope_to.rpartition("@")[0]
        found = ((each, each.find(local_part, read.from_address)) for each in registry.addresses.values())
        known = next(((each, place) for each, place in found if place is not None), None)
        prepare = known[0].prepare if known is not None and known[1].person is not None else None
    return prepare(_incoming_files(files)) if prepare is not None else None


@contextmanager
def _language_of(person: Any) -> Iterator[None]:
    with translation.override(first_spoken(person.language)), timezone.override(person.zone):
        yield


@contextmanager
def _files_of(read: ReadMail, mail: ReceivedMail) -> Iterator[list[ReceivedFile]]:
    """Write a mail's files, and take away again what does not come to belong to a row."""
    files = []
    for each in read.files:
        file = ReceivedFile(mail=mail, name=each.name, content_type=each.content_type, size=len(each.content))
        file.file.name = default_storage.save(stored_name(file, each.name), ContentFile(each.content))
        files.append(file)
    try:
        yield files
    finally:
        names = [str(file.file.name) for file in files]
        kept = (
            set(ReceivedFile.objects.filter(file__in=names).values_list("file", flat=True))
            if names
            else set()
        )
        for name in names:
            if name not in kept:
                default_storage.delete(name)


def try_failed_again() -> int:
    """Let mails that could not be read be tried anew, by a newer version of Coppice; return how many."""
    failed = ReceivedMail.objects.filter(state=ReceivedMail.State.FAILED)
    return failed.update(
        state=ReceivedMail.State.RECEIVED, outcome="", attempts=0, next_attempt_at=timezone.now()
    )


def _put_off(pk: int) -> None:
    mail = ReceivedMail.objects.defer("raw").get(pk=pk)
    is_last = mail.attempts >= len(PAUSES)
    if is_last:
        # What broke may break here as well: it must not keep the mail from being given up.
        attempt(lambda: _tell_of_failure(pk))
    ReceivedMail.objects.filter(pk=pk, state=ReceivedMail.State.RECEIVED).update(
        state=ReceivedMail.State.FAILED if is_last else ReceivedMail.State.RECEIVED,
        outcome=Outcome.BROKEN if is_last else "",
        attempts=mail.attempts + 1,
        next_attempt_at=timezone.now() + PAUSES[min(mail.attempts, len(PAUSES) - 1)],
    )


@transaction.atomic
def _tell_of_failure(pk: int) -> None:
    """Tell whoever runs this, and the sender, once, unless it was a machine."""
    mail = ReceivedMail.objects.get(pk=pk)
    mail_unreadable.send(sender=ReceivedMail, mail=mail)
    if not is_automatic(reading.read(bytes(mail.raw)), envelope_from=mail.envelope_from):
        return_to_sender(mail, why=Outcome.BROKEN)
