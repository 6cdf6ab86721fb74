"""Trading rounds in a live room: whom somebody meets, groups that grow by a yes on both sides and get a name.

A group is a topic on the board of the room (`market_steps`), from its first two people on. So the step of
choosing takes whoever is left over, and everything after it is that of any marketplace.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coppice.formation import actions
from coppice.formation.badge_board import (
    LATEST_MET,
    Met,
    badges_of,
    companions_of,
    finds_on,
    groups_in,
    marks_in,
    may_name,
    met_by,
    names_in,
    near,
    open_with,
    pinboard_of,
    questions_of,
    seen_by,
    version_of,
)
from coppice.formation.badge_steps import STYLES, own_badge, writing
from coppice.formation.market_steps import Choosing, board_for
from coppice.formation.models import BadgeLine
from coppice.formation.room_board import Stood, market_in, stood_in
from coppice.lib.ids import id_in
from coppice.live.kinds import Act, Line, OwnMarks, Result, Row
from coppice.live.models import Participant, Step


class Grouping(Choosing):
    """What both steps share: groups of the board, whose sizes the step of choosing says."""

    asks = False

    def fields(self) -> dict[str, forms.Field]:
        return {}


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

    def look(self, step: Step) -> Mapping[str, Any]:
        look = super().look(step)
        if look["board"] is None:
            return look
        groups = groups_in(step.room, look["board"].marketplace)
        marks = marks_in(step.room, groups)
        changes = dict(step.room.badges.values_list("participant", "changes"))
        own = OwnMarks("trade", changes, look["board"].people)
        return {
            **look,
            "groups": groups,
            "free": look["board"].people - look["board"].chose,
            "pins": pinboard_of(step.room),
            "met": step.encounters.filter(round=step.round).count(),
            "own": own.with_more(marks),
        }

    def own(
        self, step: Step, participant: Participant, look: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        """One's badge and group, whom one met, and what waits for an answer."""
        link = market_in(step.room)
        if link is None:
            return {}
        groups = look["groups"] if look else groups_in(step.room, link.marketplace)
        badge, mine = own_badge(step, participant), groups.of(participant)
        met = met_by(participant)
        near_ones = near(badge["badge"], apart_from=met) if badge["badge"] else []
        seen = {
            each.badge.participant_id: each
            for each in seen_by(participant, badges_of([*met[:LATEST_MET], *near_ones]))
        }
        finds = finds_on(badge["badge"]) if badge["badge"] else []
        asked, sent = open_with(participant, mine)
        to = {each.to_id: each for each in sent}
        people = [
            Met(
                seen[who],
                groups.of(seen[who].badge.participant),
                to.get(who),
                [find for find in finds if find.participant_id == who],
            )
            for who in met[:LATEST_MET]
            if who in seen
        ]
        return {
            **badge,
            "takes": step.room.takes_answers and link.marketplace.is_open,
            "mine": mine,
            "companions": companions_of(participant, groups) if mine else [],
            "latest": people[:1],
            "earlier": people[1:],
            "more": max(0, len(met) - LATEST_MET),
            "near": [seen[who] for who in near_ones],
            "asked": [(each, groups.of(each.by)) for each in asked],
            "sent": sent,
            "my_words": _first_interest(badge["lines"]),
        }

    def afterwards(self, step: Step, participant: Participant) -> Mapping[str, Any] | None:
        """Whom one met, with what stands on their badges."""
        met = met_by(participant)
        return {"met": seen_by(participant, badges_of(met))} if met else None

    def goes_with(self, participant: Participant) -> list[str]:
        met, asked = len(met_by(participant)), questions_of(participant)
        said = _("People whom they met: %(met)d. Questions whether to stick together: %(asked)d.")
        traded = [said % {"met": met, "asked": asked}] if met or asked else []
        return [*super().goes_with(participant), *traded]

    def result(self, step: Step) -> Result | None:
        """Each group with how many people it has; guests count."""
        groups = _groups(step)
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
        for each in _groups(step):
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

    def look(self, step: Step) -> Mapping[str, Any]:
        look = super().look(step)
        if look["board"] is None:
            return look
        groups = groups_in(step.room, look["board"].marketplace)
        return {**look, "groups": groups, "own": look["own"].with_more(names_in(groups))}

    def own(
        self, step: Step, participant: Participant, look: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        """One's group, with forms for its name and for a line of whom it is for."""
        link = market_in(step.room)
        if link is None:
            return {}
        groups = look["groups"] if look else groups_in(step.room, link.marketplace)
        mine = groups.of(participant)
        return {
            **super().own(step, participant, None),
            "mine": mine,
            "may_name": mine is not None and may_name(participant, mine),
            "version": version_of(mine) if mine else "",
            "companions": companions_of(participant, groups) if mine else [],
        }

    def result(self, step: Step) -> Result | None:
        """Each group with why it is worth its time; guests count."""
        groups = _groups(step)
        if not groups:
            return None
        finding = ngettext("%(count)d group has a name", "%(count)d groups have a name", len(groups))
        lines = tuple(_line_of(each) for each in groups)
        return Result(finding % {"count": len(groups)}, (_("Group"), _("People")), lines)

    def rows(self, step: Step) -> Iterable[Row]:
        """Each group with its people and why it is worth its time."""
        return [Row(step.round, each.name, each.promised, note=each.topic.why) for each in _groups(step)]

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


def _groups(step: Step) -> list[Stood]:
    """Groups with people, guests among them; the largest first."""
    found = [each for each in stood_in(step) if each.promised]
    return sorted(found, key=lambda each: (-each.promised, each.name))


def _line_of(group: Stood) -> Line:
    figure = _("%(count)d of %(whole)d") % {"count": group.promised, "whole": group.maximum}
    return Line(group.name, figure, group.share, group.topic.why)


def _first_interest(lines: list[BadgeLine]) -> str:
    return next((line.words for line in lines if line.is_interest and not line.is_hidden), "")
