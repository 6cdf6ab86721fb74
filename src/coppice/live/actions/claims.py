"""Making a guest's place a known person's: by the person themself or by a host, and back again."""

from typing import Any

from django.db import IntegrityError, transaction

from coppice.history.actions import record
from coppice.live import links, notices
from coppice.live.actions.people import gather
from coppice.live.announcing import announce
from coppice.live.errors import BothAnswered, NotAGuest, NotOnRoster
from coppice.live.models import FormerPlace, Participant, Room
from coppice.live.queries import enrollments_at, name_in
from coppice.live.signals import place_claimed, place_merging, place_parted


@transaction.atomic
def ask(participant: Participant, *, email: str) -> None:
    """Write to whoever of the program's roster has this address, and ask whether the guest was they.

    Nobody learns whether somebody has it. Each person is asked once an hour at most about one guest. Raises
    NotAGuest.
    """
    if not participant.is_guest:
        raise NotAGuest
    for enrollment in enrollments_at(participant.room, email):
        notices.was_it_you(participant, enrollment, address=email)


@transaction.atomic
def claim(participant: Participant, *, person: Any, by: Any) -> Participant:
    """Make a guest's place this person's, and return the place that they have in the room now.

    From then on the place is called as the program calls them. Whoever has a place in the room already keeps
    that one, and all that the guest did comes to it; the guest's link goes on leading there. A place that is
    theirs already stays so. When they say it themself, its link opens what is their own outside of the room
    too. Raises NotOnRoster for somebody whom the program does not know, NotAGuest when
    the place is somebody else's, and BothAnswered when both took part in the same round of a step.
    """
    room = Room.objects.select_for_update().select_related("program").get(pk=participant.room_id)
    guest = Participant.objects.select_for_update().filter(pk=participant.pk).first()
    by_themself = by is not None and by.pk == person.pk
    if guest is not None and guest.person_id == person.pk:
        if by_themself and not guest.is_confirmed:
            guest.is_confirmed = True
            guest.save(update_fields=["is_confirmed"])
        return guest
    if guest is None or not guest.is_guest:
        raise NotAGuest
    name = name_in(room, person)
    if not name:
        raise NotOnRoster
    own = room.participants.filter(person=person).first()
    if own is None:
        guest.person, guest.guest_name, guest.name = person, guest.name, name[:80]
        guest.claimed_with, guest.is_confirmed = links.claimed_with(person), by_themself
        guest.save()
    verb = "live_room.guest_joined" if own is None else "live_room.guest_merged"
    record(verb, scope=room.program.scope, by=by, subject=room, about=person)
    announce(room.pk)
    place = guest if own is None else _merged(guest, into=own, is_confirmed=by_themself)
    place_claimed.send(sender=Participant, participant=place)
    return place


@transaction.atomic
def part(participant: Participant, *, by: Any) -> None:
    """Make a place a guest's again, called as before; what they did stays with it. Raises NotAGuest."""
    held = (
        Participant.objects.select_for_update(of=("self",))
        .select_related("room__program", "person")
        .get(pk=participant.pk)
    )
    if not held.was_claimed:
        raise NotAGuest
    room, person = held.room, held.person
    record("live_room.guest_parted", scope=room.program.scope, by=by, subject=room, about=person)
    held.person, held.name, held.guest_name, held.claimed_with = None, held.guest_name, "", ""
    held.is_confirmed = False
    held.save()
    place_parted.send(sender=Participant, participant=held, person=person, by=by)
    announce(room.pk)


def _merged(guest: Participant, *, into: Participant, is_confirmed: bool) -> Participant:
    """Give all that refers to the guest to the other place; the constraints of each know what collides."""
    try:
        with transaction.atomic():
            place_merging.send(sender=Participant, guest=guest, into=into)
            for relation in Participant._meta.related_objects:
                rows = relation.related_model._default_manager.filter(**{relation.field.name: guest})
                rows.update(**{relation.field.name: into})
    except IntegrityError:
        raise BothAnswered from None
    FormerPlace.objects.create(
        participant=into,
        old_id=guest.pk,
        secret=guest.secret,
        claimed_with=links.claimed_with(into.person),
        is_confirmed=is_confirmed,
    )
    guest.delete()
    gather(into.room)
    return into
