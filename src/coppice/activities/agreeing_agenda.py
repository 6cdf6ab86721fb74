"""The ready agenda "Agree how we work": the ten questions of the action plan, with the host's notes."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coppice.communities.plan_models import PlanAnswer
from coppice.communities.plan_questions import ASKED
from coppice.live.actions.rooms import Plan

Question = PlanAnswer.Question

QUESTIONS: dict[PlanAnswer.Question, tuple[int, str | Promise]] = {
    Question.POTENTIAL: (
        8,
        gettext_lazy(
            "One minute in silence, then everybody writes. Read what others propose, and press what you "
            "would take. Close the step, read the first three aloud, and put them into the plan."
        ),
    ),
    Question.GOALS: (
        12,
        gettext_lazy(
            "Ask what will be different, not what you will do. Put the same ones together. Take three into "
            "the plan: each becomes a goal, to which you add figure and day on its own page."
        ),
    ),
    Question.SIGNS: (
        8,
        gettext_lazy(
            "Goal by goal: what will you count or see, where does it stand now, where shall it be? Write the "
            "figures into the goals afterwards."
        ),
    ),
    Question.FORMAT: (
        5,
        gettext_lazy(
            "Tick the kinds of meetings under your own words, with what the group says about when to do "
            "which."
        ),
    ),
    Question.RHYTHM: (
        6,
        gettext_lazy(
            "Ask for the rhythm that everybody can keep in their worst month. Choose it under your own "
            "words: meetings are planned from it."
        ),
    ),
    Question.DATES: (
        8,
        gettext_lazy(
            "A weekday and a time that rule nobody out. No agreement in three minutes? Ask everybody later "
            "when they can, and go on."
        ),
    ),
    Question.MEETING: (
        8,
        gettext_lazy(
            "From the first minute to the last, as somebody else would run it. Write it in your own words "
            "from what is proposed."
        ),
    ),
    Question.COMMITMENTS: (
        10,
        gettext_lazy(
            "Everybody writes one thing that they will do, with a day. Ask each whether it stands, then take "
            "it into the plan: it becomes their commitment, with their name. Nobody has to."
        ),
    ),
    Question.ROLES: (
        8,
        gettext_lazy(
            "Which roles does this take? Each that you take into the plan becomes an open role. Who has it, "
            "until when, and who steps in, you say on the page of roles."
        ),
    ),
    Question.SHARING: (
        6,
        gettext_lazy("Where do things lie, what may be passed on, and what stays in the room?"),
    ),
}
"""For each question its minutes, and what the host does."""


def agree_how_we_work() -> list[Plan]:
    """A word of welcome, the ten questions, and what comes next; about an hour and a half."""
    return [
        Plan(
            kind="talk",
            title=_("Ten questions, one plan"),
            prompt=_(
                "Write what you would like, and press what others propose that you would take. What we agree "
                "on goes into our plan."
            ),
            minutes=4,
            script=_(
                "Open the room from your community: then the plan is written as you go. Whoever has no phone "
                "tells you, and you write it in on their page under People. You need not finish: what is in "
                "the plan stays, and the next time you begin with the first question that waits."
            ),
        ),
        *(_question(question, minutes, script) for question, (minutes, script) in QUESTIONS.items()),
        Plan(
            kind="talk",
            title=_("What we agreed"),
            prompt=_("Read the plan together. What is missing, and who writes it?"),
            minutes=5,
            script=_(
                "Show the page of the plan. Say when everybody is asked to consent to it as a charter, and "
                "take it away as PDF or Word for whoever was not here."
            ),
        ),
    ]


def _question(question: PlanAnswer.Question, minutes: int, script: str | Promise) -> Plan:
    return Plan(
        kind="plan_question",
        title=str(question.label),
        prompt=str(ASKED[question].asks),
        minutes=minutes,
        script=str(script),
        settings={"question": question.value},
    )
