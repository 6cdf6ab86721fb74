"""A leader has prepared the next meeting: a ready agenda, a need from the canvas, and a wish in the box."""

from coppice.communities.models import Community
from coppice.meetings.actions import agendas
from coppice.meetings.agendas import Draft, ready_agendas, waiting_for
from coppice.meetings.models import Meeting
from coppice.meetings.queries import active_members


def tell(community: Community) -> None:
    """Put an agenda on the next meeting; its leader leads one part, somebody else another."""
    meeting = Meeting.objects.of(community).upcoming()[0]
    leader = community.memberships.leaders()[0]
    others = [each for each in active_members(community) if each.pk != leader.pk]
    by = leader.person
    [check_in] = [each for each in ready_agendas() if each.key == "check_in"]
    items = agendas.begin_with(meeting, check_in, by=by)
    agendas.change_item(items[0], by=by, owner=leader)
    agendas.change_item(items[2], by=by, owner=others[0], minutes=max(1, items[2].minutes - 8))
    for draft in waiting_for(meeting, there=(), members=others)[:1]:
        agendas.add_item(meeting, draft, by=by, owner=others[1])
    wish = Draft("A form that we could share", 10, "I have one that works on a phone. Is it of use to you?")
    agendas.ask_for(meeting, wish, membership=others[2], by=others[2].person)
