"""Keeping what stands on one's badge on one's profile, because its owner asks for it."""

from django.db import transaction

from coppice.formation.badge_errors import NothingToKeep
from coppice.formation.badge_keeping import kept_of, key_of
from coppice.formation.models import BadgeLine
from coppice.live.announcing import announce
from coppice.live.models import Participant
from coppice.live.queries import enrollment_of
from coppice.profiles import actions as profiles
from coppice.profiles.models import Audience, Source
from coppice.programs.rosters.headers import fold


@transaction.atomic
def keep_badge(participant: Participant, *, audience: str) -> int:
    """Put somebody's interests on their profile as needs and their skills as offers, and return how many.

    Each is seen by `audience` (a value of Audience; any other is the staff alone), once, and about a topic of
    the program where it is called so. What stands there already stays as it is. Raises NothingToKeep for a
    guest, for one whom only a host has named and where nothing is left, and TooMuchSaid.
    """
    enrollment = enrollment_of(participant)
    lines = BadgeLine.objects.select_for_update(of=("self",)).filter(badge__participant=participant)
    left = kept_of(lines, enrollment).left if enrollment else []
    if enrollment is None or not left:
        raise NothingToKeep
    topics = {fold(each.name): each for each in enrollment.program.topics.all()}
    for line in left:
        topic = topics.get(line.key)
        say = profiles.voice_need if line.is_interest else profiles.offer_help
        say(
            enrollment,
            by=enrollment.person,
            topic=topic,
            text="" if topic else line.words,
            audience=audience if audience in Audience.values else Audience.STAFF,
            source=Source.ACTIVITY,
            source_key=key_of(line),
        )
    announce(participant.room_id)
    return len(left)
