"""The part that formats share: people in pairs, each told whom they meet and whose turn it is."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Any

from django import forms
from django.db.models import Prefetch, TextChoices
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coppice.activities import queries
from coppice.activities.actions import draws
from coppice.lib.ids import id_in
from coppice.live.kinds import Act, HostAct, Kind, Line, OwnMarks, Result, Row
from coppice.live.models import Participant, Step

MOST_ON_THE_WALL = 30
"""So many tables are on the wall with names; of more the phones tell, and the wall only who is on paper."""
LISTED_TABLES = 60
"""So many tables are in the host's list."""


class Where(TextChoices):
    """Where people find each other."""

    TABLES = "tables", gettext_lazy("At numbered tables")
    ONLINE = "online", gettext_lazy("Online, in numbered breakout rooms")
    STANDING = "standing", gettext_lazy("Standing: people look for each other by name")


@dataclass(frozen=True)
class Turn:
    """One person's turn: who speaks, whether that is the reader, and when it ends by a running clock.

    `left` is what the clock shows at its end, "02:00".
    """

    who: Participant
    is_mine: bool
    until: datetime | None
    left: str


@dataclass(frozen=True)
class OwnTable:
    """What one participant sees of a round: with whom, where, and in which order they speak."""

    step: Step
    me: Participant
    number: int
    people: tuple[Participant, ...]

    @property
    def others(self) -> list[Participant]:
        return [each for each in self.people if each.pk != self.me.pk]

    @property
    def place(self) -> str:
        return place_called(self.step, self.number)

    @property
    def seconds(self) -> int:
        """The whole time that is shared out, in seconds; 0 without a switch of turns."""
        return turn_seconds(self.step)

    @cached_property
    def turns(self) -> list[Turn]:
        share, end = timedelta(seconds=self.seconds) / len(self.people), self.step.ends_at
        turns = []
        for turn, each in enumerate(self.people, start=1):
            rest = share * (len(self.people) - turn)
            minutes, seconds = divmod(round(rest.total_seconds()), 60)
            turns.append(
                Turn(each, each.pk == self.me.pk, end and end - rest, f"{minutes:02d}:{seconds:02d}")
            )
        return turns

    @property
    def speaking(self) -> int:
        """Whose turn it is now, from 0."""
        return speaking(self.step, len(self.people))


def place_called(step: Step, number: int) -> str:
    """Return where a table is, in words: "Table 4"; "" where people stand."""
    where = step.settings.get("where", Where.TABLES)
    if where == Where.STANDING:
        return ""
    return (_("Breakout room %(number)d") if where == Where.ONLINE else _("Table %(number)d")) % {
        "number": number
    }


def turn_seconds(step: Step) -> int:
    """Return the time that the people of a table share out, in seconds; 0 without a switch or a clock."""
    return step.minutes * 60 if step.minutes and step.settings.get("switch") else 0


def speaking(step: Step, people: int) -> int:
    """Return whose turn it is of so many, from 0: equal parts of the whole time, counted from its end."""
    left, whole = step.left(), turn_seconds(step)
    if left is None or not whole:
        return 0
    passed = max(0.0, whole - left.total_seconds())
    return min(people - 1, int(passed * people / whole))


