"""Trading rounds in a live room: whom somebody meets, groups that grow by a yes on both sides and get a name.

A group is a topic on the board of the room (`market_steps`), from its first two people on. So the step of
choosing takes whoever is left over, and everything after it is that of any marketplace.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from django import forms
from django.db.models import Count, Subquery
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coppice.formation import actions
from coppice.formation.badge_board import (
    LATEST_MET,
    Groups,
    Met,
    Pinboard,
    Traded,
    badges_of,
    finds_about,
    finds_on,
    groups_of,
    marks_in,
    may_name,
    met_by,
    met_in,
    names_in,
    near,
    open_with,
    pinboard_of,
    questions_of,
    seen_by,
    traded_in,
    version_of,
)
from coppice.formation.badge_steps import STYLES, own_badge, writing
from coppice.formation.market_steps import Choosing, board_for
from coppice.formation.models import BadgeLine, Encounter
from coppice.formation.room_board import RoomBoard, Stood, board_in, own_in, stood_in
from coppice.lib.ids import id_in
from coppice.live.kinds import Act, Line, OwnMarks, Result, Row
from coppice.live.models import Participant, Step


@dataclass(frozen=True)
class Trade:
    """A trading round at one moment, as screens show it; each part is read when it is first asked."""

    step: Step
    board: RoomBoard

    @cached_property
    def groups(self) -> Groups:
        board = self.board
        return groups_of(board.marketplace, board.cards, board.there, board.states)

    @property
    def free(self) -> int:
        return self.board.people - self.board.chose

    @property
    def met(self) -> int:
        """How often two met in the present round; it came with the board."""
        return getattr(self.board.link, "met", 0)

    @cached_property
    def pins(self) -> Pinboard:
        badges = sum(each.changes is not None for each in self.board.there)
        return pinboard_of(self.step.room, badges=badges)

    @cached_property
    def traded(self) -> Sequence[Traded]:
        return traded_in(self.step.room)


class Grouping(Choosing):
    """What both steps share: groups of the board, whose sizes the step of choosing says."""

    asks = False

    def fields(self) -> dict[str, forms.Field]:
        return {}

    def mine(self, step: Step, participant: Participant) -> Mapping[str, Any] | None:
        return None  # no form of theirs is filled with what somebody chose

    def look(self, step: Step) -> Mapping[str, Any]:
        look = super().look(step)
        if look["board"] is None:
            return look
        trade = Trade(step, look["board"])
        return {**look, "trade": trade, "own": SimpleLazyObject(partial(self.marks_in, trade))}

    def marks_in(self, trade: Trade) -> OwnMarks:
        """What tells phones that their own part has changed."""
        return self.own_marks(trade.board)


class Trading(Grouping):
    """People meet, say what they share, and stick together by a yes on both sides."""

    key = "badge_trade"
    label = gettext_lazy("Badges: trade, and stick together")
    purpose = gettext_lazy(
        "People meet, note whom they met and what they share. Groups grow by a yes on both sides."
    )
    phone_template = "formation/badges/trade_phone.html"
    projector_template = "formation/badges/trade_projector.html"
    host_template = "formation/badges/trade_host.html"
    own_template = "formation/badges/trade_own.html"
    afterwards_template = "formation/badges/trade_afterwards.html"
    stylesheet = STYLES
    kept_in = (*Choosing.kept_in, "encounters__badge")

    @property
    def acts(self) -> Mapping[str, Act]:
        return {
            **writing(),
            "meet": self.meet,
            "find": self.find,
            "unfind": self.unfind,
            "stick": self.stick,
            "come": self.come,
            "yes": self.yes,
            "no": self.no,
            "back": self.back,
            "leave": self.leave,
        }

    def counted(self, step: Step) -> dict[str, Any]:
        """How often two met in the present round of the step."""
        met = Encounter.objects.filter(step=step, round=step.round).order_by().values("step")
        return {"met": Coalesce(Subquery(met.annotate(times=Count("pk")).values("times")), 0)}

    def marks_in(self, trade: Trade) -> OwnMarks:
        changes = {each.pk: each.changes for each in trade.board.there if each.changes is not None}
        marks = marks_in(trade.traded, trade.groups)
        return OwnMarks("trade", changes, trade.board.people).with_more(marks)

    def own(
        self, step: Step, participant: Participant, look: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        """One's badge and group, whom one met, and what waits for an answer."""
        board = look["board"] if look else board_in(step)
        if board is None:
            return {}
        trade = look["trade"] if look else Trade(step, board)
        groups, mine = trade.groups, trade.groups.of(participant)
        met = met_in(trade.traded, participant) if look else met_by(participant)
        badges = badges_of([participant.pk, *met[:LATEST_MET]])
        badge, finds = badges.get(participant.pk), finds_about(participant)
        near_ones = near(badge, apart_from=met) if badge else []
        found = finds_on(badge, finds) if badge else []
        asked, sent = open_with(participant, mine)
        to = {each.to_id: each for each in sent}
        seen = {each.badge.participant_id: each for each in seen_by(participant, badges.values(), finds)}
        people = [
            Met(
                seen[who],
                groups.of(seen[who].badge.participant),
                to.get(who),
                [find for find in found if find.participant_id == who],
            )
            for who in met[:LATEST_MET]
            if who in seen
        ]
        own = own_badge(step, participant, badge)
        return {
            **own,
            "takes": step.room.takes_answers and board.marketplace.is_open,
            "mine": mine,
            "companions": groups.companions_of(participant) if mine else [],
            "latest": people[:1],
            "earlier": people[1:],
            "more": max(0, len(met) - LATEST_MET),
            "near": seen_by(participant, near_ones, finds),
            "asked": [(each, groups.of(each.by)) for each in asked],
            "sent": sent,
            "my_words": _first_interest(own["lines"]),
        }

    def afterwards(self, step: Step, participant: Participant) -> Mapping[str, Any] | None:
        """Whom one met, with what stands on their badges."""
        met = met_by(participant)
        if not met:
            return None
        badges = badges_of(met)
        worn = [badges[who] for who in met if who in badges]
        return {"met": seen_by(participant, worn, finds_about(participant))}

    def goes_with(self, participant: Participant) -> list[str]:
        met, asked = len(met_by(participant)), questions_of(participant)
        said = _("People whom they met: %(met)d. Questions whether to stick together: %(asked)d.")
        traded = [said % {"met": met, "asked": asked}] if met or asked else []
        return [*super().goes_with(participant), *traded]

    def told(self, step: Step, topics: Sequence[Stood]) -> Result | None:
        """Each group with how many people it has; guests count."""
        groups = _groups(topics)
        met = sum(1 for each in step.encounters.all() if each.round == step.round)
        if not groups and not met:
            return None
        people = sum(each.promised for each in groups)
        finding = ngettext(
            "%(people)d person is in a group. Groups: %(groups)d",
            "%(people)d people are in groups. Groups: %(groups)d",
            people,
        ) % {"people": people, "groups": len(groups)}
        lines = tuple(_line_of(each) for each in groups)
        return Result(finding, (_("Group"), _("People")), lines)

    def rows(self, step: Step) -> Iterable[Row]:
        """How many met in each round, and each group with its people."""
        met = Counter(each.round for each in step.encounters.all())
        for round_number, times in sorted(met.items()):
            yield Row(round_number, _("Two people met"), times)
        for each in _groups(stood_in(step)):
            yield Row(step.round, each.name, each.promised)

    def meet(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Note whom one speaks with."""
        board_for(step, round)
        actions.meet(step, participant=participant, round=round, badge=said.get("badge", ""))

    def find(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Say that one shares an interest, or could use a skill."""
        board_for(step, round)
        actions.find_line(step, participant=participant, line_id=id_in(said.get("line", "")))

    def unfind(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Take that back."""
        board_for(step, round)
        actions.unfind_line(step, participant=participant, line_id=id_in(said.get("line", "")))

    def stick(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Say "let us stick together" to somebody."""
        number = id_in(said.get("to", ""))
        words = said.get(f"words-{number}", "")
        board = board_for(step, round)
        actions.ask_somebody(step, board, participant=participant, to_id=number, words=words)

    def come(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Ask a group whether one may come in."""
        board = board_for(step, round)
        actions.ask_group(step, board, participant=participant, topic_id=id_in(said.get("topic", "")))

    def yes(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Say yes."""
        number = id_in(said.get("handshake", ""))
        actions.agree(step, board_for(step, round), participant=participant, handshake_id=number)

    def no(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Say "not now"."""
        number = id_in(said.get("handshake", ""))
        actions.decline(step, board_for(step, round), participant=participant, handshake_id=number)

    def back(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Take back what one asked."""
        board_for(step, round)
        actions.call_back(step, participant=participant, handshake_id=id_in(said.get("handshake", "")))


class Naming(Grouping):
    """Each group says what it is called, why it is worth their time, and whom it is for."""

    key = "badge_names"
    label = gettext_lazy("Badges: groups give themselves a name")
    purpose = gettext_lazy(
        "Each group writes its topic and whom it is for. It stands on the board from then on."
    )
    phone_template = "formation/badges/trade_phone.html"
    projector_template = "formation/live/wall.html"
    host_template = "formation/live/offers_host.html"
    own_template = "formation/badges/names_own.html"
    afterwards_template = ""

    @property
    def acts(self) -> Mapping[str, Act]:
        return {
            "name": self.name,
            "criterion": self.criterion,
            "unsay": self.unsay,
            "leave": self.leave,
        }

    def marks_in(self, trade: Trade) -> OwnMarks:
        return super().marks_in(trade).with_more(names_in(trade.groups))

    def own(
        self, step: Step, participant: Participant, look: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        """One's group, with forms for its name and for a line of whom it is for."""
        board = look["board"] if look else board_in(step)
        if board is None:
            return {}
        groups = Trade(step, board).groups
        mine = groups.of(participant)
        return {
            "part": own_in(board.marketplace, participant, cards=board.cards, suggests=False),
            "takes": step.room.takes_answers and board.marketplace.is_open,
            "mine": mine,
            "may_name": mine is not None and may_name(participant, mine),
            "version": version_of(mine) if mine else "",
            "companions": groups.companions_of(participant) if mine else [],
        }

    def told(self, step: Step, topics: Sequence[Stood]) -> Result | None:
        """Each group with why it is worth its time; guests count."""
        groups = _groups(topics)
        if not groups:
            return None
        finding = ngettext("%(count)d group has a name", "%(count)d groups have a name", len(groups))
        lines = tuple(_line_of(each) for each in groups)
        return Result(finding % {"count": len(groups)}, (_("Group"), _("People")), lines)

    def rows(self, step: Step) -> Iterable[Row]:
        """Each group with its people and why it is worth its time."""
        return [
            Row(step.round, each.name, each.promised, note=each.topic.why) for each in _groups(stood_in(step))
        ]

    def name(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Call one's group, and say why."""
        # Fields are named after what the page showed: a phone keeps what is typed by the names of fields.
        version = said.get("version", "")
        actions.name_group(
            step,
            board_for(step, round),
            participant=participant,
            name=said.get(f"name-{version}", ""),
            seen=said.get("seen", ""),
            why=said.get(f"why-{version}", ""),
        )


def _groups(topics: Iterable[Stood]) -> list[Stood]:
    """Groups with people, guests among them; the largest first."""
    found = [each for each in topics if each.promised]
    return sorted(found, key=lambda each: (-each.promised, each.name))


def _line_of(group: Stood) -> Line:
    figure = _("%(count)d of %(whole)d") % {"count": group.promised, "whole": group.maximum}
    return Line(group.name, figure, group.share, group.topic.why)


def _first_interest(lines: list[BadgeLine]) -> str:
    return next((line.words for line in lines if line.is_interest and not line.is_hidden), "")
