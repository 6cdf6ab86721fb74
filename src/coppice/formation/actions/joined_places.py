"""Two places of a live room turn out to be one person's: what both have of badges and groups becomes one.

What the person has stands; the guest's fills where they have nothing, and the rest of the guest's goes.
"""

from collections.abc import Iterable

from django.db.models import Q

from coppice.formation.actions.market_choices import give_wish_up
from coppice.formation.badges import MOST_ON_A_BADGE
from coppice.formation.models import Badge, BadgeLine, Encounter, Find, GuestWish, Handshake
from coppice.formation.room_board import CHOICE
from coppice.live.models import Answer, Participant


def join_places(guest: Participant, *, into: Participant) -> None:
    """Join what two places have of badges, meetings, questions and choices, before their rows become one's.

    The person's badge keeps its number, and the guest's leads to it. The caller holds the room
    and has a transaction.
    """
    both = {guest.pk, into.pk}
    Find.objects.filter(participant__in=both, line__badge__participant__in=both).delete()
    _join_badges(guest, into)
    _join_finds(guest, into)
    _join_encounters(guest, into)
    _join_handshakes(guest, into)
    _join_choices(guest, into)


def _join_badges(guest: Participant, into: Participant) -> None:
    theirs, own = (Badge.objects.filter(participant=each).first() for each in (guest, into))
    if theirs is None or own is None:
        return
    lines = list(own.lines.all())
    known = {(line.kind, line.key): line for line in lines}
    off = {*own.kept_off, *theirs.kept_off, *(line.key for line in lines if line.is_hidden)}
    for line in theirs.lines.all():
        same = known.get((line.kind, line.key))
        if same is not None:
            found = same.finds.values("participant")
            Find.objects.filter(line=line).exclude(participant__in=found).update(line=same)
            same.is_hidden |= line.is_hidden
            same.save(update_fields=["is_hidden"])
        elif sum(kind == line.kind for kind, _key in known) < MOST_ON_A_BADGE:
            line.badge, line.is_hidden = own, line.is_hidden or line.key in off
            line.save(update_fields=["badge", "is_hidden"])
            known[line.kind, line.key] = line
        elif line.is_hidden:
            off.add(line.key)
    hidden = BadgeLine.objects.filter(badge=own, is_hidden=True).values_list("key", flat=True)
    own.kept_off, own.changes = sorted(off.difference(hidden)), own.changes + 1
    own.former_numbers = sorted({*own.former_numbers, theirs.number, *theirs.former_numbers})
    own.save(update_fields=["kept_off", "changes", "former_numbers"])
    _move_encounters(theirs, own)
    theirs.delete()


def _move_encounters(theirs: Badge, own: Badge) -> None:
    """Let whoever met the guest's badge have met the other; of both in one round, the later counts."""
    known = {(each.step_id, each.round, each.participant_id): each for each in own.encounters.all()}
    for each in theirs.encounters.all():
        same = known.get((each.step_id, each.round, each.participant_id), each)
        same.badge, same.at = own, max(same.at, each.at)
        same.save(update_fields=["badge", "at"])


def _join_finds(guest: Participant, into: Participant) -> None:
    Find.objects.filter(participant=guest, line__finds__participant=into).delete()


def _join_encounters(guest: Participant, into: Participant) -> None:
    """Drop what would be a meeting with oneself, and of the same one noted from both places the earlier."""
    both = {guest.pk, into.pk}
    noted = Encounter.objects.filter(participant__in=both).order_by("-at", "-pk").select_related("badge")
    kept, gone = set(), []
    for each in noted:
        meeting = (each.step_id, each.round, each.badge_id)
        if each.badge.participant_id in both or meeting in kept:
            gone.append(each.pk)
        kept.add(meeting)
    Encounter.objects.filter(pk__in=gone).delete()


def _join_handshakes(guest: Participant, into: Participant) -> None:
    """Drop what one place asked the other in vain, and of two open questions that become one the guest's."""
    both = {guest.pk, into.pk}
    Handshake.objects.filter(by__in=both, to__in=both).exclude(state=Handshake.State.AGREED).delete()
    rows = Handshake.objects.filter(Q(by__in=both) | Q(to__in=both), state=Handshake.State.OPEN)
    asked = sorted(rows, key=lambda each: (guest.pk in (each.by_id, each.to_id), each.pk))
    Handshake.objects.filter(pk__in=_said_twice(asked, both)).delete()


def _said_twice(asked: Iterable[Handshake], both: set[int]) -> list[int]:
    """Return the ids of questions that say what one before them says, when `both` are one."""
    known, again = set(), []
    for each in asked:
        by, to = ("one" if who in both else who for who in (each.by_id, each.to_id))
        said = (by, to, each.topic_id if to is None else None)
        if said in known:
            again.append(each.pk)
        known.add(said)
    return again


def _join_choices(guest: Participant, into: Participant) -> None:
    """Keep the person's choice, and that they asked for suggestions once."""
    wishes = {each.participant_id: each for each in GuestWish.objects.filter(participant__in=(guest, into))}
    if len(wishes) == 2:
        give_wish_up(wishes[guest.pk])
    for answer in Answer.objects.filter(participant=guest, step__kind=CHOICE):
        if Answer.objects.filter(participant=into, step=answer.step_id, round=answer.round).exists():
            answer.delete()
