"""What waits while a community agrees how to work: its plan, a charter, an objection, one's own word."""

from dataclasses import dataclass
from datetime import date

from django.db.models import (
    BigAutoField,
    Count,
    Exists,
    FilteredRelation,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coppice.communities.charter_models import Charter, Consent
from coppice.communities.commitment_models import Commitment
from coppice.communities.models import Community
from coppice.communities.next_steps import NextStep
from coppice.communities.plan_models import Goal, PlanAnswer, PlanFrame
from coppice.communities.plan_questions import ASKED
from coppice.communities.role_models import Role
from coppice.lib.questions import Given, Question

ASKS = PlanAnswer.Question
NUMBER = BigAutoField()


@dataclass(frozen=True)
class Agreement:
    """How far a community is with agreeing, and what of it waits for one person.

    `answered` are questions of the plan. `closes_on` is the last day to answer a charter that people are
    asked about, None without one; `is_said` whether this person has answered it, `is_objected` whether an
    objection to it waits for an answer. `own` commitments of this person wait, the first until `own_due_on`.
    """

    answered: frozenset[str]
    has_charter: bool
    closes_on: date | None
    is_said: bool
    is_objected: bool
    own: int
    own_due_on: date | None

    @property
    def next(self) -> str | None:
        """The first question of the plan that waits, None when all are answered."""
        return next((key for key in ASKED if key not in self.answered), None)

    @property
    def is_to_plan(self) -> bool:
        """Whether the plan comes next: it has gaps, and nobody was asked about a charter yet."""
        return self.next is not None and not self.has_charter

    @property
    def is_to_charter(self) -> bool:
        """Whether the charter comes next: the plan is whole, and nobody was asked about one yet."""
        return self.next is None and not self.has_charter


def agreement_of(community: Community, person_id: int | None) -> Agreement:
    """Return how far a community is with agreeing, and what waits for a person; in one query."""
    rows = WAITS.ask(community=community.pk, person=person_id)
    first = rows[0]
    typed = {key for key, is_there in zip(TYPED, first[1 : 1 + len(TYPED)], strict=True) if is_there}
    has_charter, closes_on, is_said, is_objected, own, own_due_on = first[1 + len(TYPED) :]
    return Agreement(
        answered=frozenset(typed | {row[0] for row in rows if row[0]}),
        has_charter=bool(has_charter),
        closes_on=_day(closes_on),
        is_said=bool(is_said),
        is_objected=bool(is_objected),
        own=own or 0,
        own_due_on=_day(own_due_on),
    )


def waiting_steps(
    agreement: Agreement, community: Community, *, leads: bool, takes_part: bool
) -> list[NextStep]:
    """Return what of it this reader could do now, the most pressing first."""
    charter = reverse("communities:charter", args=[community.pk])
    steps = []
    if leads and agreement.is_objected:
        told = _("Somebody objects to the charter, and waits for an answer.")
        steps.append(NextStep(told, charter, _("See it and answer")))
    if takes_part and agreement.closes_on and not agreement.is_said:
        told = _("The charter is ready to be agreed to, until %(day)s.") % {
            "day": date_format(agreement.closes_on)
        }
        steps.append(NextStep(told, charter, _("Read it and answer")))
    if takes_part and agreement.own:
        steps.append(_own_word(agreement, community))
    return steps


def _own_word(agreement: Agreement, community: Community) -> NextStep:
    told = ngettext(
        "%(count)d thing that you said you would do waits.",
        "%(count)d things that you said you would do wait.",
        agreement.own,
    ) % {"count": agreement.own}
    if agreement.own_due_on:
        told = _("%(told)s The first is for %(day)s.") % {
            "told": told,
            "day": date_format(agreement.own_due_on),
        }
    return NextStep(told, reverse("communities:commitments", args=[community.pk]), _("Say how it stands"))


def _day(value: date | str | None) -> date | None:
    """A day as the database keeps it: SQLite has text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _typed() -> dict[str, Exists]:
    """Where a question is answered by rows or typed facts rather than by words."""
    frame = PlanFrame.objects.filter(community=OuterRef("pk"))
    goals = Goal.objects.filter(community=OuterRef("pk"))
    when = Q(weekday=None, starts_at=None, first_on=None, renews_on=None, months_off=[])
    return {
        ASKS.GOALS: Exists(goals),
        ASKS.SIGNS: Exists(goals.exclude(indicator="").exclude(target=None)),
        ASKS.FORMAT: Exists(frame.exclude(formats=[])),
        ASKS.RHYTHM: Exists(frame.exclude(rhythm="", minutes=None, means="")),
        ASKS.DATES: Exists(frame.exclude(when)),
        ASKS.COMMITMENTS: Exists(Commitment.objects.theirs().filter(community=OuterRef("pk"))),
        ASKS.ROLES: Exists(Role.objects.kept().filter(community=OuterRef("pk"))),
    }


TYPED = (ASKS.GOALS, ASKS.SIGNS, ASKS.FORMAT, ASKS.RHYTHM, ASKS.DATES, ASKS.COMMITMENTS, ASKS.ROLES)


def _waits() -> QuerySet[Community, tuple[object, ...]]:
    charters = Charter.objects.filter(community=OuterRef("pk"))
    said = Consent.objects.filter(charter__community=OuterRef("pk"), charter__state=Charter.State.PROPOSED)
    own = (
        Commitment.objects.open()
        .filter(community=OuterRef("pk"), membership__person=Given("person", NUMBER))
        .order_by()
        .values("community")
    )
    there = {f"has_{key}": test for key, test in _typed().items()}
    return (
        Community.objects.filter(pk=Given("community", NUMBER))
        .order_by()
        .annotate(
            worded=FilteredRelation("plan_answers", condition=~Q(plan_answers__text="")),
            **there,
            has_charter=Exists(charters),
            closes_on=Subquery(charters.open().values("closes_on")[:1]),
            is_said=Exists(said.filter(membership__person=Given("person", NUMBER))),
            is_objected=Exists(said.filter(answer=Consent.Answer.OBJECT, reply="")),
            own=Subquery(own.annotate(count=Count("pk")).values("count")),
            own_due_on=Subquery(own.annotate(first=Min("due_on")).values("first")),
        )
        .values_list(
            "worded__question",
            *(f"has_{key}" for key in TYPED),
            *("has_charter", "closes_on", "is_said", "is_objected", "own", "own_due_on"),
        )
    )


WAITS = Question(_waits)
