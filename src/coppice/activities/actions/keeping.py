"""What was written in a room stays with its owner: as needs and offers on their profile, if they say so."""

from collections.abc import Collection

from django.db import transaction

from coppice.activities import queries
from coppice.activities.errors import NoSuchPoint, NoSuchWriteUp, NothingTicked, NotKnownHere, WordsMissing
from coppice.activities.models import Point, WriteUp
from coppice.live.models import Participant, Step
from coppice.profiles import actions as profiles
from coppice.profiles.models import Source
from coppice.programs.models import Enrollment


@transaction.atomic
def keep_needs(
    step: Step, *, participant: Participant, point_ids: Collection[int], urgency: str, audience: str
) -> int:
    """Put notes that somebody wrote alone on their profile as needs; says how many.

    `urgency` and `audience` are values of profiles.models. The same note again changes nothing, even when
    its need was changed or taken off since. Raises NotKnownHere, NothingTicked, NoSuchPoint, TooMuchSaid.
    """
    enrollment = _enrollment(participant)
    if not point_ids:
        raise NothingTicked
    points = Point.objects.filter(step=step, participant=participant, table=None).exclude(words="")
    chosen = list(points.filter(pk__in=point_ids))
    if len(chosen) != len(set(point_ids)):
        raise NoSuchPoint
    for point in chosen:
        profiles.voice_need(
            enrollment,
            by=enrollment.person,
            text=point.words,
            urgency=urgency,
            audience=audience,
            source=Source.ACTIVITY,
            source_key=queries.key_of(point),
        )
    return len(chosen)


@transaction.atomic
def keep_offer(
    step: Step, *, participant: Participant, write_up_id: int, words: str, level: str, audience: str
) -> None:
    """Put what somebody can help others with, as their story showed, on their profile as an offer.

    `words` are their own; `level` and `audience` values of profiles.models. Once for each story. Raises
    NotKnownHere, WordsMissing, NoSuchWriteUp, TooMuchSaid.
    """
    enrollment = _enrollment(participant)
    if not words.strip():
        raise WordsMissing
    write_up = WriteUp.objects.filter(step=step, about=participant, pk=write_up_id).first()
    if write_up is None:
        raise NoSuchWriteUp
    profiles.offer_help(
        enrollment,
        by=enrollment.person,
        text=words,
        level=level,
        audience=audience,
        source=Source.ACTIVITY,
        source_key=queries.key_of(write_up),
    )


def _enrollment(participant: Participant) -> Enrollment:
    found = queries.enrollment_of(participant)
    if found is None:
        raise NotKnownHere
    return found
