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


def interviews(title: str = "Tell of a time when it went well", **settings: Any) -> Plan:
    """Interviews of ten minutes each."""
    asked = {"questions": ["What happened?", "What did you do that helped?"]}
    return Plan(
        kind="interviews",
        title=title,
        minutes=20,
        settings={"where": "tables", "switch": True, **asked, **settings},
    )


def themes(title: str = "What do our stories share?") -> Plan:
    """Fours that write down themes."""
    return Plan(kind="themes", title=title, minutes=10, settings={"where": "tables"})


def alone(title: str = "What do you need?") -> Plan:
    """Notes of one's own."""
    return Plan(kind="alone", title=title, minutes=4)


def chosen(kind: str, title: str) -> Plan:
    """Pairs ("two") or fours ("four") that choose from the step before."""
    return Plan(kind=kind, title=title, minutes=6, settings={"where": "tables"})


def dots(title: str = "Where do you put your dots?", **settings: Any) -> Plan:
    """Five dots each, several of them on one line if one likes."""
    return Plan(kind="dots", title=title, settings={"dots": 5, "several": True, **settings})


def web(title: str = "What do you need, and who can help?") -> Plan:
    """A web of needs and expertise."""
    return Plan(kind="web", title=title, minutes=28)


def market() -> list[Plan]:
    """A market: notes, one group, and who found whom."""
    return [
        Plan(kind="market_notes", title="What do you need and offer?", minutes=8),
        Plan(kind="market_table", title="First group", minutes=9, settings={"where": "tables"}),
        Plan(kind="market_matches", title="Who found whom?", minutes=8),
    ]
