"""Who is sent a room's link by mail: members of its community, else the program's roster."""

from dataclasses import dataclass

from django.db.models import Q

from coppice.communities.models import Membership
from coppice.live.models import Room
from coppice.live.notices import link_occasion
from coppice.notifications.models import Message, Mute
from coppice.programs.models import Enrollment, EnrollmentQuerySet


@dataclass(frozen=True)
class Audience:
    """Rows of the roster: who would get the link now, whom mail does not reach, and who gets none and why.

    Each person is in one of them.
    """

    reached: EnrollmentQuerySet
    without_mail: EnrollmentQuerySet
    is_there: EnrollmentQuerySet
    was_told: EnrollmentQuerySet
    left_list: EnrollmentQuerySet


def audience_of(room: Room) -> Audience:
    """Return who can be sent the room's link at this moment; asks the database when its parts are read."""
    people = Enrollment.objects.current().filter(program=room.program_id, person__is_active=True)
    if room.community_id:
        members = Membership.objects.active().filter(community=room.community_id)
        people = people.filter(pk__in=members.values("enrollment"))
    there = Q(person__in=room.participants.exclude(person=None).values("person"))
    told = Q(person__in=Message.objects.filter(occasion=link_occasion(room)).values("recipient"))
    without = ~Q(contact_mode=Enrollment.ContactMode.EMAIL) | Q(email="", person__email=None)
    left = Q(person__in=Mute.objects.current().filter(list_key=room.list_key).values("person"))
    return Audience(
        reached=people.exclude(there | told | without | left),
        without_mail=people.filter(without).exclude(there | told),
        is_there=people.filter(there),
        was_told=people.filter(told).exclude(there),
        left_list=people.filter(left).exclude(there | told | without),
    )
