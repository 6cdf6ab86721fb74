"""Ranked registers of a community's live rooms, which its priority canvas can take over."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from coppice.activities.dots import Dots, ranked_of
from coppice.activities.queries import key_of
from coppice.communities.canvas import Source, Suggested
from coppice.communities.models import Community
from coppice.live.models import Room, Step

NEWEST = 5
"""So many votes are offered, those of the newest rooms first."""


def registers_of(community: Community) -> Iterator[Source]:
    """Return the lines that got dots in the community's rooms, in the order of their dots; in three queries.

    Only votes that their host has closed, or whose room has ended, and no line that was hidden.
    """
    steps = Step.objects.filter(room__community=community, kind=Dots.key).exclude(answers=None)
    closed = steps.filter(state=Step.State.CLOSED) | steps.filter(room__state=Room.State.ENDED)
    newest = closed.distinct().select_related("room").order_by("-room__created_at", "-pk")[:NEWEST]
    for step in newest.prefetch_related("answers", "points"):
        needs = [
            Suggested(key=key_of(point), need=point.words, dots=dots, how=point.how)
            for point, dots in ranked_of(step)
            if dots and not point.is_hidden
        ]
        if needs:
            label = _("What people gave dots to in “%(room)s”") % {"room": step.room.title}
            yield Source(key=f"dots-{step.pk}", label=label, needs=needs)
