"""The web of needs and expertise: voicing a need, saying how one can help, and passing the thread on."""

import re
from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction

from coppice.activities import notices, queries, webs
from coppice.activities.errors import (
    ListIsFull,
    NobodyToPassTo,
    NoSuchPerson,
    NoSuchStrand,
    NothingTicked,
    NotKnownHere,
    OwnStrand,
    SeveralCalledSo,
    TakenOffTheWeb,
    ThreadIsElsewhere,
    WordsMissing,
)
from coppice.activities.models import LONGEST_HOW, LONGEST_NEED, Strand, Thread, Tie
from coppice.history.actions import record
from coppice.lib.lines import one_line
from coppice.live.actions.people import LONGEST_NAME, people_called, write_in
from coppice.live.announcing import announce
from coppice.live.errors import NameMissing, NoLongerTaken, NotBegun
from coppice.live.models import Participant, Step
from coppice.profiles import actions as profiles
from coppice.profiles.models import Source

MOST_NEEDS = 5
"""So many needs one participant voices in one round."""

COUNTED = re.compile(r"(.*\S) ?#([1-9][0-9]?)")
"""A name with the place of whoever is meant among those who are called so: "Ana #2"."""


@transaction.atomic
def voice(step: Step, *, participant: Participant, round: int, need: str) -> Strand:
    """Voice a need; the same words of the same person are one.

    While the step is open only whoever holds the thread does so, or anybody while nobody holds it; it is
    theirs then. Raises NotBegun, NoLongerTaken, WordsMissing, TakenOffTheWeb, ThreadIsElsewhere,
    ListIsFull.
    """
    _check(step, round)
    thread = _thread(step, round)
    said = _same(step, participant, round, need)
    if said is not None and said.is_off:
        raise TakenOffTheWeb
    if said is not None:
        return said
    if step.is_open and round == step.round and thread.holder_id not in (None, participant.pk):
        raise ThreadIsElsewhere
    return _voice(thread, participant, need)


@transaction.atomic
def help_with(step: Step, *, participant: Participant, round: int, strand_id: int, how: str) -> Tie:
    """Say how one can help with a need; said again, the latest words stand.

    Raises NotBegun, NoLongerTaken, NoSuchStrand, OwnStrand, WordsMissing, TakenOffTheWeb.
    """
    _check(step, round)
    if Tie.objects.filter(strand=strand_id, participant=participant, is_off=True).exists():
        raise TakenOffTheWeb
    tie = _tie(step, participant, round, strand_id, how)
    announce(step.room_id)
    return tie


@transaction.atomic
def take_back(step: Step, *, participant: Participant, strand_id: int = 0, tie_id: int = 0) -> None:
    """Take one's own need, or one's own word that one can help, out of the web for good.

    Raises NoSuchStrand.
    """
    strands = Strand.objects.filter(step=step, participant=participant, pk=strand_id)
    ties = Tie.objects.filter(strand__step=step, participant=participant, pk=tie_id)
    if not strands.delete()[0] + ties.delete()[0]:
        raise NoSuchStrand
    announce(step.room_id)


@transaction.atomic
def pass_on(step: Step, *, participant: Participant, round: int, to_id: int) -> None:
    """Pass the thread to somebody who can help with the need that its holder has voiced.

    Raises NotBegun, NoLongerTaken, ThreadIsElsewhere, NobodyToPassTo.
    """
    _check(step, round)
    thread = _thread(step, round)
    if thread.holder_id != participant.pk:
        raise ThreadIsElsewhere
    if not Tie.objects.filter(strand=thread.strand_id, participant=to_id, is_off=False).exists():
        raise NobodyToPassTo
    _hand(thread, to_id)


@transaction.atomic
def send(step: Step, *, to_id: int) -> None:
    """Send the thread to anybody in the room, as hosts do. Raises NoSuchPerson."""
    _hand(_thread(step, step.round), _somebody(step, to_id).pk)


