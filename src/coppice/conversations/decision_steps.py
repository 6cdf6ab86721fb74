"""Decisions that wait for somebody's answer, as lines of a community's first page and of one's home."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coppice.communities.models import Community, Membership
from coppice.communities.next_steps import NextStep
from coppice.conversations.decision_board import waiting_in
from coppice.conversations.decision_models import Ballot, Decision

SHOWN_ON_HOME = 5


def steps_in(community: Community, person: Any) -> list[NextStep]:
    """Return what a member of a community has yet to answer there, what closes first before; in one query."""
    return [_step(decision) for decision in waiting_in(community, person)]


def steps_of(person: Any) -> list[NextStep]:
    """Return the same of all communities of a person, at most five; in one query."""
    said = Ballot.objects.filter(decision=OuterRef("pk"), membership__person=person.pk)
    places = Membership.objects.taking_part().filter(
        community=OuterRef("thread__community"), community__ended_at=None, person=person.pk
    )
    waiting = Decision.objects.undecided().filter(~Exists(said), Exists(places), closes_at__gt=timezone.now())
    return [_step(decision) for decision in waiting.order_by("closes_at", "pk")[:SHOWN_ON_HOME]]


def _step(decision: Decision) -> NextStep:
    closes_at = timezone.localtime(decision.closes_at)
    sentence = _("“%(question)s” waits for your answer, until %(day)s.") % {
        "question": decision.question,
        "day": date_format(closes_at),
    }
    return NextStep(sentence, decision.get_absolute_url(), _("Say what you think"))
