"""An evening of badges and trading rounds that was held: who met whom, groups by a yes on both sides."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from coppice.accounts.models import Person
from coppice.demo.evenings import put_back
from coppice.formation import actions
from coppice.formation.agendas import badges_and_trading
from coppice.formation.models import BadgeLine, Choice, Marketplace
from coppice.formation.room_board import market_in
from coppice.live.actions import moves, people, rooms
from coppice.live.actions.rooms import Plan
from coppice.live.models import Participant, Room, Step
from coppice.programs.models import Program

TITLE = "Find your people: the first evening"

BADGES = (
    (("Children who walk alone again", "Crossing guards"), ("Talking with parents", "Spanish")),
    (("Crossing guards", "Winter"), ("Planning rotas",)),
    (("Crossing guards", "Thank-you letters"), ("A van on Thursdays",)),
    (("Children who walk alone again",), ("Counting traffic", "Spreadsheets")),
    (("Bikes for girls of twelve",), ("Mending bikes", "A workshop with heating")),
    (("First bike lessons", "Bikes for girls of twelve"), ("Teaching",)),
    (("First bike lessons",), ("Mending bikes",)),
    (("A yard that is ours on Sundays", "First bike lessons"), ("Knowing the school caretaker",)),
    (("Light at the bus stop",), ("Letters that the county answers",)),
    (("Light at the bus stop", "Winter"), ("Photographs",)),
    (("Speed on Mill Road",), ("Counting traffic",)),
    (("Speed on Mill Road", "Light at the bus stop"), ("Talking with engineers", "Spanish")),
    (("I am still looking",), ("Baking", "Spanish")),
    (("Winter", "Speed on Mill Road"), ("A radio show on Saturdays",)),
)
"""What draws each, and what each can bring, by the order in which they came; the last is a guest."""

MET = (
    (0, 1),
    (0, 2),
    (1, 13),
    (2, 3),
    (3, 0),
    (4, 5),
    (5, 6),
    (6, 7),
    (4, 7),
    (8, 9),
    (10, 11),
    (9, 11),
    (8, 11),
)
"""Who noted whom they met; it stands on both pages."""

FOUND = ((1, 0), (2, 1), (3, 0), (6, 5), (7, 5), (4, 6), (11, 9), (8, 11), (10, 11))
"""Who found on whose badge something that they share, or could use."""

GROUPS = (
    ("Crossing guards who come in winter too", "We lose half of them by spring.", (0, 1, 2, 3)),
    ("A first hour on the bike", "Bikes and a yard are there; a good first hour is not.", (5, 4, 6, 7)),
    (
        "Light and speed on Mill Road",
        "Two roads, one county office, and letters that it answers.",
        (11, 8, 9, 10),
    ),
)
"""What each group is called in the end and why, and who is in it: whoever asked the others first."""

LAST = ((12, 1), (13, 2))
"""Who had no group after the rounds, and which they chose."""


STILL_OPEN = 9
"""So many days after it whoever was not there can still choose one of its groups."""


def held(program: Program, *, began: datetime, by: Person) -> Room:
    """Tell the evening as it went, with one written in from paper and a guest, and its end."""
    room = rooms.create(program, title=TITLE, by=by, steps=[_longer(each) for each in badges_and_trading()])
    there = _came(room, by=by)
    for step in room.steps.all():
        moves.open_step(step, by=by)
        _do(_fresh(step), there)
    rooms.end(room, by=by)
    put_back(room, began)
    return room


def _longer(plan: Plan) -> Plan:
    settings = {**plan.settings, "days": STILL_OPEN} if "days" in plan.settings else plan.settings
    return replace(plan, settings=settings)


def _came(room: Room, *, by: Person) -> list[Participant]:
    """As many of the roster as there are badges but one, the last of them on paper, and a guest."""
    known = room.program.enrollments.select_related("person").order_by("-pk")[: len(BADGES) - 1]
    *by_phone, on_paper = known
    there = [people.join(room, name=each.name, person=each.person, language="en") for each in by_phone]
    there += people.write_in(room, names=[on_paper.name], by=by)
    return [*there, people.join(room, name="Bea, from the radio", language="en")]


def _do(step: Step, there: Sequence[Participant]) -> None:
    """Do what people did in one step."""
    if step.kind == "badges":
        for participant, (interests, skills) in zip(there, BADGES, strict=True):
            actions.write_badge(participant, interests=interests, skills=skills)
    if step.kind == "badge_trade":
        for one, other in MET:
            actions.meet(step, participant=there[one], round=1, badge=str(other + 1))
        for finder, owner in FOUND:
            line = BadgeLine.objects.filter(badge__participant=there[owner]).first()
            actions.find_line(step, participant=there[finder], line_id=line.pk if line else 0)
    board = market_in(step.room)
    if board is None:
        return
    for name, why, (first, *others) in GROUPS:
        if step.kind == "badge_trade":
            for other in others:
                _stick(step, board.marketplace, there[first], there[other])
        if step.kind == "badge_names":
            seen = str(
                Choice.objects.get(
                    marketplace=board.marketplace, enrollment__person=there[first].person
                ).topic
            )
            actions.name_group(
                step, board.marketplace, participant=there[first], name=name, seen=seen, why=why
            )
    if step.kind == "market_choice":
        for who, place in LAST:
            topic = board.marketplace.topics.get(name=GROUPS[place][0])
            actions.choose_in_room(board.marketplace, there[who], topic=topic)


def _stick(step: Step, marketplace: Marketplace, one: Participant, other: Participant) -> None:
    """One asks the other, who says yes."""
    words = str(BadgeLine.objects.filter(badge__participant=one).first())
    asked = actions.ask_somebody(step, marketplace, participant=one, to_id=other.pk, words=words)
    actions.agree(step, marketplace, participant=other, handshake_id=asked.pk)


def _fresh(step: Step) -> Step:
    return Step.objects.select_related("room__program").get(pk=step.pk)
