"""Agendas: ready ones to start from, and what is waiting to be taken up."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coppice.communities.canvas import canvas_of
from coppice.communities.commitment_models import Commitment
from coppice.communities.models import Community, Membership
from coppice.communities.plan_models import Goal
from coppice.live.agendas import agendas as formats
from coppice.meetings.agenda_models import LONGEST_ITEM
from coppice.meetings.models import Meeting, PulseAnswer

type Words = str | Promise

NEEDS_OFFERED = 3
USUAL_MINUTES = 10
NO_FORMAT = "empty"


@dataclass(frozen=True)
class Draft:
    """An item as it would be: what it is about, for how long, what for, and what it comes from."""

    title: str
    minutes: int
    detail: str = ""
    origin: str = ""
    why: str = ""


@dataclass(frozen=True)
class ReadyAgenda:
    """A ready agenda: `parts` are called in the reader's language and give (title, share, detail)."""

    key: str
    label: Words
    purpose: Words
    parts: Callable[[], Sequence[tuple[str, int, str]]]

    def drafts(self, minutes: int) -> list[Draft]:
        """The items of a meeting of so many minutes, which they fill exactly; each takes one at least."""
        parts = self.parts()
        whole = sum(share for _title, share, _detail in parts)
        drafts, given, taken = [], 0, 0
        for number, (title, share, detail) in enumerate(parts):
            given += share
            still_to_come = len(parts) - number - 1
            until = min(round(minutes * given / whole), minutes - still_to_come)
            length = min(max(1, until - taken), LONGEST_ITEM)
            taken += length
            drafts.append(Draft(title, length, detail, origin=f"ready:{self.key}:{number}"))
        return drafts


def ready_agendas() -> list[ReadyAgenda]:
    """The agendas that a leader can begin with, one for each way in which communities meet."""
    return [
        ReadyAgenda(
            "check_in",
            gettext_lazy("Informal check-in"),
            gettext_lazy("A round in which everybody says what is new and what they could use help with."),
            _check_in,
        ),
        ReadyAgenda(
            "training",
            gettext_lazy("Training by one of us"),
            gettext_lazy("Somebody shows how they do something, the others try it."),
            _training,
        ),
        ReadyAgenda(
            "practice",
            gettext_lazy("A practice and a talk about it"),
            gettext_lazy("Somebody presents what works for them; the others ask what it takes elsewhere."),
            _practice,
        ),
        ReadyAgenda(
            "solving",
            gettext_lazy("Solving problems together"),
            gettext_lazy("One or two people bring a case, the others think along."),
            _solving,
        ),
        ReadyAgenda(
            "looking_back",
            gettext_lazy("Looking back and ahead"),
            gettext_lazy("What meeting gave you, what to change, and what you take up next."),
            _looking_back,
        ),
    ]


def closings() -> set[str]:
    """Return the `origin` of each closing round with which a ready agenda ends."""
    return {f"ready:{each.key}:{len(each.parts()) - 1}" for each in ready_agendas()}


def _closing() -> tuple[str, int, str]:
    return (
        _("Closing round"),
        10,
        _("What did we decide? Who does what until when? Was it worth our time?"),
    )


def _check_in() -> list[tuple[str, int, str]]:
    return [
        (_("Arriving"), 5, _("One word each: how are you here today?")),
        (_("What is new"), 25, _("A round, two minutes each: what happened in your work since we met?")),
        (
            _("One ask each"),
            20,
            _("Say one thing that somebody here could help you with. Who can, says how and when."),
        ),
        _closing(),
    ]


def _training() -> list[tuple[str, int, str]]:
    return [
        (_("Arriving"), 5, _("Who is here, and what does each of you already know of this?")),
        (_("It is shown"), 20, _("Step by step, on a real example. Questions that cannot wait are welcome.")),
        (_("Everybody tries it"), 20, _("Alone or in pairs, on something of your own.")),
        (_("Questions"), 10, _("What went well, where did you get stuck?")),
        _closing(),
    ]


def _practice() -> list[tuple[str, int, str]]:
    return [
        (_("Arriving"), 5, _("One sentence each on what you hope to hear.")),
        (_("The practice"), 15, _("For whom is it, what do you do, what came of it, what was hard?")),
        (_("Questions to understand"), 10, _("No advice yet.")),
        (_("What would it take where you are?"), 20, _("In pairs first, then together.")),
        _closing(),
    ]


def _solving() -> list[tuple[str, int, str]]:
    return [
        (_("Arriving"), 5, _("Who brings a case today? One or two are enough.")),
        (_("The case"), 5, _("What is going on, what was tried, and what is the question?")),
        (_("Questions to understand"), 10, _("Short ones. No advice yet.")),
        (_("Thinking along"), 25, _("The others talk of it; whoever brought it listens and takes notes.")),
        (_("What I take with me"), 5, _("Whoever brought the case says what they will try, and when.")),
        _closing(),
    ]


def _looking_back() -> list[tuple[str, int, str]]:
    return [
        (_("Arriving"), 5, _("A moment of the last months that you remember.")),
        (_("What it gave us"), 20, _("What did you try, what came of it, what surprised you?")),
        (_("What to keep and what to change"), 15, _("How we meet, how often, who does what.")),
        (_("What we take up next"), 15, _("One to three things, each with somebody who begins.")),
        _closing(),
    ]


