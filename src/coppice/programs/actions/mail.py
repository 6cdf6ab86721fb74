"""Mail that could not be sent is sent again, by those who run the program."""

from typing import Any

from django.db import transaction

from coppice.history.actions import record
from coppice.notifications import actions as notifications
from coppice.notifications.inbound import pausing
from coppice.notifications.inbound_models import AddressStanding
from coppice.notifications.models import Message
from coppice.programs.models import Program
from coppice.programs.queries import NOBODY, addresses_now, failed_mail, known_as


@transaction.atomic
def send_again(program: Program, message: Message, *, by: Any) -> Message:
    """Send one failed mail again, to the address that the roster has now; raises NotFailed."""
    notifications.retry(message, by=by, to_address=addresses_now(program, [message])[message.pk])
    record("mail.sent_again", scope=program.scope, by=by, subject=message, about=message.recipient)
    return message


@transaction.atomic
def send_all_again(program: Program, *, by: Any) -> int:
    """Send every failed mail of a program again, as the roster has the addresses now; return how many."""
    messages = list(failed_mail(program))
    addresses = addresses_now(program, messages)
    corrected = {each.pk: addresses[each.pk] for each in messages if addresses[each.pk] != each.to_address}
    scopes = (program.scope, program.provider.scope)
    count = notifications.retry_all(*scopes, by=by, to_addresses=corrected)
    if count:
        record("mail.all_sent_again", scope=program.scope, by=by, subject=program, detail={"count": count})
    return count


@transaction.atomic
def try_address_again(program: Program, standing: AddressStanding, *, by: Any) -> int:
    """Let mail go to an address that refused it, and return how many mails that were kept back leave now.

    They go to the address that the roster has now.
    """
    person = standing.person
    reader = known_as(program, [person.pk]).get(person.pk, NOBODY)
    count = pausing.try_again(standing, by=by, to_address=reader.email)
    record("mail.address_tried_again", scope=program.scope, by=by, subject=program, about=person)
    return count