class Paired(Kind):
    """People in pairs: the parts of every format in which two people (and one odd one) meet."""

    phone_template = "activities/pairs/phone.html"
    projector_template = "activities/pairs/projector.html"
    host_template = "activities/pairs/host.html"
    own_template = "activities/pairs/own.html"
    afterwards_template = "activities/pairs/afterwards.html"
    stylesheet = "activities/css/activities.css"
    kept_in: tuple[str | Prefetch, ...] = ("draws",)
    met_in = ("draws__seats",)

    @property
    def acts(self) -> Mapping[str, Act]:
        return {"missing": self.missing, "leaving": self.leaving, "here": self.here}

    @property
    def host_acts(self) -> Mapping[str, HostAct]:
        return {"missing": self.host_missing, "here": self.host_here, "places": self.host_places}

    def fields(self) -> dict[str, forms.Field]:
        where = forms.ChoiceField(
            label=gettext_lazy("Where people meet"), choices=Where.choices, initial=Where.TABLES
        )
        switch = forms.BooleanField(
            label=gettext_lazy("Share the time out in turns"),
            required=False,
            initial=True,
            help_text=gettext_lazy("Phones and the wall say when to change: in a pair at half time."),
        )
        return {"where": where, "switch": switch}

    def gather(self, step: Step) -> None:
        draws.gather(step)

    def look(self, step: Step) -> Mapping[str, Any]:
        drawn = queries.drawn(step)
        meeting = drawn.meeting if drawn else []
        marked = queries.marked_in(step.room)
        return {
            "drawn": drawn,
            "tables": [(place_called(step, table.number), table) for table in meeting],
            "is_the_same": partial(queries.is_the_same_again, step, drawn) if drawn else False,
            "is_crowded": len(meeting) > MOST_ON_THE_WALL,
            "listed": LISTED_TABLES,
            "seconds": turn_seconds(step),
            "second_speaks": speaking(step, 2) == 1,
            "marked": marked,
            "absent": [each.participant for each in marked if each.absence],
            "own": OwnMarks(str(drawn.draw_id), _marks(drawn, marked), drawn.people)
            if drawn
            else OwnMarks("none"),
        }

    def own(
        self, step: Step, participant: Participant, look: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        found = own_seat(step, participant, look)
        number, people = found or (0, ())
        return {
            "table": OwnTable(step, participant, number, people) if len(people) > 1 else None,
            "is_waiting": len(people) == 1,
            "is_left_out": found is None and hasattr(participant, "absence"),
            "earlier": [each for each in queries.met_by(participant) if each not in people],
        }

    def afterwards(self, step: Step, participant: Participant) -> Mapping[str, Any] | None:
        met = queries.met_by(participant, step=step)
        return {"met": met} if met else None

    def result(self, step: Step) -> Result | None:
        held = [draw for draw in step.draws.all() if draw.round == step.round]
        sizes = Counter[int](held[0].sizes if held else [])
        groups, people = sum(sizes.values()), sum(size * count for size, count in sizes.items())
        if not groups:
            return None
        finding = ngettext(
            "%(people)d people met in %(count)d group",
            "%(people)d people met in %(count)d groups",
            groups,
        ) % {"people": people, "count": groups}
        lines = tuple(
            Line(size_called(size), str(count), count / groups) for size, count in sorted(sizes.items())
        )
        return Result(finding, (_("Who met"), _("How many")), lines)

    def meetings(self, step: Step) -> Iterable[tuple[int, int]]:
        return queries.meetings_at(step)

    def rows(self, step: Step) -> Iterable[Row]:
        """One row for each group that met: how many people they were, and nobody's name."""
        if step.state == Step.State.PLANNED:
            return []
        return [
            Row(draw.round, size_called(size), size)
            for draw in step.draws.all()
            if draw.round <= step.round
            for size in draw.sizes
        ]

    def missing(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Say that somebody of one's table is not there."""
        draws.miss(step, participant=participant, round=round, other_id=id_in(said.get("participant", "")))

    def leaving(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Be left out from here on."""
        draws.leave_out(participant, step=step)

    def here(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Take part again."""
        draws.bring_back(participant, step=step)

    def host_missing(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Leave somebody out who is not there."""
        for participant in _named(step, said):
            draws.leave_out(participant, step=step, by=by)

    def host_here(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Give somebody a place again."""
        for participant in _named(step, said):
            draws.bring_back(participant, step=step, by=by)

    def host_places(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Draw again for those who wait, with as little change for the others as can be."""
        draws.draw_again(step)


def own_seat(
    step: Step, participant: Participant, look: Mapping[str, Any] | None
) -> tuple[int, tuple[Participant, ...]] | None:
    """Return somebody's table in the present round and who sits there; None without a seat."""
    if look is not None:
        drawn = look["drawn"]
        tables = drawn.tables if drawn else ()
        return next(((each.number, each.people) for each in tables if participant in each.people), None)
    seat = queries.seat_of(step, participant)
    return (seat.table, tuple(queries.people_at(seat))) if seat else None


def _marks(drawn: queries.Drawn, marked: Iterable[queries.Marked]) -> dict[int, int | str]:
    """Return by whose phone what has changed since the draw: their table, their absence, their stories."""
    told = {each.participant.pk: f"{each.absence}-{each.told}" for each in marked}
    return {
        each: f"{drawn.changed.get(each, 0)}-{told.get(each, '0-0')}"
        for each in drawn.changed.keys() | told.keys()
    }


def size_called(size: int) -> str:
    """Return what a group of so many people is called."""
    called = {2: _("Pair"), 3: _("Three together"), 4: _("Four together")}
    return called.get(size) or _("%(count)d together") % {"count": size}


def _named(step: Step, said: QueryDict) -> list[Participant]:
    found = Participant.objects.filter(room=step.room_id, pk=id_in(said.get("participant", "")))
    return list(found.select_related("person"))
