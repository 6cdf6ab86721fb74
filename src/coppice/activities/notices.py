"""What the formats write: a host wrote your name down."""

from django.utils.translation import gettext_lazy as _

from coppice.live import links
from coppice.live.models import Participant, Step
from coppice.notifications.actions import send
from coppice.notifications.models import Message
from coppice.programs.models import Enrollment


def named_in_web(participant: Participant, step: Step) -> Message | None:
    """Tell somebody that a host wrote their name into a web; once for each web.

    Whoever is in a room that goes on reads it on their phone. Nobody is told whom the roster does not know,
    or whom no mail reaches.
    """
    room = step.room
    reads_it_there = room.is_running and participant.source != Participant.Source.PAPER
    known = Enrollment.objects.current().filter(program=room.program_id, person=participant.person_id)
    enrollment = known.filter(contact_mode=Enrollment.ContactMode.EMAIL).select_related("person").first()
    if reads_it_there or participant.person_id is None or enrollment is None:
        return None
    return send(
        recipient=enrollment.person,
        occasion=f"web-named:{step.pk}",
        template="activities/email/named",
        context={
            "room": room,
            "program": room.program,
            "name": enrollment.name,
            "do_path": links.link_path(room, enrollment.person),
            "do_label": _("See what is written"),
            "reason": _("You get this because a host of a live room wrote your name down."),
        },
        to_address=enrollment.email or enrollment.person.email or "",
        scope=room.program.scope,
        sender_name=room.program.name,
        language=enrollment.language or room.language,
        time_zone=room.time_zone,
    )
