"""Where hosts go on with what people have said in a room: needs and offers, gallery, introductions."""

from django.urls import reverse
from django.utils.translation import gettext as _

from coppice.live.kinds import Next
from coppice.live.models import Room


def needs_and_offers(room: Room) -> Next:
    """The board of the room's community, else of its program, with what people kept on their profiles."""
    words = _("See the needs and offers that people have kept on their profiles")
    if room.community_id:
        return Next(words, reverse("communities:needs", args=[room.community_id]))
    return Next(words, reverse("profiles:board", args=[room.program_id]))


def gallery(room: Room) -> Next:
    """The gallery of the room's community, else of its program, with the objects that people kept."""
    words = _("See the gallery of the objects that people have kept on their profiles")
    if room.community_id:
        return Next(words, reverse("communities:gallery", args=[room.community_id]))
    return Next(words, reverse("profiles:gallery", args=[room.program_id]))


def introductions(room: Room) -> list[Next]:
    """The introductions of the program, which its staff alone see: not of a room that a leader may host."""
    if room.community_id:
        return []
    return [
        Next(
            _("See how far the introductions are"),
            reverse("profiles:introductions", args=[room.program_id]),
        )
    ]
