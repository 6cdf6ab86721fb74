"""Lists that tables write together: themes of stories in fours, and what hosts say is the same."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coppice.activities import queries
from coppice.activities.actions import draws, points
from coppice.activities.interviews import deciding
from coppice.activities.models import LONGEST_POINT, LONGEST_WRITE_UP, Point
from coppice.activities.pairs import Paired
from coppice.lib.ids import id_in
from coppice.live.kinds import Act, HostAct, Line, Result, Row
from coppice.live.models import Participant, Step
from coppice.programs.likeness import nearest

MOST_ON_THE_WALL = 24
MOST_LISTED = 60


class Listed(Paired):
    """Tables that write lists; hosts put together what is the same, and hide what does not belong."""

    phone_template = "activities/lists/phone.html"
    projector_template = "activities/lists/projector.html"
    host_template = "activities/lists/host.html"
    own_template = "activities/lists/own.html"
    kept_in = (*Paired.kept_in, queries.POINTS)
    size = 2
    added: Any = gettext_lazy("Add to the list")

    @property
    def acts(self) -> Mapping[str, Act]:
        return {**super().acts, "add": self.add, "drop": self.drop}

    @property
    def host_acts(self) -> Mapping[str, HostAct]:
        return {
            **super().host_acts,
            "merge": self.merge,
            "part": self.part,
            "hide": self.hide,
            "show": self.show,
        }

    def fields(self) -> dict[str, forms.Field]:
        return {"where": super().fields()["where"]}

    def gather(self, step: Step) -> None:
        draws.gather(step, size=self.size)

    def look(self, step: Step) -> Mapping[str, Any]:
        look = super().look(step)
        written = list(Point.objects.filter(step=step, round=step.round))
        gists = queries.gists(point for point in written if not point.is_hidden)
        return {
            **look,
            "seconds": 0,
            "gists": gists[:MOST_ON_THE_WALL],
            "more": max(0, len(gists) - MOST_ON_THE_WALL),
            "alike": partial(alike, gists[:MOST_LISTED]),
            "listing": partial(self.listing, written),
            "hidden": [point for point in written if point.is_hidden],
            "own": look["own"].with_more(self.marks(look, written)),
        }

    def listing(self, written: Iterable[Point]) -> list[queries.Gist]:
        """Return the host's list."""
        return queries.gists(point for point in written if not point.is_hidden)[:MOST_LISTED]

    def marks(self, look: Mapping[str, Any], written: list[Point]) -> Mapping[int, int | str]:
        """Return for everybody at a table that wrote something how its list stands."""
        lists: dict[int | None, list[int]] = {}
        for point in written:
            lists.setdefault(point.table, []).append(point.pk)
        drawn = look["drawn"]
        return {
            each.pk: f"{max(lists[table.number])}-{len(lists[table.number])}"
            for table in (drawn.tables if drawn else ())
            if table.number in lists
            for each in table.people
        }

    def own(
        self, step: Step, participant: Participant, look: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        own = super().own(step, participant, look)
        table = own["table"]
        listed = Point.objects.filter(step=step, round=step.round, table=table.number) if table else []
        return {
            **own,
            "points": [point for point in listed if point.words],
            "longest_line": LONGEST_POINT,
            "added": self.added,
        }

    def result(self, step: Step) -> Result | None:
        written = [each for each in step.points.all() if each.round == step.round and not each.is_hidden]
        gists = queries.gists(written)
        if not gists:
            return super().result(step)
        tables = len({point.table for point in written})
        finding = ngettext(
            "%(lines)d line, tables: %(tables)d", "%(lines)d lines, tables: %(tables)d", len(gists)
        )
        lines = tuple(Line(gist.words, str(gist.count), gist.count / tables) for gist in gists)
        return Result(finding % {"lines": len(gists), "tables": tables}, (_("What"), _("Tables")), lines)

    def rows(self, step: Step) -> Iterable[Row]:
        """The groups that met, and each line with at how many tables it was said."""
        rounds = sorted({point.round for point in step.points.all()})
        lines = [
            Row(number, gist.words, gist.count)
            for number in rounds
            for gist in queries.gists(point for point in step.points.all() if point.round == number)
        ]
        return [*super().rows(step), *lines]

    def add(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Add a line to the list of one's table."""
        points.add(step, participant=participant, round=round, words=said.get("words", ""), has_tables=True)

    def drop(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Take a line off the list of one's table."""
        number = id_in(said.get("point", ""))
        points.drop(step, participant=participant, round=round, point_id=number, has_tables=True)

    def merge(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Say that two lines are the same."""
        one, other = id_in(said.get("point", "")), id_in(said.get("into", ""))
        points.merge(step, point_id=one, into_id=other, by=by)

    def part(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Take apart what was put together."""
        points.part(step, point_id=id_in(said.get("point", "")), by=by)

    def hide(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Keep a line off the wall."""
        points.set_hidden(step, point_id=id_in(said.get("point", "")), is_hidden=True, by=by)

    def show(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Show a hidden line again."""
        points.set_hidden(step, point_id=id_in(said.get("point", "")), is_hidden=False, by=by)


class Themes(Listed):
    """Pairs join into fours and name what their stories have in common."""

    key = "themes"
    label = gettext_lazy("Fours: what the stories have in common")
    purpose = gettext_lazy("The pairs of the step before come together in fours and write down themes.")
    own_template = "activities/lists/themes_own.html"
    size = 4

    @property
    def acts(self) -> Mapping[str, Act]:
        return {**super().acts, **deciding()}

    def marks(self, look: Mapping[str, Any], written: list[Point]) -> Mapping[int, int | str]:
        """What was shared by anybody at a table shows on all its phones."""
        lists = super().marks(look, written)
        told = {each.participant.pk: each.told for each in look["marked"]}
        drawn = look["drawn"]
        return {
            each.pk: f"{lists.get(each.pk, 0)}-{sum(told.get(other.pk, 0) for other in table.people)}"
            for table in (drawn.tables if drawn else ())
            for each in table.people
        }

    def own(
        self, step: Step, participant: Participant, look: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        own = super().own(step, participant, look)
        table = own["table"]
        people = table.people if table else ()
        waiting = [each for each in queries.write_ups_about(participant) if each.is_waiting]
        return {
            **own,
            "stories": queries.shared_at(step.room, people),
            "write_ups": waiting,
            "takes": step.room.takes_answers,
            "longest": LONGEST_WRITE_UP,
        }


def alike(gists: list[queries.Gist]) -> list[tuple[queries.Gist, queries.Gist]]:
    """Return lines that are perhaps the same as one before them, each with that one."""
    found = []
    for place, gist in enumerate(gists):
        near = nearest(gist.words, [(each.words, each) for each in gists[:place]], most=1)
        found += [(gist, each) for each in near]
    return found
