"""Steps of a live room in which people offer topics, choose and meet: the board is a marketplace.

Rounds do not matter to it: however often a step is begun, the board is one, and so it is when people choose
online at the same time. A room with a board is one of the whole program, which its staff alone host.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coppice.formation import actions
from coppice.formation.market_board import Chooser
from coppice.formation.market_errors import NoBoard, NothingAsked, TopicIsGone
from coppice.formation.market_forms import CriterionForm, OfferForm
from coppice.formation.marketplaces import LARGEST, MOST_WAITS
from coppice.formation.models import GuestWish, Marketplace, OfferedTopic
from coppice.formation.room_board import (
    CHOICE,
    USUAL,
    RoomBoard,
    Stood,
    board_in,
    chooser_in,
    chosen_in,
    market_in,
    own_in,
    stood_in,
    stood_of,
)
from coppice.formation.taking_up import proposed_for, untouched_of
from coppice.lib.ids import id_in
from coppice.lib.lines import one_line
from coppice.live.actions import answers
from coppice.live.errors import NoLongerTaken, NoSuchOption, NotBegun
from coppice.live.kinds import Act, HostAct, Kind, Line, Next, OwnMarks, Result, Row
from coppice.live.models import Participant, Step

LONGEST_STAY = 14
"""So many days after its evening a room's board is open at most."""


