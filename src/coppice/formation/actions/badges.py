"""What people write on their badges, what they take over from their profiles, and what hosts hide."""

from collections.abc import Mapping, Sequence
from textwrap import shorten
from typing import Any

from django.db import transaction
from django.db.models import Max

from coppice.formation.badge_errors import NothingOnIt, NotOnAnyProfile
from coppice.formation.badges import LONGEST_ON_A_BADGE, MOST_ON_A_BADGE
from coppice.formation.models import Badge, BadgeLine
from coppice.history.actions import record
from coppice.lib.lines import one_line
from coppice.live.announcing import announce
from coppice.live.errors import NoLongerTaken
from coppice.live.models import Participant, Room, Step
from coppice.live.queries import enrollment_of
from coppice.profiles.models import OPEN_NEEDS, OPEN_OFFERS, Audience, Expertise, Need
from coppice.programs.rosters.headers import fold


@transaction.atomic
def write_badge(participant: Participant, *, interests: Sequence[str], skills: Sequence[str]) -> Badge:
    """Let a badge say these words, in place of those before; what stays keeps who found it.

    What a host hid stays hidden, also when it was taken away meanwhile. The first three of each count, each
    once. Raises NoLongerTaken and NothingOnIt.
    """
    room = _room_that_takes(participant)
    wanted = {
        BadgeLine.Kind.INTEREST: _by_key(interests),
        BadgeLine.Kind.SKILL: _by_key(skills),
    }
    if not any(wanted.values()):
        raise NothingOnIt
    badge = _badge_of(participant, room)
    _put(badge, wanted)
    _changed(badge)
    return badge


@transaction.atomic
def take_from_profile(participant: Participant) -> Badge:
    """Fill what is free on a badge with what everybody in the program sees of one's own profile.

    Only of a participant who speaks for a person of the roster. Raises NoLongerTaken and NotOnAnyProfile.
    """
    room = _room_that_takes(participant)
    enrollment = enrollment_of(participant)
    if enrollment is None:
        raise NotOnAnyProfile
    needs = Need.objects.filter(enrollment=enrollment, state__in=OPEN_NEEDS).filter(audience=Audience.PROGRAM)
    offers = Expertise.objects.filter(enrollment=enrollment, state__in=OPEN_OFFERS).filter(
        audience=Audience.PROGRAM
    )
    told = {
        BadgeLine.Kind.INTEREST: [_briefly(each) for each in needs.select_related("topic").order_by("pk")],
        BadgeLine.Kind.SKILL: [_briefly(each) for each in offers.select_related("topic").order_by("pk")],
    }
    if not any(told.values()):
        raise NotOnAnyProfile
    badge = _badge_of(participant, room)
    before = list(badge.lines.all())
    _put(
        badge,
        {
            kind: _by_key([*(line.words for line in before if line.kind == kind), *words])
            for kind, words in told.items()
        },
    )
    _changed(badge)
    return badge


@transaction.atomic
def set_line_hidden(step: Step, *, line_id: int, is_hidden: bool, by: Any) -> None:
    """Take a line off all screens but its owner's and the hosts', or put it back; nothing is lost."""
    lines = BadgeLine.objects.filter(badge__room=step.room_id, pk=line_id, is_hidden=not is_hidden)
    if lines.update(is_hidden=is_hidden):
        verb = "live_room.words_hidden" if is_hidden else "live_room.words_brought_back"
        record(verb, scope=step.room.program.scope, by=by, subject=step.room)
        announce(step.room_id)


def _room_that_takes(participant: Participant) -> Room:
    """Return the room, held, so that no two badges get one number."""
    room = Room.objects.select_for_update(of=("self",)).select_related("program").get(pk=participant.room_id)
    if not room.takes_answers:
        raise NoLongerTaken
    return room


def _badge_of(participant: Participant, room: Room) -> Badge:
    badge = Badge.objects.filter(participant=participant).first()
    if badge is None:
        badge = Badge.objects.create(room=room, participant=participant, number=_next_number(room))
    return badge


def _next_number(room: Room) -> int:
    """Return a number that nobody in the room wears, and nobody wore before their places became one."""
    last = room.badges.aggregate(last=Max("number"))["last"] or 0
    joined = room.badges.exclude(former_numbers=[]).values_list("former_numbers", flat=True)
    return max([last, *(number for each in joined for number in each)]) + 1


def _put(badge: Badge, wanted: Mapping[BadgeLine.Kind, dict[str, str]]) -> None:
    """Let these lines stand on a badge, by kind and key; what is no longer wanted goes.

    Words that a host hid stay hidden, of whichever kind they come back.
    """
    hidden = badge.lines.filter(is_hidden=True).values_list("key", flat=True)
    off = {*badge.kept_off, *hidden}
    for kind, lines in wanted.items():
        badge.lines.filter(kind=kind).exclude(key__in=lines).delete()
        for key, words in lines.items():
            said = {"words": words}
            BadgeLine.objects.update_or_create(
                badge=badge,
                kind=kind,
                key=key,
                defaults=said,
                create_defaults={**said, "is_hidden": key in off},
            )
    badge.kept_off = sorted(off.difference(hidden.all()))


def _changed(badge: Badge) -> None:
    badge.changes += 1
    badge.save(update_fields=["changes", "kept_off"])
    announce(badge.room_id)


def _by_key(words: Sequence[str]) -> dict[str, str]:
    cut = [one_line(each)[:LONGEST_ON_A_BADGE] for each in words]
    found: dict[str, str] = {}
    for each in cut:
        key = fold(each)
        if key:
            found.setdefault(key, each)
    return dict(list(found.items())[:MOST_ON_A_BADGE])


def _briefly(said: Need | Expertise) -> str:
    """Say a need or an offer as it fits on a badge: its topic, else the first of its words."""
    return shorten(said.topic_name or said.text, LONGEST_ON_A_BADGE, placeholder=" …")
