"""The ten questions of an action plan, in the order in which a community answers them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coppice.communities.plan_models import PlanAnswer

Question = PlanAnswer.Question


@dataclass(frozen=True)
class Asked:
    """One question as a page asks it: what it is, why it is asked, and what an answer may look like."""

    question: PlanAnswer.Question
    asks: str | Promise
    why: str | Promise
    example: str | Promise

    @property
    def number(self) -> int:
        """Its place among the ten, from 1."""
        return list(Question).index(self.question) + 1


ASKED: dict[str, Asked] = {
    each.question: each
    for each in (
        Asked(
            Question.POTENTIAL,
            _("What could this group do for its people that none of them can do alone?"),
            _(
                "Begin with what you see in each other. Whoever knows why they come, comes again when the "
                "month is full."
            ),
            _(
                "Six of us run volunteer programs with ten paid hours a week. Together we have tried nearly "
                "everything once, so nobody here has to begin at nothing."
            ),
        ),
        Asked(
            Question.GOALS,
            _("Which three things do you want to reach together?"),
            _("Three are enough. Each is a thing that will be different, and not a thing that you will do."),
            _("Half of the volunteers who begin in spring are still with us in autumn."),
        ),
        Asked(
            Question.SIGNS,
            _("How will you know that you got there?"),
            _(
                "Say for each goal what you will count or see, where it stands now, and where you want it to "
                "be, by which day."
            ),
            _("Volunteers of spring who still come: 12 of 40 last year, 20 of 40 by the end of October."),
        ),
        Asked(
            Question.FORMAT,
            _("What do you do when you meet?"),
            _("Choose one or several that take turns. Say in a sentence when you do which."),
            _("We begin with a round. Every second time somebody brings a problem, else a practice."),
        ),
        Asked(
            Question.RHYTHM,
            _("How often do you meet, how long, and by what means?"),
            _("Little and often holds longer than much and rarely. A rhythm that you keep is the best one."),
            _("Once a month for 60 minutes by video, and once in the year in person."),
        ),
        Asked(
            Question.DATES,
            _("On which days do you meet, and when do you look at this plan again?"),
            _(
                "A date that is known early is kept more easily. Look at the plan again before the group's "
                "last quarter."
            ),
            _("The second Tuesday at 14:00, not in August. We look at the plan again in March."),
        ),
        Asked(
            Question.MEETING,
            _("How does a meeting run, from the first minute to the last?"),
            _("So that anybody can take it over when whoever leads is ill."),
            _("5 minutes to arrive, 10 for a round, 35 for the practice, 10 to say who does what by when."),
        ),
        Asked(
            Question.COMMITMENTS,
            _("What does each of you commit to?"),
            _("Something small with a day is worth more than something large without. Each says their own."),
            _("Tom sends everybody the letter by which he says no kindly, by the 12th."),
        ),
        Asked(
            Question.ROLES,
            _("Which roles do you need, and who takes each?"),
            _("A role that rests on one person alone ends with them. Give each a backup and a last day."),
            _("Una sets the agenda until March, 30 minutes a month; Tom steps in for her."),
        ),
        Asked(
            Question.SHARING,
            _("How do you share what you make, and where do you keep it?"),
            _("Agree where things lie, what may be passed on, and what stays in the room."),
            _("Papers go into our folder on the same day. Names of clients never leave the room."),
        ),
    )
}
"""Each question by its key."""


def after(question: str) -> Asked | None:
    """Return the question that comes next, None after the last."""
    later = list(ASKED.values())[ASKED[question].number :]
    return later[0] if later else None


def before(question: str) -> Asked | None:
    """Return the question that comes before, None before the first."""
    earlier = list(ASKED.values())[: ASKED[question].number - 1]
    return earlier[-1] if earlier else None
