"""What people of the demo say that they need and offer, what stands for what they know, who met by it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from coppice.accounts.models import Person
from coppice.demo.drawings import pictures
from coppice.notifications.models import Message
from coppice.profiles import actions
from coppice.profiles.matching import candidates_for
from coppice.profiles.models import Audience, Expertise, Introduction, Need, Source
from coppice.programs import actions as programs
from coppice.programs.models import Enrollment, Program

U, L, A = Need.Urgency, Expertise.Level, Expertise.Availability

# By topic: what people need, and how soon; "" is the topic alone.
NEEDS: dict[str, tuple[tuple[str, str], ...]] = {
    "Volunteers": (
        ("Ours stay three months and go. What do I change first?", U.NOW),
        ("", U.SOON),
        ("A way to thank volunteers that costs nothing", U.SOMETIME),
    ),
    "Grants": (
        ("Somebody to read my first budget before the 15th", U.NOW),
        ("How to write a needs statement without numbers", U.SOON),
        ("", U.SOON),
        ("", U.SOMETIME),
    ),
    "Transport": (
        ("Insurance for volunteer drivers: who has found one?", U.SOON),
        ("", U.NOW),
    ),
    "Boards": (("Our board meets and decides nothing", U.SOON),),
    "Young people": (("", U.SOON), ("How do you reach the ones who left school?", U.SOON)),
    "Data": (
        ("A spreadsheet that counts people once", U.SOON),
        ("Explain outcomes to my board in one page", U.SOMETIME),
        ("", U.SOON),
    ),
}
# By topic: what people can help with, how well they know it, how much they would help. Nobody knows data yet.
OFFERS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "Volunteers": (
        ("Keeping volunteers past month three", L.SHOWS, A.HOURS),
        ("", L.DOES, A.CALL),
    ),
    "Grants": (
        ("I read budgets for a foundation for six years", L.SHOWS, A.CALL),
        ("", L.BEGUN, A.CALL),
    ),
    "Transport": (("A ride list that runs on one phone", L.DOES, A.HOURS),),
    "Boards": (("A one-hour board retreat", L.SHOWS, A.MORE), ("", L.DOES, A.HOURS)),
    "Young people": (("Going where they are on a Saturday", L.DOES, A.CALL),),
}
# A picture of it (demo/drawings), what it is, and its story.
OBJECTS = (
    (
        "map",
        "A worn road map",
        "I drove every route in our county before we planned one. I know which bridge floods, and whom to "
        "call when it does.",
    ),
    (
        "ladle",
        "A soup ladle",
        "Forty people a day for nine years. What I learned is how to ask somebody to come back tomorrow.",
    ),
    (
        "letter",
        "My first grant letter",
        "It was a no. The second was a yes, and I kept both: I can show you what changed between them.",
    ),
)
FREE = (
    ["mon-09", "mon-10", "wed-09", "wed-10"],
    ["tue-13", "tue-14", "thu-13", "thu-14"],
    ["mon-18", "tue-18", "fri-09"],
)


def introduce(program: Program, *, by: Person, helped_at: datetime) -> None:
    """Let two introductions be on their way: one waits for a yes, of one somebody said that it helped.

    `helped_at` is when those two were introduced.
    """
    waiting = _need_with_somebody(program, topic="Transport")
    if waiting is not None:
        actions.propose(waiting[0], offer=waiting[1], by=waiting[0].enrollment.person)
    found = _need_with_somebody(program, topic="Grants")
    if found is None:
        return
    need, offer = found
    made = actions.propose(need, offer=offer, by=by)
    for each in (need.enrollment, offer.enrollment):
        actions.agree(made, enrollment=each, by=each.person)
    actions.tell_outcome(made, outcome=actions.Outcome.HELPED, by=need.enrollment.person)
    day = timedelta(days=1)
    Introduction.objects.filter(pk=made.pk).update(
        proposed_at=helped_at - 2 * day,
        need_agreed_at=helped_at - day,
        offer_agreed_at=helped_at,
        introduced_at=helped_at,
        asked_whether_at=helped_at + 14 * day,
        ended_at=helped_at + 15 * day,
    )
    for occasion in ("asked", "made", "thanks"):  # the outbox shows what waits today
        Message.objects.filter(occasion=f"introduction-{occasion}:{made.pk}").delete()


def _need_with_somebody(program: Program, *, topic: str) -> tuple[Need, Expertise] | None:
    """The first need of a topic of somebody whom mail reaches, and the offer that fits it best."""
    needs = Need.objects.of_program(program).filter(topic__name=topic).exclude(enrollment__email="")
    for need in needs.select_related("topic", "enrollment__program__provider", "enrollment__person"):
        fitting = candidates_for(need).exclude(enrollment__email="")
        offer = fitting.select_related("topic", "enrollment__program", "enrollment__person").first()
        if offer is not None:
            return need, offer
    return None


def tell(program: Program, people: Sequence[Enrollment], *, by: Person) -> None:
    """Let people say what they need and offer: most by themselves, every seventh on paper."""
    for turn, (topic, said) in enumerate(NEEDS.items()):
        about = program.topics.get(name=topic)
        for place, (text, urgency) in enumerate(said):
            somebody = people[(turn * 11 + place * 17 + 3) % len(people)]
            by_paper = (turn + place) % 7 == 6
            actions.voice_need(
                somebody,
                by=by if by_paper else somebody.person,
                topic=about,
                text=text,
                urgency=urgency,
                audience=Audience.PROGRAM if place == 1 else Audience.COMMUNITIES,
                source=Source.PAPER if by_paper else Source.SELF,
            )
        for place, (text, level, availability) in enumerate(OFFERS.get(topic, ())):
            somebody = people[(turn * 13 + place * 19 + 5) % len(people)]
            actions.offer_help(
                somebody,
                by=somebody.person,
                topic=about,
                text=text,
                level=level,
                availability=availability,
                audience=Audience.PROGRAM,
            )
    actions.voice_need(
        people[1],
        by=people[1].person,
        text="A quiet hour with somebody who has closed a program before",
        audience=Audience.STAFF,
    )
    for place, (picture, name, story) in enumerate(OBJECTS):
        somebody = people[place * 14]
        seen = {"object_audience": Audience.PROGRAM}
        actions.change_profile(somebody, by=somebody.person, object_name=name, object_story=story, **seen)
        actions.put_photo(somebody, pictures=pictures(picture), alt="", by=somebody.person)
        programs.say_of_oneself(
            somebody, by=somebody.person, languages=["en", "es"][: place + 1], free_hours=FREE[place]
        )
