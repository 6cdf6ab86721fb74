"""What live rooms write: here is your link, and: was this guest you?"""

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from coppice.live import links
from coppice.live.models import Participant, Room
from coppice.notifications.actions import compose, send
from coppice.notifications.models import Message
from coppice.programs.models import Enrollment


def link_occasion(room: Room) -> str:
    """What the outbox calls the mail with a room's link: one a person."""
    return f"live-room:{room.pk}"


def link_to(room: Room, enrollment: Enrollment) -> Message | None:
    """Compose the mail with this person's own link into the room; asks no database."""
    community = room.community.name if room.community else ""
    return compose(
        recipient=enrollment.person,
        occasion=link_occasion(room),
        template="live/email/link",
        context={
            "room": room,
            "program": room.program,
            "community": community,
            "name": enrollment.name,
            "do_path": links.link_path(room, enrollment.person),
            "do_label": _("Join the live room"),
            "reason": format_lazy(
                _("You get this because you take part in {name}."), name=community or room.program.name
            ),
        },
        to_address=enrollment.email or enrollment.person.email or "",
        scope=room.program.scope,
        list_key=room.list_key,
        list_name=community or room.program.name,
        sender_name=room.program.name,
        language=enrollment.language or room.language,
        time_zone=room.time_zone,
    )


def was_it_you(participant: Participant, enrollment: Enrollment, *, address: str) -> Message | None:
    """Ask somebody of the roster whether a guest of a room was they; once an hour at most."""
    room = participant.room
    return send(
        recipient=enrollment.person,
        occasion=f"live-claim:{participant.pk}",
        period=f"{timezone.now():%Y%m%d%H}",
        template="live/email/was_it_you",
        context={
            "room": room,
            "program": room.program,
            "name": enrollment.name,
            "guest": participant.name,
            "do_path": links.claim_path(participant, enrollment.person),
            "do_label": _("Yes, that was me"),
            "reason": _("You get this because somebody typed your address in a live room."),
        },
        to_address=address,
        scope=room.program.scope,
        sender_name=room.program.name,
        language=enrollment.language or room.language,
        time_zone=room.time_zone,
    )
