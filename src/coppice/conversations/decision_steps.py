"""Decisions that wait for somebody's answer: those of one person, and how many as a column of memberships."""

from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coppice.communities.models import Community, Membership
from coppice.communities.next_steps import NextStep
from coppice.conversations.decision_models import Ballot, Decision


def unanswered_by(person: Any) -> QuerySet[Decision]:
    """Return the open decisions of a person's living communities that they have not answered."""
    said = Ballot.objects.filter(decision=OuterRef("pk"), membership__person=person.pk)
    places = Membership.objects.taking_part().filter(
        community=OuterRef("thread__community"), community__ended_at=None, person=person.pk
    )
    return _open().filter(~Exists(said), Exists(places))


def unanswered_column() -> Combinable:
    """Return as a column of memberships how many open decisions of its community each has not answered."""
    said = Ballot.objects.filter(decision=OuterRef("pk"), membership=OuterRef(OuterRef("pk")))
    here = _open().filter(~Exists(said), thread__community=OuterRef("community"))
    number = here.values("thread__community").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number, output_field=IntegerField()), Value(0))


def steps_in(community: Community, *, unanswered: int) -> list[NextStep]:
    """Return the line of a community's first page for a member who has yet to answer decisions."""
    if not unanswered:
        return []
    sentence = ngettext(
        "%(count)d decision waits for your answer.", "%(count)d decisions wait for your answer.", unanswered
    ) % {"count": unanswered}
    return [NextStep(sentence, reverse("conversations:threads", args=[community.pk]), _("Read and answer"))]


def _open() -> QuerySet[Decision]:
    return Decision.objects.undecided().filter(closes_at__gt=timezone.now()).order_by()
