"""A marketplace in its middle: topics that are full, ready or thin, and people who wait."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from coppice.accounts.models import Person
from coppice.formation import actions
from coppice.formation.market_board import Chooser
from coppice.formation.models import Marketplace, OfferedTopic, Offerer
from coppice.programs.models import Enrollment, Program

SMALLEST, LARGEST = 6, 12
STILL_OPEN = timedelta(days=4)
FROM_PAPER = Enrollment.ContactMode.PHONE


@dataclass(frozen=True)
class Put:
    """A topic that somebody put up: how many are in it, how many wait, whom it is for."""

    name: str
    why: str
    people: int
    waiting: int = 0
    leads: bool = True
    criteria: tuple[str, ...] = ()


BOARD = (
    Put(
        "Crossing guards who stay",
        "We train new guards every autumn and lose half of them by spring.",
        LARGEST,
        waiting=2,
        criteria=("You find or train crossing guards", "You can try one thing before the next meeting"),
    ),
    Put("Walking groups in small towns", "Six families, one road, no sidewalk: what works?", 10),
    Put(
        "First bike lessons", "Bikes, helmets and a yard are there. A good first hour is not.", 8, leads=False
    ),
    Put("Talking with traffic engineers", "Asking for a crosswalk so that the answer is yes.", 7),
    Put("Bus stops that feel safe", "Light, sight, and somebody who looks after it.", 3),
    Put("Safer bus stops", "", 2, leads=False),
)


def tell(program: Program, *, by: Person) -> Marketplace:
    """Open a marketplace on which half of the program's people have chosen so far."""
    today = timezone.localdate(timezone=program.zone)
    marketplace = actions.open_for_choice(
        program,
        name="Choose your network",
        minimum=SMALLEST,
        maximum=LARGEST,
        closes_on=today + STILL_OPEN,
        offered_by=Offerer.EVERYBODY,
        waits=2,
        by=by,
    )
    people = Enrollment.objects.filter(program=program).select_related("person").order_by("pk")
    by_mail = [each for each in people if each.contact_mode != FROM_PAPER]
    by_paper = [each for each in people if each.contact_mode == FROM_PAPER]
    choosers = iter([Chooser(marketplace, each) for each in by_mail])
    topics = []
    for put in BOARD:
        offerer = next(choosers)
        topic = actions.offer(offerer, name=put.name, why=put.why, leads=put.leads, by=offerer.person)
        topics.append(topic)
        for text in put.criteria:
            actions.write_criterion(offerer, topic=topic, text=text, by=offerer.person)
        entered = by_paper[len(topics) - 1 : len(topics)] if put.people >= SMALLEST else []
        for each in entered:
            chooser = Chooser(marketplace, each)
            actions.wait(chooser, topic=topic, by=by, from_paper=True)
        for _place in range(put.people - 1 - len(entered)):
            chooser = next(choosers)
            actions.join(chooser, topic=topic, by=chooser.person)
    _wait(topics, marketplace)
    return marketplace


def _wait(topics: list[OfferedTopic], marketplace: Marketplace) -> None:
    """People of the last topics would rather be in the full ones."""
    last = [choice.enrollment for choice in topics[-1].choices.select_related("enrollment__person")]
    for topic, put in zip(topics, BOARD, strict=True):
        for enrollment in last[: put.waiting]:
            actions.wait(Chooser(marketplace, enrollment), topic=topic, by=enrollment.person)