@transaction.atomic
def voice_for(step: Step, *, participant_id: int, need: str, by: Any) -> Strand:
    """Write down what somebody without a phone says that they need; the thread is theirs then.

    What was taken off is in the web again, as with all that hosts write.

    Raises NotBegun, NoSuchPerson, WordsMissing, ListIsFull.
    """
    _check_begun(step, step.round)
    somebody = _somebody(step, participant_id)
    strand = _back(_same(step, somebody, step.round, need)) or _voice(
        _thread(step, step.round), somebody, need
    )
    notices.named_in_web(somebody, step)
    _note("live_room.web_told", step, by=by)
    return strand


@transaction.atomic
def help_for(step: Step, *, participant_id: int, strand_id: int, how: str, by: Any) -> Tie:
    """Write down how somebody without a phone says that they can help.

    Raises NotBegun, NoSuchPerson, NoSuchStrand, OwnStrand, WordsMissing.
    """
    _check_begun(step, step.round)
    somebody = _somebody(step, participant_id)
    tie = _tie(step, somebody, step.round, strand_id, how)
    notices.named_in_web(somebody, step)
    _note("live_room.web_told", step, by=by)
    return tie


@transaction.atomic
def set_off(step: Step, *, strand_id: int = 0, tie_id: int = 0, is_off: bool, by: Any) -> None:
    """Take a need (with whoever can help) or one tie off the web, or put it back; nothing is lost.

    A thread whose need is taken off goes back to before it was voiced.
    """
    strands = Strand.objects.filter(step=step, pk=strand_id, is_off=not is_off)
    ties = Tie.objects.filter(strand__step=step, pk=tie_id, is_off=not is_off)
    if not strands.update(is_off=is_off) + ties.update(is_off=is_off):
        return
    if is_off:
        Thread.objects.filter(step=step, strand=strand_id).update(strand=None)
    _note("live_room.web_taken_off" if is_off else "live_room.web_put_back", step, by=by)


@transaction.atomic
def enter(step: Step, *, name: str, need: str, helpers: Sequence[tuple[str, str]], by: Any) -> Strand:
    """Enter one need from a drawing, and who can help how; also after the room has ended.

    It goes into the round that is open, else into the last one in which there is a web.
    Whoever is not in the room yet is written in; of several with one name "Ana #2" is the second. The thread
    stays where it is. Raises NotBegun, NameMissing, SeveralCalledSo, WordsMissing, ListIsFull, OwnStrand.
    """
    _check_begun(step, step.round)
    names = [_name(each) for each in (name, *(helper for helper, _how in helpers))]
    if not all(names):
        raise NameMissing
    here = _called(step, names)
    new = [each for each in names if each.casefold() not in here]
    if new:
        write_in(step.room, names=new, by=by, is_afterwards=True)
        here = _called(step, names)
    somebody = here[_name(name).casefold()]
    number = step.round if step.is_open else webs.last_round(step.strands.all(), step)
    strand = _back(_same(step, somebody, number, need)) or _add(step, somebody, number, need)
    for helper, how in helpers:
        _tie(step, here[_name(helper).casefold()], number, strand.pk, how)
    for each in dict.fromkeys(names):
        notices.named_in_web(here[each.casefold()], step)
    _note("live_room.web_entered", step, by=by)
    return strand


@transaction.atomic
def keep(step: Step, *, participant: Participant, keys: Collection[str], audience: str) -> None:
    """Put what somebody said they need and can help with on their profile: what they chose of it.

    `keys` are those of `webs.key_of`, `audience` a value of profiles.models. Each stands there once, however
    often they ask; they change and remove it there, and what they took off there stays off. Raises
    NotKnownHere, NothingTicked when they chose nothing that they said.
    """
    enrollment = queries.enrollment_of(participant)
    if enrollment is None:
        raise NotKnownHere
    said = webs.said_by(step, participant)
    common: dict[str, Any] = {"by": enrollment.person, "source": Source.ACTIVITY, "audience": audience}
    needs = [each for each in said.needs if webs.key_of(each) in keys]
    offers = [each for each in said.offers if webs.key_of(each) in keys]
    if not needs and not offers:
        raise NothingTicked
    for strand in needs:
        profiles.voice_need(enrollment, text=strand.need, source_key=webs.key_of(strand), **common)
    for tie in offers:
        profiles.offer_help(enrollment, text=tie.how, source_key=webs.key_of(tie), **common)
    announce(step.room_id)


