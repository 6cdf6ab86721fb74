"""A step of a live room in which people say how much each topic interests them, before they choose one.

What they say are the same rows as those of the poll by mail (`interests`): whoever answered that one finds it
on their phone. The wall shows counts when the step is closed, so that nobody is swayed, and of no topic of
which fewer than five people have said anything.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Sum
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coppice.formation import actions
from coppice.formation.interest_board import Counted, counted, levels_in, levels_of
from coppice.formation.interest_forms import NAME, InterestForm
from coppice.formation.market_board import Card, cards_of
from coppice.formation.market_steps import MarketStep, board_for
from coppice.formation.models import GuestInterest, Interest, Marketplace
from coppice.formation.room_board import chooser_in, market_in
from coppice.live.errors import NoSuchOption
from coppice.live.kinds import Act, Line, OwnMarks, Result, Row, Words
from coppice.live.models import Participant, Room, Step
from coppice.surveys.models import FEWEST_SHOWN

INTERESTS = "market_interests"
LEVELS = (Interest.Level.MUCH, Interest.Level.PERHAPS, Interest.Level.NO)


@dataclass(frozen=True)
class Said:
    """How many people said what of a topic, by its name; none is told where they are fewer than five."""

    name: str
    much: int
    perhaps: int
    no: int

    @property
    def people(self) -> int:
        return self.much + self.perhaps + self.no

    @property
    def is_told(self) -> bool:
        return self.people >= FEWEST_SHOWN


class Interests(MarketStep):
    """Everybody says of each topic on the board how much it interests them: no, perhaps, much."""

    key = INTERESTS
    label = gettext_lazy("Topic marketplace: how much does each topic interest you?")
    purpose = gettext_lazy(
        "Everybody says of each topic how much it interests them, before they choose. It gives no place."
    )
    phone_template = "formation/live/interests_phone.html"
    projector_template = "formation/live/interests_projector.html"
    host_template = "formation/live/interests_host.html"
    own_template = "formation/live/interests_own.html"
    asks = True
    kept_in = ("room__market__marketplace", "room__market__evening_topics")

    @property
    def acts(self) -> Mapping[str, Act]:
        return {"say": self.say}

    def finish(self, step: Step) -> None:
        super().finish(step)
        link = market_in(step.room)
        if link is not None:
            actions.keep_interests(link)

    def look(self, step: Step) -> Mapping[str, Any]:
        look = super().look(step)
        if look["board"] is None:
            return look
        marks = _marks_in(step.room, look["board"].marketplace)
        return {
            **look,
            "asked": [_asked(card) for card in look["board"].cards],
            "answered": len(marks),
            "fewest": FEWEST_SHOWN,
            "result": self.result(step) if step.is_closed else None,
            "own": OwnMarks("interests", marks, look["board"].people),
        }

    def mine(self, step: Step, participant: Participant) -> Mapping[str, Any] | None:
        levels = _levels_in(step.room, participant)
        if not levels:
            return None
        fields = {NAME % topic: [str(level)] for topic, level in levels.items()}
        return {"say": {**fields, "said": [f"{topic}-{level}" for topic, level in levels.items()]}}

    def own(
        self, step: Step, participant: Participant, look: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        """What one said so far, what is left, and the way to who is interested in the same."""
        link = market_in(step.room)
        if link is None:
            return {}
        cards = look["board"].cards if look else cards_of(link.marketplace)
        levels = _levels_in(step.room, participant)
        chooser = chooser_in(link.marketplace, participant) if participant.speaks_for_person else None
        return {
            "said": [
                (
                    Interest.Level(level).label,
                    [each.topic for each in cards if levels.get(each.topic.pk) == level],
                )
                for level in LEVELS
            ],
            "left": sum(each.topic.pk not in levels for each in cards),
            "has_said": bool(levels),
            "chooser": chooser,
        }

    def say(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Keep what somebody said; what they leave open says nothing. Raises NoSuchOption."""
        marketplace = board_for(step, round)
        form = InterestForm(said, cards=cards_of(marketplace), levels={})
        if not form.is_valid() or not form.levels:
            raise NoSuchOption
        actions.say_interests_in_room(marketplace, participant, levels=form.levels)

    def result(self, step: Step) -> Result | None:
        """Each topic with how many it interests much, of most interest first; none of fewer than five."""
        said = _said_in(step)
        if not any(each.people for each in said):
            return None
        told = [each for each in said if each.is_told]
        lines = tuple(_line_of(each) for each in said)
        link = step.room.market
        page = reverse("formation:market_interests", args=[link.marketplace_id])
        return Result(
            _finding(told),
            (_("Topic"), _("Much")),
            lines,
            host_page=(page, _("What interests people today")),
            as_it_was=step.room.is_ended and link.was_kept,
        )

    def rows(self, step: Step) -> Iterable[Row]:
        """Each topic with how many said what; that it is hidden where they are fewer than five."""
        for each in _said_in(step):
            if each.is_told:
                for level, people in zip(LEVELS, (each.much, each.perhaps, each.no), strict=True):
                    yield Row(step.round, f"{each.name}: {level.label}", people)
            else:
                yield Row(step.round, each.name, note=_hidden())


