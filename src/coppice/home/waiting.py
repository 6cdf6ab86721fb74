"""What goes on for one person beside their meetings: what they asked for, where they can go now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from coppice.communities.models import Membership
from coppice.formation.models import Choice, Marketplace, OfferedTopic, SwapRequest
from coppice.live.models import Room

MOST = 5


@dataclass(frozen=True)
class Waiting:
    """One line: a whole sentence, and the page where it goes on."""

    sentence: str
    url: str
    label: str


def waiting_for(person: Any) -> list[Waiting]:
    """Return the live rooms of a person's communities that go on, and their open wishes to change.

    In two queries.
    """
    mine = Membership.objects.filter(person=person, state=Membership.State.ACTIVE).values("community")
    rooms = Room.objects.filter(community__in=mine, state=Room.State.RUNNING)
    wishes = SwapRequest.objects.open().filter(membership__person=person)
    return [
        *(
            Waiting(
                _("The live room “%(room)s” is going on now.") % {"room": room.title},
                reverse("live:join", args=[room.code]),
                _("Join the live room"),
            )
            for room in rooms[:MOST]
        ),
        *(
            Waiting(
                _asked(wish),
                reverse("formation:member_swap", args=[wish.membership_id]),
                _("See what you asked for"),
            )
            for wish in wishes.select_related("membership__community", "wanted")[:MOST]
        ),
    ]


def chosen_on(
    marketplaces: Sequence[Marketplace], person: Any
) -> list[tuple[Marketplace, OfferedTopic | None]]:
    """Return marketplaces with the topic in which a person has a place, None without one; in one query."""
    places = Choice.objects.places().filter(enrollment__person=person, marketplace__in=marketplaces)
    topics = {each.marketplace_id: each.topic for each in places.select_related("topic")}
    return [(each, topics.get(each.pk)) for each in marketplaces]


def _asked(wish: SwapRequest) -> str:
    said = {"community": wish.membership.community, "wanted": wish.wanted}
    if wish.wanted is None:
        return _("You asked to change from %(community)s to another one. It waits.") % said
    return _("You asked to change from %(community)s to %(wanted)s. It waits.") % said
