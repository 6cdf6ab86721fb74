"""A community's action plan as its pages read it: ten answers, what is typed of them, and how far it is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import dates, formats
from django.utils.translation import gettext as _

from coppice.communities.commitment_models import Commitment
from coppice.communities.models import Community
from coppice.communities.plan_models import Goal, GoalNote, PlanAnswer, PlanFrame
from coppice.communities.plan_questions import ASKED, Asked
from coppice.communities.role_models import Role
from coppice.ui.dates import place

Question = PlanAnswer.Question


@dataclass(frozen=True)
class Answered:
    """One question with what the community answered: words, and facts that are typed."""

    asked: Asked
    answer: PlanAnswer | None
    facts: Sequence[str] = ()
    more: bool = False

    @property
    def text(self) -> str:
        return self.answer.text if self.answer else ""

    @property
    def is_answered(self) -> bool:
        """Whether anything stands there: words, a fact, or (`more`) rows such as goals or roles."""
        return bool(self.text.strip() or self.facts or self.more)


@dataclass(frozen=True)
class Plan:
    """The whole plan: an answer for each question, in order, its frame, and how far its goals are."""

    answers: list[Answered]
    frame: PlanFrame
    goals: list["GoalLine"] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many of the ten are answered."""
        return sum(each.is_answered for each in self.answers)

    @property
    def next(self) -> Answered | None:
        """The first that waits, None when all are answered."""
        return next((each for each in self.answers if not each.is_answered), None)

    def of(self, question: str) -> Answered:
        """Return what was answered to one question."""
        return next(each for each in self.answers if each.asked.question == question)


@dataclass(frozen=True)
class GoalLine:
    """A goal with its last note, and how far it is in percent, None where that cannot be told."""

    goal: Goal
    last: GoalNote | None
    percent: int | None


def plan_of(community: Community) -> Plan:
    """Return the plan of a community as it stands, in four queries."""
    said = {each.question: each for each in community.plan_answers.all()}
    found: Any = (
        Community.objects.filter(pk=community.pk)
        .select_related("plan_frame")
        .annotate(
            has_commitments=Exists(Commitment.objects.theirs().filter(community=OuterRef("pk"))),
            has_roles=Exists(Role.objects.kept().filter(community=OuterRef("pk"))),
        )
        .get()
    )
    frame = getattr(found, "plan_frame", None) or PlanFrame(community=community)
    goals = goals_of(community)
    more = {
        Question.GOALS: bool(goals),
        Question.SIGNS: any(each.goal.is_measured for each in goals),
        Question.COMMITMENTS: found.has_commitments,
        Question.ROLES: found.has_roles,
    }
    answers = [
        Answered(asked, said.get(key), facts_of(frame, key), more.get(Question(key), False))
        for key, asked in ASKED.items()
    ]
    return Plan(answers=answers, frame=frame, goals=goals)


def frame_of(community: Community) -> PlanFrame:
    """Return the frame in which a community means to meet; an empty one without a row before that is said."""
    return PlanFrame.objects.filter(community=community).first() or PlanFrame(community=community)


def goals_of(community: Community) -> list[GoalLine]:
    """Return the goals of a community with how far each is, in two queries; those that are open first."""
    lines = [line_of(each) for each in community.goals.prefetch_related("notes")]
    return sorted(lines, key=lambda line: line.goal.state != Goal.State.OPEN)


def line_of(goal: Goal) -> GoalLine:
    """Return how far one goal is by its notes."""
    notes = list(goal.notes.all())
    measured = [each for each in notes if each.value is not None]
    value = measured[-1].value if measured else None
    return GoalLine(goal, notes[-1] if notes else None, goal.share_of(value) if goal.is_measured else None)


def facts_of(frame: PlanFrame, question: str) -> list[str]:
    """Return what is typed of an answer, as people read it."""
    told = _FACTS.get(Question(question))
    return [fact for fact in told(frame) if fact] if told else []


def _formats(frame: PlanFrame) -> list[str]:
    return [str(PlanFrame.Format(each).label) for each in frame.formats]


