"""Reads of a question of the plan in a room: what stands there, what is proposed, what of it is taken up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from coppice.activities.models import Point
from coppice.activities.queries import gists
from coppice.communities.models import Community
from coppice.communities.plan_board import Answered, Plan, facts_of
from coppice.communities.plan_forms import FORMS
from coppice.communities.plan_models import Goal, PlanAnswer, PlanFrame
from coppice.communities.plan_questions import ASKED, Asked
from coppice.live.models import Answer, Step

Question = PlanAnswer.Question


@dataclass(frozen=True)
class Standing:
    """What the plan says about one question: its words and facts, and the goals or roles that came of it."""

    asked: Asked
    plan: Plan
    rows: Sequence[str] = ()

    @property
    def answered(self) -> Answered:
        return self.plan.answers[0]

    @property
    def lines(self) -> list[str]:
        """What stands there, line by line, for everybody in the room: facts, goals or roles, words."""
        words = [line.strip() for line in self.answered.text.splitlines() if line.strip()]
        return [*self.answered.facts, *self.rows, *words]

    def has(self, point: Point) -> bool:
        """Say whether a proposal, one of `kept_points`, stands there: word for word, or as a promise."""
        if point.is_promised:  # type: ignore[attr-defined]
            return True
        return point.words.strip().casefold() in {line.casefold() for line in self.lines}


@dataclass(frozen=True)
class Proposal:
    """A proposal, those that are the same, how many would take it, and whether it stands in the plan.

    `names` say whose word it is, where that matters.
    """

    point: Point
    same: tuple[Point, ...]
    count: int
    is_taken: bool
    names: tuple[str, ...] = field(default=())

    @property
    def words(self) -> str:
        return self.point.words


def question_in(step: Step) -> str:
    """Return which of the ten questions a step asks."""
    return str(step.settings.get("question", Question.POTENTIAL))


def asked_in(step: Step) -> Asked:
    """Return the question of a step with why it is asked, and an example."""
    return ASKED[question_in(step)]


def standing_of(step: Step) -> Standing | None:
    """Return what the plan of the room's community says, None in a room of a whole program.

    In two or three queries, or in none where `PLAN_KEPT` is fetched.
    """
    community = step.room.community
    if community is None:
        return None
    asked = asked_in(step)
    frame = (asked.question in FORMS and getattr(community, "plan_frame", None)) or PlanFrame()
    said = {each.question: each for each in community.plan_answers.all()}
    answered = Answered(asked, said.get(asked.question), facts_of(frame, asked.question))
    plan = Plan(answers=[answered], frame=frame)
    return Standing(asked, plan, _rows(community, asked.question))


def ranked(
    points: Iterable[Point], given: Iterable[Answer], standing: Standing | None, *, is_counted: bool
) -> list[Proposal]:
    """Return proposals; once they are counted those that most would take come first, else as they came.

    Whoever wrote a proposal, or the same as another, would take it.
    """
    supporters: dict[int, set[int]] = {}
    for each in given:
        for pick in each.picks:
            supporters.setdefault(pick, set()).add(each.participant_id)
    found = []
    for gist in gists(points):
        together = (gist.point, *gist.same)
        people = set().union(*(supporters.get(each.pk, set()) for each in together))
        people |= {each.participant_id for each in together if each.participant_id}
        taken = standing is not None and any(standing.has(each) for each in together)
        found.append(Proposal(gist.point, gist.same, len(people), taken))
    order = (lambda each: (-each.count, each.point.pk)) if is_counted else (lambda each: each.point.pk)
    return sorted(found, key=order)


def with_names(found: Sequence[Proposal]) -> list[Proposal]:
    """Return proposals with the name of whoever wrote each, in one query."""
    rows = Point.objects.filter(pk__in=[each.point.pk for each in found]).select_related("participant")
    names = {point.pk: str(point.participant) for point in rows}
    return [replace(each, names=(names[each.point.pk],)) for each in found]


def _rows(community: Community, question: str) -> Sequence[str]:
    if question == Question.GOALS:
        return [goal.words for goal in community.goals.all() if goal.state == Goal.State.OPEN]
    if question == Question.ROLES:
        return [str(role) for role in community.roles.all() if role.ended_at is None]
    return ()


PLAN_KEPT = (
    "room__community__plan_answers",
    "room__community__goals",
    "room__community__roles",
)
"""What `standing_of` reads, fetched for all steps of a room together."""