def _check_begun(step: Step, round: int) -> None:
    if not 1 <= round <= step.rounds_begun:
        raise NotBegun


def _check(step: Step, round: int) -> None:
    _check_begun(step, round)
    if not step.room.takes_answers:
        raise NoLongerTaken


def _thread(step: Step, round: int) -> Thread:
    """Return the thread of a round; two who pull it at once wait for one another."""
    thread, _is_new = Thread.objects.select_for_update().get_or_create(step=step, round=round)
    return thread


def _hand(thread: Thread, to_id: int) -> None:
    thread.holder_id, thread.strand = to_id, None
    thread.save()
    announce(thread.step.room_id)


def _voice(thread: Thread, participant: Participant, need: str) -> Strand:
    strand = _add(thread.step, participant, thread.round, need)
    thread.holder, thread.strand = participant, strand
    thread.save()
    announce(thread.step.room_id)
    return strand


def _same(step: Step, participant: Participant, round: int, need: str) -> Strand | None:
    words = one_line(need)[:LONGEST_NEED]
    said = Strand.objects.filter(step=step, round=round, participant=participant, need__iexact=words)
    return said.order_by("is_off", "pk").first()


def _back(strand: Strand | None) -> Strand | None:
    """Put a need that hosts write down again back into the web."""
    if strand is not None and strand.is_off:
        strand.is_off = False
        strand.save(update_fields=["is_off"])
    return strand


def _add(step: Step, participant: Participant, round: int, need: str) -> Strand:
    words = one_line(need)[:LONGEST_NEED]
    if not words:
        raise WordsMissing
    there = Strand.objects.filter(step=step, round=round, participant=participant, is_off=False)
    if there.count() >= MOST_NEEDS:
        raise ListIsFull
    return Strand.objects.create(step=step, round=round, participant=participant, need=words)


def _tie(step: Step, participant: Participant, round: int, strand_id: int, how: str) -> Tie:
    strand = Strand.objects.filter(step=step, round=round, pk=strand_id, is_off=False).first()
    if strand is None:
        raise NoSuchStrand
    if strand.participant_id == participant.pk:
        raise OwnStrand
    words = one_line(how)[:LONGEST_HOW]
    if not words:
        raise WordsMissing
    tie, _is_new = Tie.objects.update_or_create(
        strand=strand, participant=participant, defaults={"how": words, "is_off": False}
    )
    return tie


def _name(typed: str) -> str:
    return one_line(typed)[:LONGEST_NAME]


def _called(step: Step, names: Sequence[str]) -> dict[str, Participant]:
    """Return who in the room is meant by names, each in small letters; whoever is not there is left out.

    A name is that of the roster or the one that somebody has in the room, which may be older. Raises
    SeveralCalledSo.
    """
    meant = {name.casefold(): name for name in names}
    counted = {key: match for key in meant if (match := COUNTED.fullmatch(key))}
    people = people_called(step.room, {*meant, *(match[1] for match in counted.values())})
    here = list(step.room.participants.order_by("pk"))
    found = {}
    for key, name in meant.items():
        those = _those_called(key, here=here, people=people)
        if not those and key in counted:
            base, number = counted[key][1], int(counted[key][2])
            those = _those_called(base, here=here, people=people)[number - 1 : number]
        if len(those) > 1:
            raise SeveralCalledSo(name)
        if those:
            found[key] = those[0]
    return found


def _those_called(key: str, *, here: list[Participant], people: dict[str, int]) -> list[Participant]:
    person = people.get(key, 0)
    return [each for each in here if each.person_id == person or each.name.casefold() == key]


def _somebody(step: Step, participant_id: int) -> Participant:
    found = Participant.objects.filter(room=step.room_id, pk=participant_id).first()
    if found is None:
        raise NoSuchPerson
    return found


def _note(verb: str, step: Step, *, by: Any) -> None:
    record(verb, scope=step.room.program.scope, by=by, subject=step.room)
    announce(step.room_id)
