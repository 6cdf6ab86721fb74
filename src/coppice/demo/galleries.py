"""An evening at which a community hung up what stands for what its people know, and walked past it."""

from datetime import datetime, timedelta

from coppice.accounts.models import Person
from coppice.activities.actions import cards
from coppice.activities.agendas import expertise_gallery
from coppice.activities.models import Card, Wish
from coppice.communities.models import Community, Membership
from coppice.demo.drawings import pictures
from coppice.live.actions import moves, people, rooms
from coppice.live.models import Move, Participant, Room, Step
from coppice.profiles.models import Audience

TITLE = "What each of us brings"
LENGTH = timedelta(minutes=48)

# The object, its story, its topics, and its picture; "" for a card without a photo.
BROUGHT = (
    (
        "The keys of four church halls",
        "Four congregations trust me with their rooms. Ask me how to borrow a place and give it back better.",
        ("Volunteers",),
        "keys",
        "Three worn keys on one steel ring",
    ),
    (
        "A refused application",
        "Eleven pages, refused in one line. The second time I rang first and asked what they wanted to read.",
        ("Grants",),
        "letter",
        "A typed letter with a red stamp on it",
    ),
    (
        "The drum of our youth group",
        "Whoever comes in angry drums first. Then we talk. It has kept more young people than any rule.",
        ("Young people",),
        "drum",
        "A laced wooden drum with a pale skin",
    ),
    (
        "A green notebook",
        "Every promise that somebody made to us, with the day. Two thirds were kept, once they knew of it.",
        ("Grants", "Data"),
        "notebook",
        "A green notebook with a label, and a pencil beside it",
    ),
    (
        "My mother's recipe cards",
        "She cooked for two hundred without a list. I wrote it down: how much, for how many, by when.",
        ("Volunteers",),
        "",
        "",
    ),
)  # fmt: skip
WISHES = ((0, (1, 2)), (1, (0, 2)), (2, (3,)), (3, (1,)), (4, (1, 3)))
"""Who would like to hear more from whom, by their places in BROUGHT."""


def held(community: Community, *, began: datetime, by: Person) -> Room:
    """Tell the evening as it went: five cards, one of them told to the host, a walk, who asked for more."""
    room = rooms.create(community.program, community=community, title=TITLE, steps=expertise_gallery(), by=by)
    there = _came(room, by=by)
    bringing, walk = room.steps.get(kind="bring"), room.steps.get(kind="walk")
    moves.open_step(bringing, by=by)
    for participant, (thing, story, topics, picture, alt) in zip(there, BROUGHT, strict=True):
        step = _fresh(bringing)
        known = community.program.topics.filter(name__in=topics).values_list("pk", flat=True)
        cards.bring(step, participant=participant, round=1, thing=thing, story=story, topics=known)
        if picture:
            cards.put_photo(step, participant=participant, pictures=pictures(picture), alt=alt)
    for participant, audience in zip(there[2:4], (Audience.PROGRAM, Audience.COMMUNITIES), strict=True):
        cards.keep_on_profile(
            _fresh(bringing), participant=participant, audience=audience, offers_topics=False
        )
    moves.open_step(walk, by=by)
    for place, wanted in WISHES:
        for other in wanted:
            card = Card.objects.get(participant=there[other])
            cards.wish(_fresh(walk), participant=there[place], round=1, card_id=card.pk)
    cards.go_to(_fresh(walk), card_id=0)
    rooms.end(room, by=by)
    _date(room, began)
    return room


def _came(room: Room, *, by: Person) -> list[Participant]:
    """Four members by phone, the fifth written in from paper."""
    assert room.community is not None
    members = room.community.memberships.filter(state=Membership.State.ACTIVE).select_related("person")
    *by_phone, on_paper = [each.person for each in members.order_by("pk")[: len(BROUGHT)]]
    there = [people.join(room, name=each.name, person=each, language="en") for each in by_phone]
    return [*there, *people.write_in(room, names=[on_paper.name], by=by)]


def _fresh(step: Step) -> Step:
    return Step.objects.select_related("room__program").get(pk=step.pk)


def _date(room: Room, began: datetime) -> None:
    """Let the evening be when it was."""
    middle = began + LENGTH / 2
    Room.objects.filter(pk=room.pk).update(created_at=began, started_at=began, ended_at=began + LENGTH)
    room.participants.update(joined_at=began)
    Move.objects.filter(room=room).update(at=began)
    Card.objects.filter(step__room=room).update(at=middle)
    Card.objects.filter(step__room=room).exclude(kept_at=None).update(kept_at=middle)
    Wish.objects.filter(step__room=room).update(at=middle)
    room.refresh_from_db()
