"""1-2-4-All: notes alone, the best of them in pairs, then in fours, each taking over from the last."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coppice.activities import queries
from coppice.activities.actions import keeping, points
from coppice.activities.errors import NothingTicked
from coppice.activities.forms import KeepNeedsForm
from coppice.activities.models import LONGEST_POINT, Point
from coppice.activities.themes import Listed
from coppice.lib.ids import id_in
from coppice.live.kinds import Act, Kind, Line, OwnMarks, Result
from coppice.live.models import Participant, Step
from coppice.profiles.links import profile_path


class Alone(Kind):
    """Everybody writes for themself; nobody else reads it."""

    key = "alone"
    label = gettext_lazy("Alone: notes of one's own")
    purpose = gettext_lazy("Everybody writes on their own phone, as much as they like. Nobody else reads it.")
    projector_template = "activities/alone/counts.html"
    host_template = "activities/alone/counts.html"
    own_template = "activities/alone/own.html"
    afterwards_template = "activities/alone/afterwards.html"
    stylesheet = "activities/css/activities.css"
    kept_in = (queries.POINTS,)

    @property
    def acts(self) -> Mapping[str, Act]:
        return {"add": self.add, "drop": self.drop, "keep-needs": self.keep_needs}

    def look(self, step: Step) -> Mapping[str, Any]:
        written = list(Point.objects.filter(step=step, round=step.round).values_list("participant", "pk"))
        lists: dict[int, list[int]] = {}
        for participant, point in written:
            lists.setdefault(participant, []).append(point)
        each = {participant: f"{max(own)}-{len(own)}" for participant, own in lists.items()}
        return {"lines": len(written), "writers": len(lists), "own": OwnMarks("alone", each)}

    def own(
        self, step: Step, participant: Participant, look: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        own = Point.objects.filter(step=step, round=step.round, participant=participant)
        return {
            "points": [point for point in own if point.words],
            "longest_line": LONGEST_POINT,
            "title": _("Your notes"),
            "empty": _("Nothing yet. Only you see what you write here."),
            "added": _("Add to my notes"),
        }

    def afterwards(self, step: Step, participant: Participant) -> Mapping[str, Any] | None:
        """Their own notes, of which they can keep what they need on their profile."""
        notes = _notes_of(step, participant)
        if not notes:
            return None
        enrollment = queries.enrollment_of(participant)
        if enrollment is None:
            return {"notes": notes}
        kept = queries.kept_of(enrollment, notes)
        waiting = [note for note in notes if queries.key_of(note) not in kept]
        return {
            "on_profile": [note for note in notes if queries.key_of(note) in kept],
            "form": KeepNeedsForm(program=enrollment.program, step_id=step.pk, notes=waiting)
            if waiting
            else None,
            "profile": profile_path(enrollment),
        }

    def result(self, step: Step) -> Result | None:
        """Count notes and people: what somebody wrote alone stays with them."""
        written = [each for each in step.points.all() if each.round == step.round]
        if not written:
            return None
        people = len({each.participant_id for each in written})
        finding = ngettext("%(lines)d note was written", "%(lines)d notes were written", len(written))
        lines = (Line(_("People who wrote"), str(people), 1.0),)
        return Result(finding % {"lines": len(written)}, (_("What"), _("How many")), lines)

    def add(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Add a line to one's own notes."""
        points.add(step, participant=participant, round=round, words=said.get("words", ""), has_tables=False)

    def drop(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Take a line off one's own notes."""
        number = id_in(said.get("point", ""))
        points.drop(step, participant=participant, round=round, point_id=number, has_tables=False)

    def keep_needs(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Put notes of one's own on one's profile, as needs."""
        program, notes = step.room.program, _notes_of(step, participant)
        form = KeepNeedsForm(said, program=program, step_id=step.pk, notes=notes)
        if not form.is_valid():
            raise NothingTicked
        told = form.cleaned_data
        keeping.keep_needs(
            step,
            participant=participant,
            point_ids=told["points"],
            urgency=told["urgency"],
            audience=told["audience"],
        )


def _notes_of(step: Step, participant: Participant) -> list[Point]:
    """What somebody wrote alone, in every round of a step."""
    own = Point.objects.filter(step=step, participant=participant, table=None)
    return list(own.exclude(words=""))


class Chosen(Listed):
    """Tables choose from what they wrote in the step before, put it into better words, and add to it."""

    own_template = "activities/lists/chosen_own.html"

    @property
    def acts(self) -> Mapping[str, Act]:
        return {**super().acts, "take": self.take}

    def own(
        self, step: Step, participant: Participant, look: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        own = super().own(step, participant, look)
        table = own["table"]
        listed = {point.words.casefold() for point in own["points"]}
        offered = queries.points_offered(step, participant, table.people) if table else []
        return {**own, "offered": [each for each in offered if each.words.casefold() not in listed]}

    def take(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Put a line of the step before on the list of one's table."""
        points.take(step, participant=participant, round=round, point_id=id_in(said.get("point", "")))


class PairsChoose(Chosen):
    """Two people choose from their notes."""

    key = "two"
    label = gettext_lazy("Pairs: choose from the notes")
    purpose = gettext_lazy("Two people show each other their notes, and write down what matters most.")


class FoursChoose(Chosen):
    """Two pairs choose from their lists."""

    key = "four"
    label = gettext_lazy("Fours: choose from the pairs")
    purpose = gettext_lazy("The pairs of the step before join, and keep what matters most to all four.")
    size = 4