def _asked(card: Card) -> tuple[Card, str, list[tuple[int, str, Words]]]:
    """A topic with the name of its field, and each answer with the mark by which one's own is known."""
    topic = card.topic.pk
    return (
        card,
        NAME % topic,
        [(level.value, f"{topic}-{level.value}", level.label) for level in reversed(LEVELS)],
    )


def _levels_in(room: Room, participant: Participant) -> dict[int, int]:
    """How much topics interest a participant, by the id of what they are part of now; a guest's too."""
    link = market_in(room)
    if link is None:
        return {}
    chooser = chooser_in(link.marketplace, participant)
    if chooser is not None:
        return levels_of(chooser)
    return levels_in(link.marketplace, GuestInterest.objects.filter(participant=participant))


def _marks_in(room: Room, marketplace: Marketplace) -> dict[int, str]:
    """What changes, by participant, when they say anything; two queries."""
    place = "enrollment__person__live_participations"
    known = Interest.objects.filter(
        **{f"{place}__room": room}, topic__marketplace=marketplace, enrollment__ended_at=None
    )
    guests = GuestInterest.objects.filter(participant__room=room, topic__marketplace=marketplace)
    marks: dict[int, str] = {}
    for rows, who in ((known, place), (guests, "participant")):
        figures = rows.order_by().values_list(who).annotate(Count("pk"), Sum("level"), Max("said_at"))
        marks |= {pk: f"{number}.{total}.{at.timestamp():.0f}" for pk, number, total, at in figures}
    return marks


def _said_in(step: Step) -> Sequence[Said]:
    """What was said of the topics of a step's room: as it was when it ended, else as it is now."""
    link = getattr(step.room, "market", None)
    if link is None:
        return []
    if step.room.is_ended and link.was_kept:
        kept = [each for each in link.evening_topics.all() if each.much is not None]
        said = [Said(each.name, each.much, each.perhaps, each.no) for each in kept]
        return sorted(
            said, key=lambda each: (not each.is_told, *((-each.much, -each.perhaps) if each.is_told else ()))
        )
    found: Sequence[Counted] = counted(link.marketplace, cards_of(link.marketplace))
    return [Said(each.card.topic.name, each.much, each.perhaps, each.no) for each in found]


def _finding(told: Sequence[Said]) -> str:
    if not told:
        return _("Fewer than %(fewest)d people have said something of each topic, so no count is shown.") % {
            "fewest": FEWEST_SHOWN
        }
    first = told[0]
    words = ngettext(
        "%(topic)s comes first: it interests %(much)d of %(people)d person much",
        "%(topic)s comes first: it interests %(much)d of %(people)d people much",
        first.people,
    )
    return words % {"topic": first.name, "much": first.much, "people": first.people}


def _line_of(said: Said) -> Line:
    if not said.is_told:
        return Line(said.name, "–", 0, note=_hidden())
    figure = _("%(count)d of %(whole)d") % {"count": said.much, "whole": said.people}
    note = _("Perhaps %(perhaps)d, no %(no)d") % {"perhaps": said.perhaps, "no": said.no}
    return Line(said.name, figure, said.much / said.people, note=note)


def _hidden() -> str:
    return _("Hidden: fewer than %(fewest)d people") % {"fewest": FEWEST_SHOWN}
