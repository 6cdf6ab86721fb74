"""Reads of the web: who needs what, who helps how, who is tied in, and where the thread is."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.shortcuts import get_object_or_404

from coppice.activities.models import Strand, Thread, Tie
from coppice.live.models import Participant, Room, Step
from coppice.live.permissions import can_host
from coppice.profiles.models import Expertise, Need

KIND = "web"


@dataclass(frozen=True)
class Knot:
    """One need in the web, whose it is, and who helps how."""

    strand: Strand
    ties: tuple[Tie, ...]

    @property
    def who(self) -> Participant:
        return self.strand.participant

    @property
    def need(self) -> str:
        return self.strand.need

    @property
    def hows(self) -> str:
        """How people help, without their names."""
        return "; ".join(tie.how for tie in self.ties)


@dataclass(frozen=True)
class Web:
    """The web of one round: its people in the order in which they came, and its needs as they were voiced.

    `off` is what hosts took off it. While the step is open `holder` has the thread, and `asked` is the need
    that they voiced since.
    """

    people: tuple[Participant, ...]
    knots: tuple[Knot, ...]
    round: int = 1
    off: tuple[Strand | Tie, ...] = ()
    holder: Participant | None = None
    asked: Knot | None = None

    @property
    def ties(self) -> list[Tie]:
        return [tie for knot in self.knots for tie in knot.ties]

    @cached_property
    def tied(self) -> frozenset[int]:
        """Ids of those at either end of a tie."""
        ends = {knot.strand.participant_id for knot in self.knots if knot.ties}
        return frozenset(ends | {tie.participant_id for tie in self.ties})

    @property
    def loose(self) -> list[Participant]:
        """Those who are not in the web yet."""
        return [each for each in self.people if each.pk not in self.tied]

    @property
    def is_whole(self) -> bool:
        """Whether everybody is tied in."""
        return bool(self.people) and not self.loose


def web_of(step: Step, *, round: int | None = None) -> Web:
    """Return the web of a round of a step, the present one unless told otherwise."""
    number = round or step.round
    ties = Prefetch("ties", Tie.objects.select_related("participant"))
    strands = list(
        Strand.objects.filter(step=step, round=number).select_related("participant").prefetch_related(ties)
    )
    people = tuple(step.room.participants.order_by("pk"))
    going = Thread.objects.filter(step=step, round=number, step__state=Step.State.OPEN)
    thread = going.select_related("holder").first()
    knots = knots_of(strands)
    off = [each for each in strands if each.is_off]
    off_ties = [tie for each in strands if not each.is_off for tie in each.ties.all() if tie.is_off]
    return Web(
        people,
        knots,
        number,
        (*off, *off_ties),
        thread.holder if thread else None,
        next((knot for knot in knots if thread and knot.strand.pk == thread.strand_id), None),
    )


def last_round(strands: Iterable[Strand], step: Step) -> int:
    """Return the last round up to a step's present one in which something is in the web, else that one."""
    begun = (each.round for each in strands if not each.is_off and each.round <= step.round)
    return max(begun, default=step.round)


def last_web_of(step: Step) -> Web:
    """Return the web that pages show afterwards: that of the last round in which there is any."""
    repeated = step.round > 1  # else there is no earlier one to look for
    return web_of(step, round=last_round(step.strands.all(), step) if repeated else None)


def knots_of(strands: Iterable[Strand]) -> tuple[Knot, ...]:
    """Return strands that are in the web with their ties; one of a merged place to itself is none."""
    return tuple(
        Knot(
            each,
            tuple(
                tie for tie in each.ties.all() if not tie.is_off and tie.participant_id != each.participant_id
            ),
        )
        for each in strands
        if not each.is_off
    )


@dataclass(frozen=True)
class SaidInWeb:
    """What one participant said in all rounds of a step, and how much of it is not on their profile.

    What they took off their profile since (`withdrawn`) was kept there once, and stays off.
    """

    needs: tuple[Strand, ...]
    offers: tuple[Tie, ...]
    kept: frozenset[str]
    withdrawn: int

    @property
    def not_kept(self) -> list[Strand | Tie]:
        """What their profile does not have: needs, then offers."""
        said: list[Strand | Tie] = [*self.needs, *self.offers]
        return [each for each in said if key_of(each) not in self.kept]


def said_by(step: Step, participant: Participant) -> SaidInWeb:
    """Return what a participant said, with what of it their profile does not have."""
    needs = tuple(Strand.objects.filter(step=step, participant=participant, is_off=False))
    offers = tuple(Tie.objects.filter(strand__step=step, participant=participant, is_off=False))
    keys = [*map(key_of, needs), *map(key_of, offers)]
    person: dict[str, Any] = {"enrollment__person": participant.person_id, "source_key__in": keys}
    kept: dict[str, str] = {}
    if participant.person_id and keys:
        for model in (Need, Expertise):
            kept.update(model.objects.filter(**person).values_list("source_key", "state"))
    return SaidInWeb(needs, offers, frozenset(kept), list(kept.values()).count(Need.State.RETIRED))


def key_of(said: Strand | Tie) -> str:
    """Return the key by which a profile knows where a need or an offer came from."""
    return f"web:{said.called}:{said.pk}"


def web_step_of(person: Any, *, web_id: int) -> Step:
    """Return a web of a room that somebody may know of or was in; raises Http404 otherwise.

    With it whether they host the room (`is_hosted`).
    """
    seen = Q(room__in=Room.objects.visible_to(person)) | Q(room__participants__person=person)
    hosted = Room.objects.hosted_by(person).filter(pk=OuterRef("room"))
    found = Step.objects.filter(seen, kind=KIND).annotate(is_hosted=Exists(hosted))
    needed = found.select_related("room__program__provider", "room__community")
    return get_object_or_404(needed.distinct(), pk=web_id)


def can_see_web(person: Any, step: Step) -> bool:
    """Say whether somebody may see who needs and helps by name: who hosts the room, and who was there."""
    return can_host(person, step.room) or step.room.participants.filter(person=person).exists()


def can_enter_web(person: Any, step: Step) -> bool:
    """Say whether somebody may enter a web from a drawing and take it away: who hosts the room."""
    return can_host(person, step.room)
