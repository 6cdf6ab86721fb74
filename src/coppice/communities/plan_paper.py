"""The action plan as a paper to take away: whether it is adopted, goals, ten answers, who does what."""

from collections.abc import Sequence

from django.template.defaultfilters import floatformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coppice.communities.charter_board import still_says
from coppice.communities.charter_models import Charter
from coppice.communities.commitment_board import BY_DAY
from coppice.communities.models import Community, Membership
from coppice.communities.plan_board import Answered, GoalLine, Plan, plan_of
from coppice.communities.plan_models import Goal, PlanAnswer
from coppice.communities.role_board import RoleLine, roles_of
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
    """Return the plan as it stands now, in the language and time zone that are active; about ten queries."""
    plan = plan_of(community)
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
            *leading(community),
        ],
        blocks=[told, *goal_blocks(plan.goals), *_answers(plan, community)],
        foot=f"{community.name} · {state}",
    )


def leading(community: Community) -> list[Fact]:
    """Return the fact who leads a community, none where nobody does."""
    rows = Membership.objects.active().filter(community=community, role=Membership.Role.LEADER)
    names = rows.order_by("enrollment__name").values_list("enrollment__name", flat=True)
    return [Fact(_("Who leads"), ", ".join(names))] if names else []


def goal_blocks(goals: Sequence[GoalLine]) -> list[Block]:
    """Return a heading and a table of goals; nothing where there are none."""
    if not goals:
        return []
    head = [_("Goal"), _("What we count"), _("Begins at"), _("Wanted"), _("By when"), _("How far")]
    return [Heading(_("Goals")), Table(head, [_goal(line) for line in goals], widths=(6, 5, 3, 3, 4, 3))]


def role_table(lines: Sequence[RoleLine]) -> Table:
    """Return who has which role, who steps in, until when, and how much it takes."""
    head = [_("Role"), _("Who has it"), _("Who steps in"), _("Until"), _("Minutes a month")]
    return Table(head, [_role(line) for line in lines], widths=(4, 4, 4, 3, 3))


def commitment_blocks(community: Community) -> list[Block]:
    """Return a table of the commitments that wait for an outcome, those of the earliest day first."""
    rows = community.commitments.select_related("membership__enrollment").open().order_by(*BY_DAY)
    head = [_("Who"), _("What"), _("By when"), _("How it stands")]
    lines = [
        [
            each.membership.enrollment.name,
            each.what,
            date_format(each.due_on) if each.due_on else "",
            each.get_state_display(),
        ]
        for each in rows
    ]
    return [Table(head, lines, widths=(3, 6, 3, 3))] if lines else []


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


def _answers(plan: Plan, community: Community) -> list[Block]:
    blocks = [block for each in plan.answers if each.is_answered for block in _answer(each, community)]
    waiting = [each.asked for each in plan.answers if not each.is_answered]
    if waiting:
        names = [f"{asked.number}. {asked.question.label}" for asked in waiting]
        blocks += [Heading(_("Still to answer")), Listing(names)]
    return blocks


def _answer(each: Answered, community: Community) -> list[Block]:
    asked = each.asked
    blocks: list[Block] = [Heading(asked.question.label, number=str(asked.number), under=asked.asks)]
    if each.facts:
        blocks.append(Listing(each.facts))
    if each.text:
        blocks.append(Paragraph(each.text))
    if each.more:
        blocks += _more(asked.question, community)
    return blocks


def _more(question: PlanAnswer.Question, community: Community) -> list[Block]:
    """What a question has beside its words: roles, commitments, or goals, which stand above."""
    if question == Question.ROLES:
        return [role_table(roles_of(community, people=()))]
    if question == Question.COMMITMENTS:
        found = commitment_blocks(community)
        return found or [Paragraph(_("All that was promised so far is settled."), is_faint=True)]
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


def _role(line: RoleLine) -> list[Words]:
    term = line.term
    return [
        str(line.role),
        term.holder.enrollment.name if term else _("Open: who would take it?"),
        term.backup.enrollment.name if term and term.backup else "",
        date_format(term.until) if term and term.until else "",
        str(line.role.minutes_a_month or ""),
    ]
