"""Who could help with a need: offers on the same topic that may be asked for now."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from coppice.notifications.models import Mute
from coppice.profiles.apart import apart_from
from coppice.profiles.board import DEEPEST
from coppice.profiles.models import Audience, Expertise, Introduction, Need
from coppice.profiles.notices import LIST
from coppice.programs.models import Affiliation, Enrollment

MOST_ASKED = 3
"""So often in thirty days is one person asked to help, over all that they offer in a program."""

A_MONTH = timedelta(days=30)
SHOWN = 6


def candidates_for(
    need: Need,
    *,
    people: QuerySet[Any] | None = None,
    also_colleagues: bool = False,
    at: datetime | None = None,
) -> QuerySet[Expertise]:
    """Return the offers that a need can be introduced to: the deepest first, then whom fewest have asked.

    They are about the need's topic, of somebody else on the roster, of no organization of hers (unless
    `also_colleagues`), may be asked now, are not kept to the staff, and were not proposed for this need
    before; their person did not stop these mails, is not to be kept apart from hers (`apart`), and was asked
    less than MOST_ASKED times within a month.
    `people` narrows them to some rows of the roster. A need without a topic has none.
    """
    if need.topic_id is None or not need.is_open:
        return Expertise.objects.none()
    month = (at or timezone.now()) - A_MONTH
    rows = Expertise.objects.filter(
        topic=need.topic_id,
        state=Expertise.State.OFFERED,
        enrollment__program=need.enrollment.program_id,
        enrollment__ended_at=None,
    )
    rows = rows.exclude(audience=Audience.STAFF).exclude(enrollment=need.enrollment_id)
    rows = rows.exclude(pk__in=Introduction.objects.filter(need=need, offer__isnull=False).values("offer"))
    muted = Mute.objects.current(at).filter(list_key=f"{LIST}:{need.enrollment.program_id}").values("person")
    rows = rows.exclude(enrollment__contact_mode=Enrollment.ContactMode.EMAIL, enrollment__person__in=muted)
    for others in apart_from(need.enrollment.person_id):
        rows = rows.exclude(enrollment__person__in=others)
    if people is not None:
        rows = rows.filter(enrollment__in=people)
    if not also_colleagues:
        hers = Affiliation.objects.filter(enrollment=need.enrollment_id).values("organization")
        colleagues = Affiliation.objects.filter(organization__in=hers).values("enrollment")
        rows = rows.exclude(enrollment__in=colleagues)
    return (
        rows.annotate(asked=_times_asked(month))
        .filter(asked__lt=MOST_ASKED)
        .order_by(_depth(DEEPEST), "asked", "pk")
    )


def _times_asked(since: datetime) -> Coalesce:
    """How often the person of an offer was asked since then, as a column."""
    asked = (
        Introduction.objects.since(since)
        .filter(offer__enrollment=OuterRef("enrollment"))
        .order_by()
        .values("offer__enrollment")
        .annotate(number=Count("pk"))
    )
    return Coalesce(Subquery(asked.values("number")), 0)


def _depth(levels: Sequence[str]) -> Case:
    whens = (When(level=level, then=Value(place)) for place, level in enumerate(levels))
    return Case(*whens, default=Value(len(levels)), output_field=IntegerField())