class MarketStep(Kind):
    """What both steps share: the board, and what hosts do with its topics."""

    stylesheet = "formation/marketplace.css"
    takes_up = True
    """Whether what came of earlier steps goes on the board by itself when this step opens."""
    has_meters = False
    """Whether the wall says how full topics are, and not who offered them."""
    kept_in: tuple[str, ...] = (
        "room__market__marketplace__topics__choices__enrollment",
        "room__market__marketplace__topics__guest_wishes",
        "room__market__evening_topics__topic",
    )

    @property
    def host_acts(self) -> Mapping[str, HostAct]:
        return {
            "merge": self.merge,
            "part": self.part,
            "rename": self.rename,
            "hide": self.hide,
            "show": self.show,
            "take_up": self.take_up,
            "take_down": self.take_down,
        }

    def begin(self, step: Step) -> None:
        actions.prepare(step)
        if self.takes_up:
            actions.take_up_by_itself(step)

    def finish(self, step: Step) -> None:
        actions.keep_evening(step)

    def look(self, step: Step) -> Mapping[str, Any]:
        board = board_in(step, **self.counted(step))
        if board is None:
            return {"board": None, "answered": 0}
        return {
            "board": board,
            "has_meters": self.has_meters,
            "answered": board.chose,
            "result": self.told(step, [stood_of(each) for each in board.cards]) if step.is_closed else None,
            "longest": OfferedTopic._meta.get_field("name").max_length,
            "own": SimpleLazyObject(partial(self.own_marks, board)),  # which phones alone show
            "proposed": partial(proposed_for, step, board.topics),
            "untouched": partial(untouched_of, board.topics),
        }

    def counted(self, step: Step) -> dict[str, Any]:
        """What the kind counts in the room besides, as annotations of `market_in`."""
        return {}

    def own_marks(self, board: RoomBoard) -> OwnMarks:
        """What tells phones that their own part has changed."""
        return OwnMarks("board", board.marks, board.people)

    def result(self, step: Step) -> Result | None:
        return self.told(step, stood_in(step))

    def comes_next(self, step: Step) -> Iterable[Next]:
        """The communities that come of the board; a room with one is hosted by the staff alone."""
        link = getattr(step.room, "market", None)
        return [next_of(link.marketplace)] if link else []

    def told(self, step: Step, topics: Sequence[Stood]) -> Result | None:
        """Return what came of a step, of topics as they stood."""
        return None

    def goes_with(self, participant: Participant) -> list[str]:
        """What a guest chose; a place of somebody known is theirs outside of the room as well."""
        wish = GuestWish.objects.filter(participant=participant).select_related("topic").first()
        return [_("What they chose as a guest: %(topic)s.") % {"topic": wish.topic}] if wish else []

    def merge(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Make a topic part of another; its people move with it."""
        topic, into = topic_in(step, said), topic_in(step, said, "into")
        actions.merge(topic, into=into, by=by)

    def part(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Undo that a topic became part of another."""
        actions.undo_merger(topic_in(step, said), by=by)

    def rename(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Give a topic a better name; an empty one changes nothing."""
        topic = topic_in(step, said)
        name = one_line(said.get(f"name-{topic.pk}", ""))[:100] or topic.name
        actions.change_topic(topic, name=name, why=topic.why, own_maximum=topic.own_maximum, by=by)

    def hide(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Take a topic off the board."""
        actions.hide_topic(topic_in(step, said), by=by)

    def show(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Put a hidden topic on the board again."""
        actions.show_topic(topic_in(step, said), by=by)

    def take_up(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Put what came of earlier steps on the board."""
        actions.take_up(step, by=by)

    def take_down(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Take what came of earlier steps off the board, where nobody has chosen it."""
        actions.take_down(step, by=by)


class Offers(MarketStep):
    """People put topics up; each is the first in theirs."""

    key = "market_offers"
    label = gettext_lazy("Topic marketplace: offer topics")
    purpose = gettext_lazy("People put up what they would work on. You put together what is the same.")
    phone_template = "formation/live/offers_phone.html"
    projector_template = "formation/live/offers_projector.html"
    host_template = "formation/live/offers_host.html"

    @property
    def acts(self) -> Mapping[str, Act]:
        return {"offer": self.offer}

    def look(self, step: Step) -> Mapping[str, Any]:
        return {**super().look(step), "own": None}

    def offer(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Put a topic up. Raises DomainError with the form's own words when there is no name."""
        marketplace = board_for(step, round)
        form = OfferForm(said)
        if not form.is_valid():
            raise NoSuchOption(str(next(iter(form.errors.values()))[0]))
        given = form.cleaned_data
        actions.offer_in_room(
            marketplace, participant, name=given["name"], why=given["why"], leads=given["leads"]
        )

    def told(self, step: Step, topics: Sequence[Stood]) -> Result | None:
        if not topics:
            return None
        finding = ngettext(
            "%(count)d topic is on the board", "%(count)d topics are on the board", len(topics)
        )
        lines = tuple(
            Line(each.name, str(each.people), each.people / each.maximum, note=each.topic.why)
            for each in topics
        )
        return _kept_result(step, finding % {"count": len(topics)}, lines)

    def rows(self, step: Step) -> Iterable[Row]:
        """Each topic with why it was put up."""
        return [Row(step.round, each.name, note=each.topic.why) for each in stood_in(step)]


class Choosing(MarketStep):
    """Everybody takes one place, or waits; whoever cannot decide gets suggestions on their own phone.

    That somebody asked for suggestions is kept as an answer with the number 1: it is nobody's choice.
    """

    key = CHOICE
    label = gettext_lazy("Topic marketplace: choose")
    purpose = gettext_lazy(
        "Everybody takes one place. Meters show which topics are full and which need more."
    )
    phone_template = "formation/live/choosing_phone.html"
    projector_template = "formation/live/choosing_projector.html"
    host_template = "formation/live/choosing_host.html"
    own_template = "formation/live/choosing_own.html"
    afterwards_template = "formation/live/choosing_afterwards.html"
    asks = True
    has_meters = True

    @property
    def acts(self) -> Mapping[str, Act]:
        return {
            "choose": self.choose,
            "leave": self.leave,
            "criterion": self.criterion,
            "unsay": self.unsay,
            "hints": self.hints,
            "go": self.go,
            "stay": self.stay,
        }

    @property
    def host_acts(self) -> Mapping[str, HostAct]:
        return {**super().host_acts, "ask": self.ask, "call_off": self.call_off}

    def fields(self) -> dict[str, forms.Field]:
        def number(label: Any, name: str, least: int, most: int, help_text: Any = "") -> forms.Field:
            return forms.IntegerField(
                label=label, min_value=least, max_value=most, initial=USUAL[name], help_text=help_text
            )

        days = gettext_lazy(
            "Who missed it chooses until then, by the link that you send or on a host's screen."
        )
        return {
            "minimum": number(gettext_lazy("Smallest size of a topic"), "minimum", 1, LARGEST),
            "maximum": number(gettext_lazy("Largest size of a topic"), "maximum", 1, LARGEST),
            "waits": number(gettext_lazy("Waitlists beside one's place"), "waits", 0, MOST_WAITS),
            "days": number(
                gettext_lazy("Days that it stays open afterwards"), "days", 1, LONGEST_STAY, help_text=days
            ),
        }

    def mine(self, step: Step, participant: Participant) -> Mapping[str, Any] | None:
        topic = chosen_in(step.room, participant)
        return {"choose": {"topic": [str(topic)]}} if topic else None

    def own(
        self, step: Step, participant: Participant, look: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        board = look["board"] if look else None
        link = board.link if board else market_in(step.room)
        if link is None:
            return {}
        asked_for_hints = _asked_for_hints(step, participant)
        return {
            "part": own_in(
                link.marketplace,
                participant,
                cards=board.cards if board else None,
                suggests=asked_for_hints,
            ),
            "asked_for_hints": asked_for_hints,
            "takes": step.room.takes_answers and link.marketplace.is_open,
            "has_waitlists": link.marketplace.waits > 0,
        }

    def afterwards(self, step: Step, participant: Participant) -> Mapping[str, Any] | None:
        link = market_in(step.room)
        if link is None:
            return None
        part = own_in(link.marketplace, participant, cards=None, suggests=False)
        return {"part": part, "marketplace": link.marketplace}

    def told(self, step: Step, topics: Sequence[Stood]) -> Result | None:
        if not topics:
            return None
        people = sum(each.people for each in topics)
        starting = sum(each.has_enough for each in topics)
        finding = ngettext(
            "%(people)d person has a place. Topics with enough people: %(enough)d of %(topics)d",
            "%(people)d people have a place. Topics with enough people: %(enough)d of %(topics)d",
            people,
        )
        lines = tuple(
            Line(each.name, each.figure, each.share, note=_standing(each))
            for each in sorted(topics, key=lambda each: -each.people)
        )
        said = {"people": people, "enough": starting, "topics": len(topics)}
        return _kept_result(step, finding % said, lines)

    def rows(self, step: Step) -> Iterable[Row]:
        """Each topic with its people, and how many wait."""
        return [Row(step.round, each.name, each.people, note=_standing(each)) for each in stood_in(step)]

    def choose(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Take a place, or wait where there is none."""
        marketplace = board_for(step, round)
        actions.choose_in_room(marketplace, participant, topic=topic_in(step, said))

    def leave(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Give a place or a wait up."""
        marketplace = board_for(step, round)
        actions.leave_in_room(marketplace, participant, topic=topic_in(step, said))

    def criterion(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Say whom one's own topic is for."""
        chooser = _chooser(board_for(step, round), participant)
        form = CriterionForm(said)
        if not form.is_valid():
            raise NoSuchOption(str(next(iter(form.errors.values()))[0]))
        topic, text = topic_in(step, said), form.cleaned_data["text"]
        actions.write_criterion(chooser, topic=topic, text=text, by=participant.person)

    def unsay(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Take one's own line back."""
        chooser = _chooser(board_for(step, round), participant)
        number = id_in(said.get("criterion", ""))
        actions.take_criterion_back(chooser, criterion_id=number, by=participant.person)

    def hints(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Ask for suggestions, which this phone alone shows."""
        board_for(step, round)
        answers.give(step, participant=participant, round=round, number=1)

    def go(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Say yes: go into the other topic."""
        chooser = _chooser(board_for(step, round), participant)
        actions.go_along(chooser, by=participant.person, from_paper=_is_on_paper(participant))

    def stay(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Say no: stay."""
        actions.stay(_chooser(board_for(step, round), participant), by=participant.person)

    def ask(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Ask the people of a topic whether they go into another; each topic's field has its own name."""
        topic = topic_in(step, said)
        actions.ask_people(topic, into=topic_in(step, said, f"into-{topic.pk}"), by=by)

    def call_off(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Ask no longer."""
        actions.end_question(topic_in(step, said), by=by)


class Groups(MarketStep):
    """Everybody talks with whom they chose: wall and phones say which groups there are, and one's own."""

    key = "market_groups"
    label = gettext_lazy("Topic marketplace: with your group")
    purpose = gettext_lazy("Everybody talks with those who chose the same topic. Phones say which it is.")
    phone_template = "formation/live/groups_phone.html"
    projector_template = "formation/live/groups_projector.html"
    host_template = "formation/live/groups_host.html"
    own_template = "formation/live/groups_own.html"
    takes_up = False

    def own(
        self, step: Step, participant: Participant, look: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        link = market_in(step.room)
        if link is None:
            return {}
        board = look["board"] if look else None
        cards = board.cards if board else None
        return {"part": own_in(link.marketplace, participant, cards=cards, suggests=False)}


def board_for(step: Step, round: int) -> Marketplace:
    """The board of a step while people can act in it; raises NotBegun, NoLongerTaken and NoBoard."""
    if not 1 <= round <= step.rounds_begun:
        raise NotBegun
    if not step.room.takes_answers:
        raise NoLongerTaken
    link = market_in(step.room)
    if link is None:
        raise NoBoard
    return link.marketplace


def topic_in(step: Step, said: QueryDict, field: str = "topic") -> OfferedTopic:
    """The topic that a form names, of the step's own board; raises TopicIsGone."""
    rows = OfferedTopic.objects.filter(marketplace__rooms__room=step.room_id)
    topic = (
        rows.select_related("marketplace__program__provider").filter(pk=id_in(said.get(field, ""))).first()
    )
    if topic is None:
        raise TopicIsGone
    return topic


def _chooser(marketplace: Marketplace, participant: Participant) -> Chooser:
    """A participant whom the program knows; raises NothingAsked, as a guest is asked nothing."""
    chooser = chooser_in(marketplace, participant)
    if chooser is None:
        raise NothingAsked
    return chooser


def _is_on_paper(participant: Participant) -> bool:
    return participant.source == Participant.Source.PAPER


def _asked_for_hints(step: Step, participant: Participant) -> bool:
    return step.answers.filter(round=step.round, participant=participant).exists()


def next_of(marketplace: Marketplace) -> Next:
    """Return where the staff make communities of a board, or see the round that they have made of it."""
    if marketplace.is_settled:
        return Next(
            _("See the round that was made of the topics"),
            reverse("formation:formation", args=[marketplace.formation_id]),
        )
    return Next(
        _("Make communities of the topics"), reverse("formation:market_settlement", args=[marketplace.pk])
    )


def _kept_result(step: Step, finding: str, lines: tuple[Line, ...]) -> Result:
    """A result of topics; where they are kept as they were, hosts find the board of today beside it."""
    head, link = (_("Topic"), _("People")), getattr(step.room, "market", None)
    if link is None or not step.room.is_ended or not link.was_kept:
        return Result(finding, head, lines)
    today = (link.marketplace.get_absolute_url(), _("How it stands today"))
    return Result(finding, head, lines, host_page=today, as_it_was=True)


def _standing(topic: Stood) -> str:
    if topic.missing:
        words = ngettext("One more and it starts", "%(missing)s more and it starts", topic.missing)
        return words % {"missing": topic.missing}
    if not topic.has_enough:
        return _("Enough once its guests are known")
    waiting = topic.waiting
    return ngettext("%(count)d waits", "%(count)d wait", waiting) % {"count": waiting} if waiting else ""


KINDS: tuple[Kind, ...] = (Offers(), Choosing(), Groups())
