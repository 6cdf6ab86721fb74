"""What goes on for one person beside their meetings: what they asked for, where they can go now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import DateField, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coppice.communities.commitment_models import Commitment
from coppice.communities.models import Membership
from coppice.conversations.decision_steps import unanswered_by
from coppice.formation.models import Choice, Marketplace, OfferedTopic, SwapRequest
from coppice.live.models import Room

MOST = 5
MOST_COMMITMENTS = 20
TO_DECIDE = "/decide"
"""Stands where a room has its code, which holds no stroke."""


@dataclass(frozen=True)
class Waiting:
    """One line: a whole sentence, and the page where it goes on."""

    sentence: str
    url: str
    label: str


def waiting_for(person: Any) -> list[Waiting]:
    """Return rooms that go on, decisions that want an answer, commitments and wishes to change of a person.

    In two queries. The commitments of the earliest day come first, those without a day last.
    """
    wishes = SwapRequest.objects.open().filter(membership__person=person)
    rooms, decisions, commitments = _what_goes_on(person)
    return [
        *(
            Waiting(
                _("The live room “%(room)s” is going on now.") % {"room": title},
                reverse("live:join", args=[code]),
                _("Join the live room"),
            )
            for title, code in rooms[:MOST]
        ),
        *(
            Waiting(
                _("“%(question)s” waits for your answer.") % {"question": question},
                reverse("conversations:decision", args=[pk]),
                _("Read and answer"),
            )
            for question, pk in decisions[:MOST]
        ),
        *(
            Waiting(
                _promised(what, day), reverse("communities:commitment", args=[pk]), _("Say how it stands")
            )
            for what, day, pk in commitments[:MOST_COMMITMENTS]
        ),
        *(
            Waiting(
                _asked(wish),
                reverse("formation:member_swap", args=[wish.membership_id]),
                _("See what you asked for"),
            )
            for wish in wishes.select_related("membership__community", "wanted")[:MOST]
        ),
    ]


def chosen_on(
    marketplaces: Sequence[Marketplace], person: Any
) -> list[tuple[Marketplace, OfferedTopic | None]]:
    """Return marketplaces with the topic in which a person has a place, None without one; in one query."""
    places = Choice.objects.places().filter(enrollment__person=person, marketplace__in=marketplaces)
    topics = {each.marketplace_id: each.topic for each in places.select_related("topic")}
    return [(each, topics.get(each.pk)) for each in marketplaces]


def _what_goes_on(
    person: Any,
) -> tuple[list[tuple[str, str]], list[tuple[str, int]], list[tuple[str, date | None, int]]]:
    """Titles and codes of rooms that go on; questions and ids of decisions; words, day and id of commitments.

    In one query.
    """
    places = Membership.objects.filter(person=person)
    active = places.filter(state=Membership.State.ACTIVE).values("community")
    rooms = Room.objects.filter(community__in=active, state=Room.State.RUNNING)
    commitments = Commitment.objects.open().filter(
        membership__in=places.taking_part().values("pk"), community__ended_at=None
    )
    no_day = Cast(Value(None), DateField())  # PostgreSQL takes a bare NULL for words
    rows = list(
        rooms.order_by()
        .values_list("title", "code", no_day, "pk")
        .union(
            unanswered_by(person).values_list("question", Value(TO_DECIDE), no_day, "pk"),
            commitments.order_by().values_list("what", Value(""), "due_on", "pk"),
            all=True,
        )
        .order_by()
    )
    promised = [(words, day, pk) for words, code, day, pk in rows if not code]
    return (
        [(words, code) for words, code, _day, _pk in rows if code not in {"", TO_DECIDE}],
        sorted(
            ((words, pk) for words, code, _day, pk in rows if code == TO_DECIDE), key=lambda each: each[1]
        ),
        sorted(promised, key=lambda each: (each[1] is None, each[1] or date.max, each[2])),
    )


def _promised(what: str, day: date | None) -> str:
    if day is None:
        return _("You said that you would: %(what)s.") % {"what": what}
    return _("You said that you would, by %(day)s: %(what)s.") % {"day": date_format(day), "what": what}


def _asked(wish: SwapRequest) -> str:
    said = {"community": wish.membership.community, "wanted": wish.wanted}
    if wish.wanted is None:
        return _("You asked to change from %(community)s to another one. It waits.") % said
    return _("You asked to change from %(community)s to %(wanted)s. It waits.") % said
