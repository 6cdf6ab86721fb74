"""A market of offers and needs: writing them, finding what fits, and wanting to be introduced."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.activities import queries
from coppice.activities.errors import ListIsFull, NoSuchSlip, NotKnownHere, OwnSlip, WordsMissing
from coppice.activities.matches import key_of
from coppice.activities.models import LONGEST_NEED, Match, Slip
from coppice.history.actions import record
from coppice.lib.lines import one_line
from coppice.live.announcing import announce
from coppice.live.errors import NoLongerTaken, NotBegun
from coppice.live.models import Participant, Step
from coppice.profiles import actions as profiles
from coppice.profiles.models import Expertise, Need, Source
from coppice.programs.models import Enrollment

MOST_SLIPS = 10
"""So many needs, and so many offers, one participant puts on a market."""


@transaction.atomic
def write(
    step: Step, *, participant: Participant, round: int, kind: str, words: str, topic_id: int, how: str
) -> Slip:
    """Put a need or an offer on the market; the same words of the same person are one, and take what is new.

    `kind` is a value of Slip.Kind. `how` is how soon (Need.Urgency) or how much (Expertise.Availability);
    what is neither counts as not said. Topics of another program count as none. Raises NotBegun,
    NoLongerTaken, WordsMissing, ListIsFull.
    """
    _check(step, round)
    words = one_line(words)[:LONGEST_NEED]
    if not words:
        raise WordsMissing
    Step.objects.select_for_update().get(pk=step.pk)
    own = Slip.objects.filter(step=step, participant=participant, kind=kind)
    slip = own.filter(words__iexact=words).first()
    if slip is None:
        if own.count() >= MOST_SLIPS:
            raise ListIsFull
        slip = Slip(step=step, participant=participant, kind=kind)
    slip.words = words
    slip.topic = step.room.program.topics.filter(pk=topic_id).first()
    if kind == Slip.Kind.NEED:
        slip.urgency = how if how in Need.Urgency else ""
    else:
        slip.availability = how if how in Expertise.Availability else ""
    slip.save()
    announce(step.room_id)
    return slip


@transaction.atomic
def drop(step: Step, *, participant: Participant, slip_id: int) -> None:
    """Take one's own need or offer off the market for good, with who found it. Raises NoSuchSlip."""
    if not Slip.objects.filter(step=step, participant=participant, pk=slip_id).delete()[0]:
        raise NoSuchSlip
    announce(step.room_id)


@transaction.atomic
def find(step: Step, *, participant: Participant, round: int, slip_id: int) -> Match:
    """Say that one can help with a need, or needs what is offered; twice is once.

    Raises NotBegun, NoLongerTaken, NoSuchSlip, OwnSlip.
    """
    _check(step, round)
    slip = Slip.objects.filter(step__room=step.room_id, pk=slip_id, is_hidden=False).first()
    if slip is None:
        raise NoSuchSlip
    if slip.participant_id == participant.pk:
        raise OwnSlip
    match, _is_new = Match.objects.get_or_create(slip=slip, participant=participant)
    announce(step.room_id)
    return match


@transaction.atomic
def take_back(step: Step, *, participant: Participant, slip_id: int) -> None:
    """Take back that one found something, until the two were introduced. Raises NoSuchSlip."""
    own = Match.objects.filter(slip__step__room=step.room_id, slip=slip_id, participant=participant)
    if not own.filter(introduced_at=None).delete()[0]:
        raise NoSuchSlip
    announce(step.room_id)


@transaction.atomic
def agree(step: Step, *, participant: Participant, match_id: int, words: str = "") -> Match:
    """Say for one of the two that they want to be introduced; with the second yes they are, by mail.

    What they need or offer goes on their own profile by that, once: for whoever wrote the slip as it stands
    there, for whoever found it in `words` of their own, else in those of the slip. Also when the room has
    ended. Raises NotKnownHere, NoSuchSlip, NotToBeAsked, TooMuchSaid.
    """
    enrollment = _enrollment(participant)
    match = Match.objects.select_for_update().filter(slip__step__room=step.room_id, pk=match_id).first()
    if match is None or participant.pk not in (match.participant_id, match.slip.participant_id):
        raise NoSuchSlip
    if match.slip.participant_id == participant.pk:
        _keep_slip(match.slip, enrollment)
        match.owner_agreed_at = match.owner_agreed_at or timezone.now()
    else:
        _keep_match(match, enrollment, words)
        match.agreed_at = match.agreed_at or timezone.now()
    if match.owner_agreed_at and match.agreed_at and not match.introduced_at:
        _introduce(match, by=enrollment.person)
    match.save()
    announce(step.room_id)
    return match


@transaction.atomic
def keep(step: Step, *, participant: Participant) -> None:
    """Put what somebody wrote on their profile, each once. Raises NotKnownHere, TooMuchSaid."""
    enrollment = _enrollment(participant)
    for slip in Slip.objects.filter(step__room=step.room_id, participant=participant):
        _keep_slip(slip, enrollment)
    announce(step.room_id)


@transaction.atomic
def set_hidden(step: Step, *, slip_id: int, is_hidden: bool, by: Any) -> None:
    """Take a need or an offer off the market for everybody else, or put it back; nothing is lost."""
    slips = Slip.objects.filter(step__room=step.room_id, pk=slip_id, is_hidden=not is_hidden)
    if slips.update(is_hidden=is_hidden):
        verb = "live_room.words_hidden" if is_hidden else "live_room.words_brought_back"
        record(verb, scope=step.room.program.scope, by=by, subject=step.room)
        announce(step.room_id)


def _check(step: Step, round: int) -> None:
    if not 1 <= round <= step.rounds_begun:
        raise NotBegun
    if not step.room.takes_answers:
        raise NoLongerTaken


def _enrollment(participant: Participant) -> Enrollment:
    found = queries.enrollment_of(participant)
    if found is None:
        raise NotKnownHere
    return found


def _keep_slip(slip: Slip, enrollment: Enrollment) -> None:
    _put(slip, enrollment, is_need=slip.is_need, slip=slip, words=slip.words)


def _keep_match(match: Match, enrollment: Enrollment, words: str) -> None:
    slip = match.slip
    words = one_line(words)[:LONGEST_NEED] or slip.words
    _put(match, enrollment, is_need=not slip.is_need, slip=slip, words=words)


def _put(written: Slip | Match, enrollment: Enrollment, *, is_need: bool, slip: Slip, words: str) -> None:
    """Put it on a profile; how soon and how much are known of the slip's writer alone."""
    common: dict[str, Any] = {
        "by": enrollment.person,
        "topic": slip.topic,
        "text": words,
        "source": Source.ACTIVITY,
        "source_key": key_of(written),
    }
    if is_need:
        profiles.voice_need(enrollment, urgency=slip.urgency or Need.Urgency.SOON, **common)
    else:
        availability = slip.availability or Expertise.Availability.CALL
        profiles.offer_help(enrollment, availability=availability, **common)


def _introduce(match: Match, *, by: Any) -> None:
    """Introduce two who both said yes; their profiles hold what each said it with."""
    keys = [key_of(match), key_of(match.slip)]
    program = match.slip.step.room.program_id
    rows = {"enrollment__program": program, "source_key__in": keys}
    need = Need.objects.filter(**rows).select_related("enrollment__program", "topic").first()
    offer = Expertise.objects.filter(**rows).select_related("enrollment__program", "topic").first()
    if need is not None and offer is not None:
        profiles.introduce(need, offer=offer, by=by)
        match.introduced_at = timezone.now()
