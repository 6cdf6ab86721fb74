"""Blind dot votes on the lines of the tables: a ranked register of needs, and how the community could act."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coppice.activities.actions import points
from coppice.activities.errors import TooManyDots
from coppice.activities.models import LONGEST_HOW, Point
from coppice.activities.queries import POINTS
from coppice.lib.ids import id_in
from coppice.live.actions import answers
from coppice.live.errors import NoSuchOption
from coppice.live.kinds import Act, HostAct, Kind, Line, Result, Row
from coppice.live.models import Answer, Participant, Step

MOST_DOTS = 10
MOST_LINES = 30
"""So many lines are voted on, those of most tables first."""


class Dots(Kind):
    """Everybody gives their dots to the lines of the step before; counts show when the host closes it."""

    key = "dots"
    label = gettext_lazy("Dot vote on the lists")
    purpose = gettext_lazy(
        "Everybody gives dots to the lines that tables wrote before. Nobody sees counts until you close it."
    )
    phone_template = "activities/dots/phone.html"
    projector_template = "activities/dots/projector.html"
    host_template = "activities/dots/host.html"
    stylesheet = "activities/css/activities.css"
    asks = True
    kept_in = ("answers", POINTS)

    @property
    def acts(self) -> Mapping[str, Act]:
        return {"answer": self.answer}

    @property
    def host_acts(self) -> Mapping[str, HostAct]:
        return {"how": self.how}

    def fields(self) -> dict[str, forms.Field]:
        dots = forms.IntegerField(
            label=gettext_lazy("Dots for each person"), min_value=1, max_value=MOST_DOTS, initial=5
        )
        several = forms.BooleanField(
            label=gettext_lazy("Several dots may go to one line"), required=False, initial=True
        )
        return {"dots": dots, "several": several}

    def gather(self, step: Step) -> None:
        points.put_to_the_vote(step, most=MOST_LINES)

    def look(self, step: Step) -> Mapping[str, Any]:
        lines = [each for each in step.points.all() if each.round == step.round]
        given = list(step.answers.filter(round=step.round))
        most = step.settings.get("dots", 5)
        ranked = _ranked(lines, given)
        return {
            "answered": len(given),
            "lines": [(point, f"dots-{point.pk}") for point in lines],
            "counts": range(1, (most if step.settings.get("several") else 1) + 1),
            "dots": most,
            "ranked": [point for point, _count in ranked],
            "result": _told(ranked) if step.is_closed and given else None,
            "longest": LONGEST_HOW,
        }

    def mine(self, step: Step, participant: Participant) -> Mapping[str, Any] | None:
        given = step.answers.filter(round=step.round, participant=participant).first()
        if given is None:
            return None
        return {"answer": {f"dots-{pick}": [str(count)] for pick, count in Counter(given.picks).items()}}

    def answer(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Count somebody's dots; their latest answer is the one that counts.

        Raises TooManyDots, NoSuchOption.
        """
        most, picks = step.settings.get("dots", 5), list[int]()
        for number in step.points.filter(round=round).values_list("pk", flat=True):
            count = id_in(said.get(f"dots-{number}", ""))
            if count > 1 and not step.settings.get("several"):
                raise TooManyDots(gettext_lazy("One dot for a line. Spread them, then send it again."))
            picks += [number] * min(count, most + 1)
        if not picks:
            raise NoSuchOption(gettext_lazy("Give at least one dot, then send it again."))
        if len(picks) > most:
            raise TooManyDots
        answers.give(step, participant=participant, round=round, picks=picks)

    def result(self, step: Step) -> Result | None:
        is_answered = any(each.round == step.round for each in step.answers.all())
        return replace(_told(ranked_of(step)), community_page=_canvas_of(step)) if is_answered else None

    def rows(self, step: Step) -> Iterable[Row]:
        """The register of each round: every line with its dots, and how the community could act on it."""
        for number in sorted({each.round for each in step.answers.all()}):
            given = [each for each in step.answers.all() if each.round == number]
            lines = [each for each in step.points.all() if each.round == number]
            yield from (
                Row(number, point.words, dots, note=point.how) for point, dots in _ranked(lines, given)
            )

    def how(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Note how the community could act on a line."""
        number = id_in(said.get("point", ""))
        points.note_how(step, point_id=number, how=said.get(f"how-{number}", ""), by=by)


def _canvas_of(step: Step) -> tuple[str, Any]:
    """Return where lines of a step are on the canvas of the room's community; ("", "") where none is."""
    if not any(getattr(point, "is_kept", False) for point in step.points.all()):
        return "", ""
    return reverse("communities:priorities", args=[step.room.community_id]), _(
        "See it on the priority canvas"
    )


def ranked_of(step: Step) -> list[tuple[Point, int]]:
    """Return the lines of a step's present round with their dots, most first; of rows that are fetched."""
    given = [each for each in step.answers.all() if each.round == step.round]
    return _ranked([each for each in step.points.all() if each.round == step.round], given)


def _ranked(lines: Iterable[Point], given: Iterable[Answer]) -> list[tuple[Point, int]]:
    """Return lines with their dots, most first."""
    dots = Counter(pick for each in given for pick in each.picks)
    counted = [(point, dots[point.pk]) for point in lines if point.words]
    return sorted(counted, key=lambda each: -each[1])


def _told(ranked: list[tuple[Point, int]]) -> Result:
    whole = sum(count for _point, count in ranked)
    lines = tuple(
        Line(point.words, str(count), count / whole if whole else 0, note=point.how)
        for point, count in ranked
    )
    counts = [count for _point, count in ranked]
    finding = (
        _("%(need)s comes first, with %(dots)d of %(whole)d dots")
        if counts[:1] > counts[1:2]
        else _("No one line comes first, of %(whole)d dots")
    )
    said = {"need": ranked[0][0].words if ranked else "", "dots": max(counts, default=0), "whole": whole}
    return Result(finding % said, (_("Need"), _("Dots")), lines)
