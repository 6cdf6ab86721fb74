"""Real rows for the tests of the formats."""

from typing import Any

from coppice.activities.models import Seat
from coppice.live.actions.rooms import Plan
from coppice.live.models import Participant, Room, Step
from coppice.live.tests.factories import make_participant


def pairs(title: str = "What brings you here?", **settings: Any) -> Plan:
    """A round of pairs of four minutes at numbered tables."""
    return Plan(
        kind="pairs", title=title, minutes=4, settings={"where": "tables", "switch": True, **settings}
    )


def gathered(room: Room, *names: str) -> list[Participant]:
    """People in a room, each with a phone."""
    return [make_participant(room, name) for name in names]


def seated(step: Step) -> list[set[str]]:
    """Who sits together in the present round of a step, by name, table by table."""
    tables: dict[int, set[str]] = {}
    for seat in Seat.objects.filter(draw__step=step, draw__round=step.round).select_related("participant"):
        tables.setdefault(seat.table, set()).add(seat.participant.name)
    return [tables[number] for number in sorted(tables)]
