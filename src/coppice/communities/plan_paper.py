"""The action plan as a paper to take away: whether it is adopted, goals, ten answers, who does what."""

from collections.abc import Sequence

from django.template.defaultfilters import floatformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coppice.communities.charter_board import still_says
from coppice.communities.charter_models import Charter
from coppice.communities.models import Community
from coppice.communities.plan_board import Answered, GoalLine, Plan, plan_of
from coppice.communities.plan_models import Goal, PlanAnswer
from coppice.communities.who_does_what import (
    WhoDoesWhat,
    leading,
    promise_table,
    role_table,
    who_does_what,
)
from coppice.lib.papers import (
    Block,
    Callout,
    Fact,
    Heading,
    Listing,
    Paper,
    Paragraph,
    Table,
    Tone,
    Words,
    size_in,
)

Question = PlanAnswer.Question


def plan_paper(community: Community) -> Paper:
    """Return the plan as it stands now, in the language and time zone that are active; in seven queries."""
    plan, people = plan_of(community), who_does_what(community)
    state, tone, told = _standing(plan, list(community.charters.all()))
    return Paper(
        title=_("Action plan"),
        subtitle=community.name,
        kicker=community.program.name,
        language=get_language() or "en",
        size=size_in(community.time_zone),
        made_at=timezone.now(),
        state=state,
        tone=tone,
        facts=[
            Fact(_("As of"), date_format(timezone.localdate(timezone=community.zone))),
            Fact(_("Questions answered"), _("%(count)d of 10") % {"count": plan.count}),
            *leading(people.leaders),
        ],
        blocks=[told, *goal_blocks(plan.goals), *_answers(plan, people)],
        foot=f"{community.name} · {state}",
    )


def goal_blocks(goals: Sequence[GoalLine]) -> list[Block]:
    """Return a heading and a table of goals; nothing where there are none."""
    if not goals:
        return []
    head = [_("Goal"), _("What we count"), _("Begins at"), _("Wanted"), _("By when"), _("How far")]
    return [Heading(_("Goals")), Table(head, [_goal(line) for line in goals], widths=(6, 5, 3, 3, 4, 3))]


def _standing(plan: Plan, charters: Sequence[Charter]) -> tuple[str, Tone, Callout]:
    """Say whether the plan is adopted: by the newest version that everybody consented to, or not yet."""
    adopted = next((each for each in charters if each.state == Charter.State.ADOPTED), None)
    asked = next((each for each in charters if each.is_open), None)
    if adopted and adopted.closed_at:
        told = {"version": str(adopted), "day": date_format(timezone.localtime(adopted.closed_at))}
        if still_says(adopted, plan):
            words = _("The community consented to it with its charter, %(version)s, on %(day)s.") % told
            return _("Adopted"), "leaf", Callout(_("This plan is adopted"), words, "leaf")
        words = _(
            "%(version)s of the charter was adopted on %(day)s. What is new since then is a draft, until "
            "the community consents to a new version."
        )
        title = _("Changed since it was adopted")
        return _("Draft, changed since it was adopted"), "hazel", Callout(title, words % told, "hazel")
    if asked and still_says(asked, plan):
        words = _("%(version)s of the charter holds this plan. Members answer until %(day)s.") % {
            "version": str(asked),
            "day": date_format(asked.closes_on),
        }
        return _("Draft, everybody is asked"), "bluebell", Callout(_("This is a draft"), words, "bluebell")
    words = _("The community has not consented to it yet. It does so with a charter.")
    return _("Draft, not adopted"), "hazel", Callout(_("This is a draft"), words, "hazel")


def _answers(plan: Plan, people: WhoDoesWhat) -> list[Block]:
    blocks = [block for each in plan.answers if each.is_answered for block in _answer(each, people)]
    waiting = [each.asked for each in plan.answers if not each.is_answered]
    if waiting:
        names = [f"{asked.number}. {asked.question.label}" for asked in waiting]
        blocks += [Heading(_("Still to answer")), Listing(names)]
    return blocks


def _answer(each: Answered, people: WhoDoesWhat) -> list[Block]:
    asked = each.asked
    blocks: list[Block] = [Heading(asked.question.label, number=str(asked.number), under=asked.asks)]
    if each.facts:
        blocks.append(Listing(each.facts))
    if each.text:
        blocks.append(Paragraph(each.text))
    if each.more:
        blocks += _more(asked.question, people)
    return blocks


def _more(question: PlanAnswer.Question, people: WhoDoesWhat) -> list[Block]:
    """What a question has beside its words: roles, commitments, or goals, which stand above."""
    if question == Question.ROLES:
        return [role_table(people.roles)]
    if question == Question.COMMITMENTS:
        if people.promises:
            return [promise_table(people.promises)]
        return [Paragraph(_("No promise that somebody gave waits to be kept."), is_faint=True)]
    return [Paragraph(_("See the table of goals above."), is_faint=True)]


def _goal(line: GoalLine) -> list[Words]:
    goal = line.goal
    far = goal.get_state_display()
    if goal.state == Goal.State.OPEN and line.percent is not None:
        far = _("%(percent)d percent") % {"percent": line.percent}
    return [
        goal.words,
        goal.indicator,
        "" if goal.baseline is None else floatformat(goal.baseline, -2),
        "" if goal.target is None else floatformat(goal.target, -2),
        date_format(goal.due_on) if goal.due_on else "",
        far,
    ]
