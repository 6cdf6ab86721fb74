"""What a community decides in its conversations: a day, a proposal with an objection, dots, an order."""

from datetime import timedelta

from django.utils import timezone

from coppice.communities.models import Community, Membership
from coppice.conversations.actions import decisions, posts
from coppice.conversations.actions.decisions import OptionWords, Said
from coppice.conversations.actions.posts import Words
from coppice.conversations.decision_models import Ballot, Decision
from coppice.conversations.models import Post, Thread
from coppice.demo.talking import people_of

WHERE = "Rural transport"
S = Ballot.Stance


def decide(community: Community) -> None:
    """Let Rural transport decide four things in three conversations; every other community decides none."""
    if community.name != WHERE:
        return
    people = people_of(community)
    thread = _thread(
        people[0], "How we share the on-call phone", "It rang in my kitchen all summer. How do we take turns?"
    )
    _day(thread, people)
    _consent(thread, people)
    county = "The county hears us in January, and two wishes is all that it remembers."
    _dots(_thread(people[1], "What we ask the county for", county), people)
    spring = "We have three evenings until May. What first?"
    _order(_thread(people[2], "Topics for the spring meetings", spring), people)
    decisions_here = Decision.objects.filter(thread__community=community)
    decisions_here.update(told_at=timezone.now())
    decisions_here.exclude(outcome_at=None).update(outcome_told_at=timezone.now())
    Post.objects.filter(community=community, told_at=None).update(told_at=timezone.now())


def _thread(opener: Membership, title: str, words: str) -> Thread:
    return posts.start(
        opener.community,
        by=opener.person,
        kind=Thread.Kind.DECISION,
        title=title,
        words=Words(words),
    )


def _ask(
    thread: Thread,
    opener: Membership,
    kind: str,
    question: str,
    days: int,
    *options: OptionWords,
    dots: int = 0,
    background: str = "",
) -> Decision:
    return decisions.open_decision(
        thread,
        by=opener.person,
        kind=kind,
        question=question,
        background=background,
        closes_at=timezone.now() + timedelta(days=days),
        time_zone=opener.community.time_zone,
        options=options,
        dots=dots,
    )


def _say(decision: Decision, who: Membership, *numbers: int, words: str = "") -> None:
    """Choose by numbers: for dots one for each dot, for an order the best first."""
    options = list(decision.options.all())
    weights: dict[int, int] = {}
    for place, number in enumerate(numbers, 1):
        pk = options[number - 1].pk
        weights[pk] = place if decision.kind == Decision.Kind.RANKING else weights.get(pk, 0) + 1
    decisions.answer(decision, membership=who, said=Said(weights, words=words), by=who.person)


def _day(thread: Thread, people: list[Membership]) -> None:
    day = _ask(
        thread,
        people[0],
        Decision.Kind.ONE,
        "On which day does the phone change hands?",
        3,
        OptionWords("Monday", "We hand it over before the first rides of the week"),
        OptionWords("Friday", "Whoever had it rests at the weekend"),
    )
    for who, number, words in ((0, 1, ""), (1, 1, "My volunteers plan on Mondays"), (2, 2, ""), (3, 1, "")):
        _say(day, people[who], number, words=words)
    decisions.decide(
        day,
        outcome="The phone changes hands on Mondays at eight, from next month on. Amara keeps the list.",
        by=people[0].person,
    )


def _consent(thread: Thread, people: list[Membership]) -> None:
    consent = _ask(
        thread,
        people[0],
        Decision.Kind.CONSENT,
        "One number for all five organizations, answered in turns of a week",
        4,
        background="Whoever has the phone books rides for everybody's drivers, in the list that we share.",
    )
    stances = (
        (0, S.AGREE, ""),
        (1, S.NOTE, "Let us look at it again in March."),
        (3, S.ASIDE, "We have no volunteers at night."),
    )
    for who, stance, words in stances:
        said = Said(stance=stance, words=words)
        decisions.answer(consent, membership=people[who], said=said, by=people[who].person)
    objection = decisions.answer(
        consent,
        membership=people[2],
        said=Said(
            stance=S.OBJECT,
            words="Our insurance does not cover rides that somebody else books.",
            proposal="Whoever has the phone passes our rides on to us.",
        ),
        by=people[2].person,
    )
    decisions.work_through(
        objection,
        way="change",
        reply="Rides of your drivers are passed on, by text message.",
        by=people[0].person,
    )
    decisions.resolve(objection, is_resolved=True, by=people[2].person)


def _dots(thread: Thread, people: list[Membership]) -> None:
    dots = _ask(
        thread,
        people[1],
        Decision.Kind.DOTS,
        "What matters most in our letter to the county?",
        6,
        OptionWords("Fuel money", "For volunteers who drive more than 50 miles a week"),
        OptionWords("A van with a lift", "Shared, one month with each of us"),
        OptionWords("Training", "Two evenings a year for all drivers"),
        OptionWords("A common insurance", "The county as the one who insures"),
        dots=3,
    )
    for who, numbers in ((0, (4, 4, 1)), (1, (4, 2, 1)), (2, (4, 4, 4)), (4, (2, 2, 3))):
        _say(dots, people[who % len(people)], *numbers)


def _order(thread: Thread, people: list[Membership]) -> None:
    order = _ask(
        thread,
        people[2],
        Decision.Kind.RANKING,
        "In which order do we take these up?",
        5,
        OptionWords("Night rides"),
        OptionWords("Drivers over seventy"),
        OptionWords("Talking with the clinic"),
    )
    for who, numbers in ((0, (3, 1, 2)), (1, (1, 3, 2)), (2, (3, 2, 1)), (3, (1, 3))):
        _say(order, people[who], *numbers)
