"""Reads of a question of the plan in a room: what stands there, what is proposed, what of it is taken up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from coppice.activities.models import Point
from coppice.activities.queries import gists
from coppice.communities.commitment_models import Commitment
from coppice.communities.models import Community
from coppice.communities.plan_board import Answered, Plan, facts_of, frame_of
from coppice.communities.plan_models import PlanAnswer
from coppice.communities.plan_questions import ASKED, Asked
from coppice.live.models import Answer, Step

Question = PlanAnswer.Question


@dataclass(frozen=True)
class Standing:
    """What the plan says about one question: its words and facts, and the goals or roles that came of it.

    `promised` are the points by whose key a commitment stands.
    """

    asked: Asked
    plan: Plan
    rows: Sequence[str] = ()
    promised: frozenset[str] = frozenset()

    @property
    def answered(self) -> Answered:
        return self.plan.answers[0]

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands there yet that everybody may read."""
        return not (self.answered.text or self.answered.facts or self.rows)

    def has(self, point: Point) -> bool:
        """Say whether a proposal stands in the plan, word for word."""
        if key_of(point) in self.promised:
            return True
        standing = {line.strip().casefold() for line in (*self.answered.text.splitlines(), *self.rows)}
        return point.words.strip().casefold() in standing


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


def key_of(point: Point) -> str:
    """Return the key by which a commitment knows that it came from this proposal."""
    return f"point:{point.pk}"


def standing_of(step: Step) -> Standing | None:
    """Return what the plan of the room's community says, None in a room of a whole program; three queries."""
    community = step.room.community
    if community is None:
        return None
    asked = asked_in(step)
    frame = frame_of(community)
    answer = PlanAnswer.objects.filter(community=community, question=asked.question).first()
    plan = Plan(answers=[Answered(asked, answer, facts_of(frame, asked.question))], frame=frame)
    if asked.question == Question.COMMITMENTS:
        return Standing(asked, plan, promised=_promised(community))
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
        return list(community.goals.open().values_list("words", flat=True))
    if question == Question.ROLES:
        return [str(role) for role in community.roles.kept()]
    return ()


def _promised(community: Community) -> frozenset[str]:
    rows = Commitment.objects.filter(community=community, source_key__startswith="point:")
    return frozenset(rows.values_list("source_key", flat=True))
