"""The ten questions of an action plan as live steps: phones propose, the host writes into the plan."""

import hashlib
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django import forms
from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coppice.activities import proposals, queries
from coppice.activities.actions import agreeing, points
from coppice.activities.errors import NoCommunityHere, NotWritten, PlanChangesMore
from coppice.activities.models import LONGEST_POINT, Point
from coppice.activities.themes import MOST_LISTED, MOST_ON_THE_WALL, alike
from coppice.communities.plan_effects import effects_of
from coppice.communities.plan_forms import FORMS, PlanAnswerForm
from coppice.communities.plan_models import PlanAnswer
from coppice.lib.ids import id_in
from coppice.live.announcing import announce
from coppice.live.kinds import Act, HostAct, Kind, Line, Next, OwnMarks, Result, Row
from coppice.live.models import Participant, Step

Question = PlanAnswer.Question


class PlanQuestion(Kind):
    """One of the ten questions: what stands in the plan, what people propose and would take, what is "
    "taken."""

    key = "plan_question"
    label = gettext_lazy("One of the ten questions")
    purpose = gettext_lazy(
        "Everybody proposes an answer to a question of the action plan, and says which ones they would take. "
        "You write into the plan what you agree on."
    )
    phone_template = "activities/agreeing/phone.html"
    projector_template = "activities/agreeing/projector.html"
    host_template = "activities/agreeing/host.html"
    own_template = "activities/agreeing/own.html"
    stylesheet = "activities/css/activities.css"
    asks = True
    kept_in = ("answers", queries.POINTS, *proposals.PLAN_KEPT)

    @property
    def acts(self) -> Mapping[str, Act]:
        return {"add": self.add, "drop": self.drop, "support": self.support, "leave": self.leave}

    @property
    def host_acts(self) -> Mapping[str, HostAct]:
        return {
            "take": self.take,
            "write": self.write,
            "merge": self.merge,
            "part": self.part,
            "hide": self.hide,
            "show": self.show,
        }

    def fields(self) -> dict[str, forms.Field]:
        return {"question": forms.ChoiceField(label=gettext_lazy("Question"), choices=Question.choices)}

    def look(self, step: Step) -> Mapping[str, Any]:
        written = list(queries.kept_points().filter(step=step, round=step.round))
        given = list(step.answers.filter(round=step.round))
        kept = [point for point in written if not point.is_hidden]
        standing = proposals.standing_of(step)
        found = proposals.ranked(kept, given, standing, is_counted=step.is_closed)
        gists = queries.gists(kept)
        picks = {each.participant_id: f"{sum(each.picks)}-{len(each.picks)}" for each in given if each.picks}
        lists = ".".join(f"{each.pk}-{each.merged_into_id or 0}-{each.is_hidden:d}" for each in written)
        base = hashlib.blake2b(lists.encode(), digest_size=6).hexdigest()
        return {
            "asked": proposals.asked_in(step),
            "standing": standing,
            "answered": len({each.participant_id for each in written} | picks.keys()),
            "proposals": found[:MOST_ON_THE_WALL],
            "more": max(0, len(found) - MOST_ON_THE_WALL),
            "is_counted": step.is_closed,
            "listing": gists[:MOST_LISTED],
            "alike": partial(alike, gists[:MOST_LISTED]),
            "hidden": [point for point in written if point.is_hidden],
            "ranked": partial(self.for_host, found, step),
            "form": partial(form_in, standing) if standing else None,
            "own": OwnMarks(f"{step.state}-{base}", picks, len(picks)),
        }

    def for_host(self, found: list[proposals.Proposal], step: Step) -> list[proposals.Proposal]:
        """Return what hosts take up: with names where an answer is one person's own word."""
        listed = found[:MOST_LISTED]
        return proposals.with_names(listed) if proposals.question_in(step) == Question.COMMITMENTS else listed

    def own(
        self, step: Step, participant: Participant, look: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        written = Point.objects.filter(step=step, round=step.round, is_hidden=False)
        given = step.answers.filter(round=step.round, participant=participant).first()
        picks = set(given.picks) if given else set()
        gists = queries.gists(written)
        return {
            "points": [gist.point for gist in gists if gist.point.participant_id == participant.pk],
            "others": [
                (gist, bool(picks & {gist.point.pk, *(each.pk for each in gist.same)}))
                for gist in gists[:MOST_LISTED]
                if gist.point.participant_id != participant.pk
            ],
            "is_own_word": proposals.question_in(step) == Question.COMMITMENTS,
            "longest_line": LONGEST_POINT,
        }

    def result(self, step: Step) -> Result | None:
        """What was proposed, by how many it would be taken, and what of it stands in the plan.

        Where nobody proposed anything, what the plan says by now.
        """
        kept = [each for each in step.points.all() if each.round == step.round and not each.is_hidden]
        given = [each for each in step.answers.all() if each.round == step.round]
        standing = proposals.standing_of(step)
        found = proposals.ranked(kept, given, standing, is_counted=True)
        if not found:
            return _written(step, standing)
        taken = sum(each.is_taken for each in found)
        finding = ngettext(
            "%(count)d proposal, %(taken)d in the plan",
            "%(count)d proposals, %(taken)d in the plan",
            len(found),
        )
        most = max(each.count for each in found) or 1
        lines = tuple(
            Line(each.words, str(each.count), each.count / most, _("In the plan") if each.is_taken else "")
            for each in found
        )
        return Result(
            finding % {"count": len(found), "taken": taken},
            (_("Proposal"), _("Would take it")),
            lines,
            community_page=_plan_of(step),
        )

    def rows(self, step: Step) -> Iterable[Row]:
        """Each proposal of each round, and how many would take it."""
        for number in sorted({point.round for point in step.points.all()}):
            kept = [each for each in step.points.all() if each.round == number and not each.is_hidden]
            given = [each for each in step.answers.all() if each.round == number]
            found = proposals.ranked(kept, given, None, is_counted=True)
            yield from (Row(number, each.words, each.count) for each in found)

    def comes_next(self, step: Step) -> Iterable[Next]:
        page = _plan_of(step)[0]
        return [Next(_("Read the plan, and propose it as a charter"), page)] if page else []

    def add(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Propose an answer."""
        points.add(step, participant=participant, round=round, words=said.get("words", ""), has_tables=False)

    def drop(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Take back a proposal of one's own."""
        number = id_in(said.get("point", ""))
        points.drop(step, participant=participant, round=round, point_id=number, has_tables=False)

    def support(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Say that one would take somebody's proposal."""
        agreeing.support(step, participant=participant, round=round, point_id=id_in(said.get("point", "")))

    def leave(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Say that one would not take it after all."""
        agreeing.leave(step, participant=participant, round=round, point_id=id_in(said.get("point", "")))

    def take(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Put a proposal into the plan."""
        agreeing.take_up(step, point_id=id_in(said.get("point", "")), by=by)

    @transaction.atomic
    def write(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Write an answer into the plan; one that somebody changed meanwhile is not overwritten unseen.

        Raises NoCommunityHere, NotWritten, PlanChangesMore.
        """
        community = agreeing.held_community(step)
        form = form_of(step, said)
        if not form.is_valid():
            raise NotWritten(_why_not(form))
        effects = effects_of(community, form.changes)
        if effects:
            raise PlanChangesMore(" ".join([*effects, str(PlanChangesMore.sentence)]))
        agreeing.write(step, text=form.cleaned_data["text"], typed=form.said, by=by)
        announce(step.room_id)

    def merge(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Say that two proposals are the same."""
        one, other = id_in(said.get("point", "")), id_in(said.get("into", ""))
        points.merge(step, point_id=one, into_id=other, by=by)

    def part(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Take apart what was put together."""
        points.part(step, point_id=id_in(said.get("point", "")), by=by)

    def hide(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Keep a proposal off the wall."""
        points.set_hidden(step, point_id=id_in(said.get("point", "")), is_hidden=True, by=by)

    def show(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Show a hidden proposal again."""
        points.set_hidden(step, point_id=id_in(said.get("point", "")), is_hidden=False, by=by)


def form_of(step: Step, said: QueryDict | None = None) -> PlanAnswerForm:
    """Return the plan's own form for a step's question; raises NoCommunityHere for a room without one."""
    standing = proposals.standing_of(step)
    if standing is None:
        raise NoCommunityHere
    return form_in(standing, said)


def form_in(standing: proposals.Standing, said: QueryDict | None = None) -> PlanAnswerForm:
    """Return the plan's own form for a question, as it was sent or to be filled in.

    Its fields are named after what stands in the plan: a host's page that is drawn anew keeps what is typed
    by the names of fields, and would put an older text into a form that knows of the newer one.
    """
    question = standing.asked.question
    form_class = FORMS.get(question, PlanAnswerForm)
    blank = form_class(plan=standing.plan, question=question)
    now = hashlib.blake2b(str(blank.opened_with).encode(), digest_size=4).hexdigest()
    prefix = said.get("prefix", "") if said is not None else now
    return form_class(said, plan=standing.plan, question=question, prefix=prefix)


def _why_not(form: PlanAnswerForm) -> str:
    meanwhile = [f"{change.label}: {change.now}" for change in form.changed_meanwhile]
    if meanwhile:
        told = _(
            "Somebody changed this answer in the plan, and nothing of yours is saved. Now it says: "
            "%(words)s. Load this page again, and write yours beside it."
        )
        return told % {"words": "; ".join(meanwhile)}
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


def _written(step: Step, standing: proposals.Standing | None) -> Result | None:
    if standing is None or not standing.lines:
        return None
    lines = tuple(Line(each, _("In the plan"), 1.0) for each in standing.lines)
    return Result(_("What the plan says"), (_("Answer"), _("Where")), lines, community_page=_plan_of(step))


def _plan_of(step: Step) -> tuple[str, Any]:
    """Return where the plan of the room's community is; ("", "") where there is none."""
    if not step.room.community_id:
        return "", ""
    return reverse("communities:plan", args=[step.room.community_id]), _("See the whole plan")
