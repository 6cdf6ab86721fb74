"""What surveys write to people: the question, and at most two reminders."""

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from coppice.notifications.actions import compose
from coppice.notifications.models import Message
from coppice.programs.models import Program
from coppice.surveys import links
from coppice.surveys.models import Participant


def list_key(program: Program) -> str:
    """The mailing list that an unsubscribe leaves: all surveys of the program."""
    return f"survey:{program.pk}"


def letter(participant: Participant) -> Message | None:
    """Compose the mail that somebody waits for: what they are asked, or a reminder; asks no database.

    None for people whom mail does not reach.
    """
    if not participant.mails:
        return _letter(participant, "asked", period="")
    return _letter(participant, "reminded", period=str(participant.mails))


def _letter(participant: Participant, template: str, *, period: str) -> Message | None:
    wave, document = participant.wave, participant.wave.instrument.document
    program, language = wave.program, participant.language
    context: dict[str, Any] = {
        "wave": wave,
        "title": document.say(document.title, language),
        "introduction": document.say(document.introduction, language),
        "program": program,
        "zone": participant.zone,
        "screens": len(document.groups),
        "do_path": links.answering_path(participant),
        "do_label": _("Answer"),
        "reason": format_lazy(_("You get this because you take part in {name}."), name=program.name),
    }
    return compose(
        recipient=participant.enrollment.person,
        occasion=f"survey-{template}:{wave.pk}",
        period=period,
        template=f"surveys/email/{template}",
        context=context,
        to_address=participant.mail_address,
        scope=program.scope,
        list_key=list_key(program),
        list_name=program.name,
        sender_name=program.name,
        thread=f"wave-{wave.pk}",
        language=language,
        time_zone=participant.zone.key,
    )