def waiting_for(meeting: Meeting, *, there: Collection[str], members: Iterable[Membership]) -> list[Draft]:
    """Return what the next meeting could take up, but for the origins that are `there` already.

    Who of its active `members` joined since the community last met, what people said that they would try or
    do, goals that are open, and the needs that stand highest on the canvas. Titles and details are in the
    reader's language.
    """
    stand = _stand_of(meeting)
    found = [
        *_newcomers(members, stand),
        *_what_was_tried(stand),
        *_commitments(stand),
        *_goals(stand),
        *_needs(meeting),
    ]
    return [draft for draft in found if draft.origin not in there]


@dataclass(frozen=True)
class _Stand:
    """Where a community stands before a meeting.

    `before` is the id of the meeting held last (None before the first), with its title and end; `tried` how
    many said after it what they would try. `due` counts what people committed to by the day of the meeting
    and have not done, `goals` those that are open.
    """

    before: int | None
    title: str | None
    ended: datetime | None
    tried: int | None
    due: int | None
    goals: int | None


def _stand_of(meeting: Meeting) -> _Stand:
    held = (
        Meeting.objects.filter(community=OuterRef("pk"), starts_at__lt=meeting.starts_at, cancelled_at=None)
        .held()
        .order_by("-starts_at")
    )
    tried = PulseAnswer.objects.filter(meeting=OuterRef("before")).exclude(will_try="")
    due = Commitment.objects.open().filter(
        community=OuterRef("pk"), due_on__lte=timezone.localdate(meeting.starts_at, meeting.zone)
    )
    goals = Goal.objects.open().filter(community=OuterRef("pk"))
    row = (
        Community.objects.filter(pk=meeting.community_id)
        .annotate(before=Subquery(held.values("pk")[:1]))
        .annotate(
            title=Subquery(held.values("title")[:1]),
            ended=Subquery(held.values("ends_at")[:1]),
            tried=_counted(tried, "meeting"),
            due=_counted(due, "community"),
            goals_open=_counted(goals, "community"),
        )
        .values_list("before", "title", "ended", "tried", "due", "goals_open")
        .get()
    )
    return _Stand(*row)


def _counted(rows: "QuerySet[Any]", by: str) -> Subquery:
    return Subquery(rows.order_by().values(by).annotate(count=Count("pk")).values("count"))


def offered_formats(*, there: Collection[str]) -> list[Draft]:
    """Return the formats of live rooms as items, each with the minutes that its steps take."""
    found = [
        Draft(
            str(each.label),
            min(LONGEST_ITEM, sum(step.minutes or 0 for step in each.steps()) or USUAL_MINUTES),
            str(each.purpose),
            origin=f"format:{each.key}",
        )
        for each in formats()
        if each.key != NO_FORMAT
    ]
    return [draft for draft in found if draft.origin not in there]


def _newcomers(members: Iterable[Membership], stand: _Stand) -> list[Draft]:
    if stand.ended is None:
        return []
    new = [each for each in members if each.joined_at and each.joined_at > stand.ended]
    if not new:
        return []
    names = ", ".join(str(each.enrollment) for each in new[:5])
    why = ngettext(
        "%(count)d person joined since you last met.", "%(count)d people joined since you last met.", len(new)
    )
    return [
        Draft(
            _("Welcome to who is new"),
            5,
            names if len(new) <= 5 else _("%(names)s and others") % {"names": names},
            origin=f"new:{stand.before}:{max(each.pk for each in new)}",
            why=why % {"count": len(new)},
        )
    ]


def _what_was_tried(stand: _Stand) -> list[Draft]:
    if not stand.tried:
        return []
    why = ngettext(
        "%(count)d person said after “%(meeting)s” what they would try.",
        "%(count)d people said after “%(meeting)s” what they would try.",
        stand.tried,
    )
    return [
        Draft(
            _("What we tried since we last met"),
            USUAL_MINUTES,
            _("Whoever likes to says what they tried, what came of it, and what they would do otherwise."),
            origin=f"tried:{stand.before}",
            why=why % {"count": stand.tried, "meeting": stand.title},
        )
    ]


def _commitments(stand: _Stand) -> list[Draft]:
    if not stand.due:
        return []
    why = ngettext(
        "%(count)d commitment is due by then.", "%(count)d commitments are due by then.", stand.due
    )
    return [
        Draft(
            _("What we said that we would do"),
            USUAL_MINUTES,
            _("Each says in a sentence: done, tried, or what stands in the way. Who needs a hand?"),
            origin="commitments",
            why=why % {"count": stand.due},
        )
    ]


def _goals(stand: _Stand) -> list[Draft]:
    if not stand.goals:
        return []
    why = ngettext("%(count)d goal is open.", "%(count)d goals are open.", stand.goals)
    return [
        Draft(
            _("How far we are with our goals"),
            15,
            _("Look at the drawing of each together: what moved it, and what is the next step?"),
            origin="goals",
            why=why % {"count": stand.goals},
        )
    ]


def _needs(meeting: Meeting) -> list[Draft]:
    rows = [row for row in canvas_of(meeting.community) if row.score is not None][:NEEDS_OFFERED]
    return [
        Draft(
            row.priority.need,
            20,
            row.priority.how or row.priority.result,
            origin=f"need:{row.priority.pk}",
            why=_("It stands at %(score)d of 100 among your priorities.") % {"score": row.score},
        )
        for row in rows
    ]
