"""Live rooms: a launch evening and each format, ready to run, and an evening that was held."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from coppice.accounts.models import Person
from coppice.activities.actions import webs
from coppice.activities.agendas import (
    appreciative_interviews,
    expertise_gallery,
    impromptu_networking,
    offers_and_needs_market,
    one_two_four_all,
    web_of_needs,
)
from coppice.activities.models import Strand, Tie
from coppice.communities.models import Community, Membership
from coppice.formation import actions as formation
from coppice.formation.agendas import badges_and_trading, interest_poll
from coppice.formation.models import Choice, Marketplace
from coppice.live.actions import answers, moves, people, rooms
from coppice.live.actions.rooms import Plan
from coppice.live.models import Answer, Move, Participant, Room, Step
from coppice.programs.models import Program

TITLE = "Launch evening"
LENGTH = timedelta(minutes=75)
ABSENT = 2
CHOSE = 24

CONFIDENCE = (4, 2, 3, 3, 5, 2, 3, 4, 2, 3, 3, 1, 4)
STAYED = (
    "somebody knew my name",
    "the Tuesday crew",
    "I could see that it helped",
    "somebody called when I was ill",
    "the Tuesday crew",
    "a task that was mine alone",
    "somebody knew my name",
    "good coffee, honestly",
    "I was asked what I thought",
    "I could see that it helped",
    "somebody knew my name",
    "a thank-you card, by hand",
)
FIRST = (0, 1, 0, 2, 0, 1, 0, 1, 0, 3, 0, 1, 0)

WEB = (
    (0, "A rota that people can read on their phone", ((3, "I set ours up in an hour and can show it"),)),
    (3, "Drivers on Thursday mornings", ((5, "Two of ours are free then"), (7, "I drive every second week"))),
    (5, "Words for thanking somebody who leaves", ((8, "I share the letter that we use"),)),
    (8, "Somebody who speaks Spanish at the door", ((1, "I come on first Saturdays"),)),
    (1, "A short course in lifting", ((12, "Our physiotherapist does it for nothing"),)),
    (12, "Young people who stay longer than a summer", ((4, "My school sends four each term"),)),
    (
        4,
        "A reference letter that a college takes",
        ((6, "I have a form for it"), (2, "I sign ours")),
    ),
    (2, "A freezer for the weekend", ((9, "Ours is half empty"),)),
    (9, "Somebody to talk to when I am worn out", ((10, "Call me, any evening"), (11, "Walks, Sundays"))),
)
"""Who needs what, and who helps how, by the order in which people came."""

HELD = (
    Plan(
        "talk", "Welcome",
        prompt="Find a seat beside somebody you do not know. We begin at half past six.",
        script="Say why we are here, how long it takes, and that nobody has to speak before the whole room.",
        minutes=5,
    ),
    Plan(
        "scale", "How well do you keep your volunteers today?",
        prompt="There is no right answer, and nobody sees whose is whose.",
        script="Do not comment on the number. Ask what would make it one higher.",
        minutes=2,
        settings={"steps": 5, "lowest": "they leave", "highest": "they stay", "show_at_once": True},
    ),
    Plan(
        "talk", "Tell the story of one who stayed",
        prompt="In pairs, four minutes each. Listen first; ask what happened then.",
        script="Ring after four minutes, so that they change. Odd number: one group of three.",
        minutes=8,
    ),
    Plan(
        "words", "What made them stay?",
        prompt="A few words from the story that you heard.",
        script="Read six aloud. Ask who wrote the same.",
        minutes=4,
        settings={"show_at_once": True},
    ),
    Plan(
        "web", "What do you need, and who can help?",
        prompt="Say one thing that you need. Whoever can help says how, and gets the thread next.",
        script="Send the thread to who is not in the web yet. Leave nobody out, the guest neither.",
        minutes=20,
    ),
    Plan(
        "choice", "What shall we take up first?",
        prompt="Choose one. The others come later in the year.",
        script="Close when most have answered. Ask somebody from the second answer what we would miss.",
        minutes=3,
        settings={
            "options": [
                "The first three months",
                "Saying thank you",
                "People who went quiet",
                "Young volunteers",
            ],
            "several": False,
            "show_at_once": False,
        },
    ),
)  # fmt: skip


def ready(program: Program, *, topics: Sequence[str], by: Person) -> Room:
    """Open the launch evening of a program that is about to begin; nobody has come yet."""
    return rooms.create(
        program,
        title=TITLE,
        by=by,
        steps=[
            Plan(
                "talk", "Welcome",
                prompt="Join with your phone, then say hello to the person beside you.",
                script="Begin when the code is small on the wall and most names are in the list.",
                minutes=5,
            ),
            Plan(
                "scale", "How safe is the way to your school?",
                prompt="Think of the last child that you saw walk it.",
                script="An easy one first, so that everybody finds the buttons.",
                minutes=2,
                settings={"steps": 5, "lowest": "I would not go", "highest": "safe", "show_at_once": True},
            ),
            Plan(
                "talk", "Where the way is worst",
                prompt="In threes, three minutes each: one place, and what you tried there.",
                script="Online: breakout rooms of three. Ring every three minutes.",
                minutes=9,
            ),
            Plan(
                "words", "What do you need from the people here?",
                prompt="A few words are enough: a number to call, a lesson, a hand.",
                script="Read some aloud. Ask who could help with the next one.",
                minutes=4,
                settings={"show_at_once": True},
            ),
            Plan(
                "choice", "For which of these would you meet once a month?",
                prompt="Choose all that you would really come for.",
                script="Whatever fewer than six chose, ask: who would carry it?",
                minutes=4,
                settings={"options": list(topics), "several": True, "show_at_once": False},
            ),
            Plan(
                "ranking", "What matters most in the first three months?",
                prompt="Give each a place; 1 comes first.",
                script="This goes into the first agenda of every network.",
                minutes=4,
                settings={
                    "options": ["Know one another", "One thing that works by spring", "A plan for the year"],
                    "show_at_once": False,
                },
            ),
        ],
    )  # fmt: skip


def formats(program: Program, *, by: Person) -> list[Room]:
    """Open a room with each of the formats in which people meet; nobody has come yet."""
    made = [
        ("Get to know one another", impromptu_networking),
        ("What already works", appreciative_interviews),
        ("What we need", one_two_four_all),
        ("What each of us knows", expertise_gallery),
        ("Who can help whom", web_of_needs),
        ("Give and take", offers_and_needs_market),
        ("Find your people", badges_and_trading),
        ("What interests us", interest_poll),
    ]
    return [rooms.create(program, title=title, by=by, steps=steps()) for title, steps in made]


def choose_on(board: Marketplace, *, by: Person) -> Room:
    """Open a second evening for those who could not come to the first, on the board that is open."""
    return formation.open_room(board, by=by, title=f"{board}: a second evening")


def chose(board: Marketplace, *, began: datetime, by: Person) -> Room:
    """Tell the evening at which people chose on a board: who was there, and its end; the board stays open."""
    room = formation.open_room(board, by=by, title=f"{TITLE}: {board}")
    placed = Choice.objects.filter(marketplace=board).places().select_related("enrollment__person")
    for choice in placed.order_by("pk")[:CHOSE]:
        known = choice.enrollment
        people.join(room, name=known.name, person=known.person, language="en")
    for step in room.steps.all():
        moves.open_step(step, by=by)
    rooms.end(room, by=by)
    put_back(room, began)
    return room


def held(community: Community, *, began: datetime, by: Person) -> Room:
    """Tell the launch evening of a community as it went: who came, what they said, and the end."""
    room = rooms.create(community.program, community=community, title=TITLE, steps=HELD, by=by)
    there = _came(room, by=by)
    steps = list(room.steps.all())
    for step in steps:
        moves.open_step(step, by=by)
        _answer(Step.objects.select_related("room").get(pk=step.pk), there)
    moves.close_step(steps[-1], by=by)
    rooms.end(room, by=by)
    put_back(room, began)
    for said in (Answer, Strand):
        said._default_manager.filter(step__room=room).update(at=began + LENGTH / 2)
    Tie.objects.filter(strand__step__room=room).update(at=began + LENGTH / 2)
    room.refresh_from_db()
    return room


def put_back(room: Room, began: datetime) -> None:
    """Let it have been then."""
    Room.objects.filter(pk=room.pk).update(created_at=began, started_at=began, ended_at=began + LENGTH)
    room.participants.update(joined_at=began)
    Move.objects.filter(room=room).update(at=began)


def _came(room: Room, *, by: Person) -> list[Participant]:
    """Most members by phone, one of them written in from paper, and a guest."""
    assert room.community is not None
    members = list(
        room.community.memberships.filter(state=Membership.State.ACTIVE)
        .select_related("person")
        .order_by("pk")
    )[:-ABSENT]
    *by_phone, without_phone = [each.person for each in members]
    there = [people.join(room, name=each.name, person=each, language="en") for each in by_phone]
    there += people.write_in(room, names=[without_phone.name], by=by)
    there.append(people.join(room, name="Bea, from the clinic", language="en"))
    return there


def _answer(step: Step, there: Sequence[Participant]) -> None:
    said: dict[str, tuple[str, Sequence[Any]]] = {
        "scale": ("number", CONFIDENCE),
        "words": ("words", STAYED),
        "choice": ("picks", [[pick] for pick in FIRST]),
    }
    if step.kind == "web":
        _weave(step, there)
    if step.kind in said:
        name, values = said[step.kind]
        for participant, value in zip(there, values, strict=False):
            answers.give(step, participant=participant, round=1, **{name: value})


def _weave(step: Step, there: Sequence[Participant]) -> None:
    """Let the thread run from need to need, as far as there are people."""
    for needs, need, helpers in WEB:
        if needs >= len(there):
            continue
        webs.send(step, to_id=there[needs].pk)
        strand = webs.voice(step, participant=there[needs], round=1, need=need)
        for helps, how in helpers:
            if helps < len(there):
                webs.help_with(step, participant=there[helps], round=1, strand_id=strand.pk, how=how)