def _rhythm(frame: PlanFrame) -> list[str]:
    return [
        frame.get_rhythm_display(),
        _("%(minutes)d minutes each time") % {"minutes": frame.minutes} if frame.minutes else "",
        frame.get_means_display(),
    ]


def _dates(frame: PlanFrame) -> list[str]:
    months = ", ".join(str(dates.MONTHS[each]) for each in frame.months_off)
    return [
        _day(frame),
        _("At %(time)s (%(place)s time)")
        % {"time": formats.time_format(frame.starts_at), "place": place(frame.community.zone)}
        if frame.starts_at
        else "",
        _("For the first time on %(day)s") % {"day": formats.date_format(frame.first_on)}
        if frame.first_on
        else "",
        _("Not in: %(months)s") % {"months": months} if months else "",
        _("We look at this plan again on %(day)s") % {"day": formats.date_format(frame.renews_on)}
        if frame.renews_on
        else "",
    ]


def _day(frame: PlanFrame) -> str:
    if frame.weekday is None:
        return ""
    if frame.week_of_month is None:
        return frame.get_weekday_display()
    return f"{frame.get_weekday_display()}, {frame.get_week_of_month_display()}"


def _sharing(frame: PlanFrame) -> list[str]:
    folders = ", ".join(frame.library_folders)
    return [_("Folders: %(folders)s") % {"folders": folders} if folders else "", *rules_of(frame)]


def rules_of(frame: PlanFrame) -> list[str]:
    """Return by which rules a community keeps things, as people read them."""
    adders, kept = frame.get_library_adders_display(), frame.get_library_months_display()
    rules = [
        (_("Who adds: %(who)s") % {"who": adders}, adders),
        (_("How we name things: %(rule)s") % {"rule": frame.library_naming}, frame.library_naming),
        (_("What never goes in: %(rule)s") % {"rule": frame.library_never}, frame.library_never),
        (_("How long we keep things: %(time)s") % {"time": kept}, frame.library_months),
    ]
    return [rule for rule, is_said in rules if is_said]


_FACTS = {
    Question.FORMAT: _formats,
    Question.RHYTHM: _rhythm,
    Question.DATES: _dates,
    Question.SHARING: _sharing,
}

WIDTH, HEIGHT, MARGIN = 560.0, 180.0, 12.0


@dataclass(frozen=True)
class Dot:
    """One figure of a goal in its drawing, in the drawing's units."""

    x: float
    y: float
    note: GoalNote


@dataclass(frozen=True)
class Chart:
    """The figures of a goal over time, as an SVG draws them; `target` and `baseline` are heights."""

    dots: list[Dot]
    target: float
    baseline: float
    width: float = WIDTH
    height: float = HEIGHT

    @property
    def line(self) -> str:
        """The points of the line through all figures."""
        return " ".join(f"{dot.x:.1f},{dot.y:.1f}" for dot in self.dots)


def chart_of(goal: Goal, notes: Sequence[GoalNote]) -> Chart | None:
    """Return the drawing of a measured goal's figures, the first day at the left; None without any."""
    measured = [(each, each.value) for each in notes if each.value is not None]
    if not measured or goal.target is None:
        return None
    baseline = goal.baseline or Decimal(0)
    values = [baseline, goal.target, *(value for _note, value in measured)]
    lowest, highest = min(values), max(values)
    first, last = measured[0][0].on, max(measured[-1][0].on, goal.due_on or measured[-1][0].on)

    def height_of(value: Decimal) -> float:
        share = float((value - lowest) / (highest - lowest)) if highest > lowest else 0.5
        return round(HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN), 1)

    def place_of(note: GoalNote) -> float:
        share = (note.on - first).days / days if (days := (last - first).days) else 0.0
        return round(MARGIN + share * (WIDTH - 2 * MARGIN), 1)

    return Chart(
        dots=[Dot(place_of(note), height_of(value), note) for note, value in measured],
        target=height_of(goal.target),
        baseline=height_of(baseline),
    )
