"""Reads of live rooms that several doors and the hub use."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Window, prefetch_related_objects
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coppice.accounts.links import read_token
from coppice.communities.models import KNOWN_TO_MEMBERS, Membership
from coppice.communities.next_steps import NextStep
from coppice.live import links
from coppice.live.announcing import Presence, presence_in
from coppice.live.codes import as_code
from coppice.live.kinds import Kind, kind_called, kind_of
from coppice.live.models import Answer, Move, Participant, Room, Step
from coppice.programs.models import Enrollment, EnrollmentQuerySet, Staff
from coppice.programs.permissions import can_run

SHOWN_PEOPLE = 30


def room_of(person: Any, *, room_id: int) -> Room:
    """Return a room that the person may know of; raises Http404 otherwise."""
    return get_object_or_404(
        Room.objects.visible_to(person).select_related("program__provider", "community__program", "current"),
        pk=room_id,
    )


def counted_room_of(person: Any, *, room_id: int) -> Room:
    """Return a room as `room_of` does; raises Http404.

    With it how many people were there (`people`), how many of them the program does not know (`guests`),
    whether the person may host it (`is_hosted`), and whether they see pages with names, as hosts and those
    who were there do (`sees_pages`).
    """
    hosted = Room.objects.hosted_by(person).filter(pk=OuterRef("pk"))
    own = Participant.objects.filter(room=OuterRef("pk"), person=person.pk)
    counted = Room.objects.visible_to(person).annotate(
        people=Count("participants"),
        guests=Count("participants", filter=Q(participants__person=None) & ~Q(participants__name="")),
        is_hosted=Exists(hosted),
        sees_pages=Exists(hosted) | Exists(own),
    )
    return get_object_or_404(counted.select_related("program__provider", "community__program"), pk=room_id)


def step_of(person: Any, *, step_id: int) -> Step:
    """Return a step of a room that the person may know of; raises Http404 otherwise."""
    return get_object_or_404(
        Step.objects.filter(room__in=Room.objects.visible_to(person)).select_related(
            "room__program__provider"
        ),
        pk=step_id,
    )


def host_act_of(person: Any, *, step_id: int, act: str) -> tuple[Step, str]:
    """Return a step that the person may know of and what its kind lets hosts do; raises Http404 otherwise."""
    step = step_of(person, step_id=step_id)
    if act not in kind_of(step).host_acts:
        raise Http404
    return step, act


def new_step_of(person: Any, *, room_id: int, kind: str) -> tuple[Room, Kind]:
    """Return a room that the person may know of and the kind of a step to come; raises Http404 otherwise."""
    found = kind_called(kind)
    if found is None:
        raise Http404
    return room_of(person, room_id=room_id), found


def participant_of(person: Any, *, participant_id: int) -> Participant:
    """Return somebody in a room that the person may know of; raises Http404 otherwise."""
    return get_object_or_404(
        Participant.objects.filter(room__in=Room.objects.visible_to(person)).select_related(
            "room__program", "person"
        ),
        pk=participant_id,
    )


def answer_of(person: Any, *, answer_id: int) -> Answer:
    """Return words in a room that the person may know of; raises Http404 otherwise."""
    seen = Answer.objects.filter(step__room__in=Room.objects.visible_to(person)).exclude(words="")
    return get_object_or_404(seen.select_related("step__room__program"), pk=answer_id)


def room_by_code(person: Any, *, code: str) -> Room:
    """Return the room that goes on under a code, whoever asks; raises Http404 when there is none."""
    return get_object_or_404(
        Room.objects.going_on().select_related("program", "community"), code=as_code(code)
    )


def participant_by_link(person: Any, *, token: str) -> Participant:
    """Return the participant of a signed link, whoever is signed in; raises Http404 otherwise."""
    return links.participant_behind(token)


def act_by_link(person: Any, *, token: str, step_id: int, act: str) -> tuple[Participant, Step, str]:
    """Return participant, step and act of an address, whoever is signed in; raises Http404 otherwise."""
    participant = links.participant_behind(token, needed=links.ACT_ALONE)
    step = get_object_or_404(participant.room.steps, pk=step_id)
    if act not in kind_of(step).acts:
        raise Http404
    return participant, step, act


def own_by_link(person: Any, *, token: str) -> Participant:
    """Return the participant of a signed link, whoever is signed in; raises Http404 otherwise."""
    return links.participant_behind(token, needed=("room__current", "person"))


def room_by_projector(person: Any, *, token: str) -> Room:
    """Return the room of a projector's signed link, whoever is signed in; raises Http404 otherwise."""
    return links.room_behind(token)


def stream_by_token(person: Any, *, stream: str) -> links.Stream:
    """Return what a signed stream address names, whoever is signed in; raises Http404 otherwise."""
    found = links.stream_behind(stream)
    if found is None:
        raise Http404
    return found


def name_in(room: Room, person: Any) -> str:
    """Return what the room's program calls somebody who is signed in; "" when it does not know them."""
    if not person.is_authenticated:
        return ""
    enrollment = Enrollment.objects.current().filter(program=room.program_id, person=person).first()
    if enrollment is not None:
        return enrollment.name
    post = Staff.objects.active().filter(provider=room.program.provider_id, person=person).first()
    return post.called if post else ""


def enrollment_of(participant: Participant) -> Enrollment | None:
    """Return the row on the program's roster for which whoever holds this link may speak.

    None for a guest, for one whom only a host has named, and for whoever has left.
    """
    if not participant.speaks_for_person:
        return None
    rows = Enrollment.objects.current().filter(program=participant.room.program_id)
    return rows.filter(person=participant.person_id).select_related("person", "program__provider").first()


def enrollments_at(room: Room, email: str) -> list[Enrollment]:
    """Return who of the program's roster reads mail at this address."""
    current = Enrollment.objects.current().filter(program=room.program_id, person__erased_at=None)
    return list(
        current.filter(Q(email__iexact=email) | Q(person__email__iexact=email)).select_related("person")
    )


@dataclass(frozen=True)
class Claim:
    """A guest's place and the person who is asked whether it was they; `known` is the program's name of them.

    `own` is the place that they have in the same room already.
    """

    participant: Participant
    person: Any
    known: str
    own: Participant | None


def claim_by_link(person: Any, *, token: str) -> Claim:
    """Return what a mailed link asks, whoever is signed in; raises Http404 when it does not hold.

    A guest's place that was merged since is the place that it is now.
    """
    link = read_token(links.CLAIM, token)
    found = Participant.objects.select_related("room__program", "room__community", "person").exclude(
        secret=""
    )
    asked = Q(pk=link.subject_id) | Q(former_places__old_id=link.subject_id)
    return claim_of(get_object_or_404(found.filter(asked)), link.person)


def claim_of(participant: Participant, person: Any) -> Claim:
    """Return what it would be if this guest were this person."""
    room = participant.room
    own = room.participants.filter(person=person).first() if person.is_authenticated else None
    return Claim(participant=participant, person=person, known=name_in(room, person), own=own)


@dataclass(frozen=True)
class Link:
    """A room's link that somebody got by mail, what the program calls them, and their place in the room."""

    room: Room
    person: Any
    known: str
    language: str
    place: Participant | None


def link_by_mail(person: Any, *, token: str) -> Link:
    """Return the room and the person of a mailed link, whoever is signed in; raises Http404 otherwise.

    It holds as long as the program knows the person.
    """
    link = read_token(links.LINK, token)
    room = get_object_or_404(Room.objects.select_related("program", "community"), pk=link.subject_id)
    enrollment = Enrollment.objects.current().filter(program=room.program_id, person=link.person).first()
    if enrollment is None:
        raise Http404
    place = room.participants.filter(person=link.person).select_related("person").first()
    language = link.person.language or enrollment.language
    return Link(room=room, person=link.person, known=enrollment.name, language=language, place=place)


def goes_on() -> Exists:
    """Return as a column of memberships whether a live room of their community goes on."""
    return Exists(Room.objects.filter(community=OuterRef("community"), state=Room.State.RUNNING))


def join_from_place(membership: Membership) -> list[NextStep]:
    """Offer the live room of a community that is going on, on a member's page (communities.next_steps)."""
    rooms = Room.objects.filter(community=membership.community_id, state=Room.State.RUNNING)
    if membership.state not in KNOWN_TO_MEMBERS:
        return []
    return [
        NextStep(
            _("The live room “%(room)s” is going on now.") % {"room": room.title},
            links.link_path(room, membership.person),
            _("Join the live room"),
        )
        for room in rooms[:1]
    ]


def known_to_host(person: Any, room: Room) -> EnrollmentQuerySet:
    """Return whom a host can make a guest of a room: the roster for staff, for a leader their community."""
    roster = Enrollment.objects.current().filter(program=room.program_id, person__erased_at=None)
    if can_run(person, room.program):
        return roster
    taking_part = Membership.objects.taking_part().filter(community=room.community_id)
    return roster.filter(pk__in=taking_part.values("enrollment"))


@dataclass(frozen=True)
class Scene:
    """A room at one moment, as screens show it; each part is read when a screen first asks for it."""

    room: Room
    presence: Presence
    _looks: dict[str | None, Mapping[str, Any]] = field(default_factory=dict)

    @cached_property
    def steps(self) -> list[Step]:
        """The agenda; whatever a kind reads of the room's steps is read from it."""
        prefetch_related_objects([self.room], "steps")
        steps = list(self.room.steps.all())
        for step in steps:
            step.room = self.room
        return steps

    @cached_property
    def step(self) -> Step | None:
        """The step on all screens."""
        return next((step for step in self.steps if step.pk == self.room.current_id), None)

    @cached_property
    def place(self) -> int:
        """The current step's place among all steps, counted from 1; 0 before the first."""
        return self.steps.index(self.step) + 1 if self.step else 0

    @property
    def is_at_end(self) -> bool:
        """Whether all has been done, so that what comes next is to end the room."""
        asks = self.step is not None and self.step.is_open and self.kind is not None and self.kind.asks
        return bool(self.steps) and not (asks or self.step_around or self.next_step)

    @property
    def numbered(self) -> list[Step]:
        """The steps that count as such: a quick poll within another is none of its own."""
        return [step for step in self.steps if not step.within_id]

    @property
    def number(self) -> int:
        """The number of the current step, or of the one within which it was asked, from 1; else 0."""
        told = self.step_around or self.step
        return self.numbered.index(told) + 1 if told in self.numbered else 0

    @property
    def next_step(self) -> Step | None:
        """The step that comes next: a quick poll that was asked is over."""
        rest = self.steps[self.place :]
        return next((step for step in rest if not (step.within_id and step.was_begun)), None)

    @property
    def step_around(self) -> Step | None:
        """The step within which the current one was asked, and to which the room goes back."""
        around = self.step.within_id if self.step else None
        return next((step for step in self.steps if step.pk == around), None) if around else None

    @property
    def earlier_step(self) -> Step | None:
        before = self.steps[: max(0, self.place - 1)]
        return next((step for step in reversed(before) if not step.within_id), None)

    @cached_property
    def kind(self) -> Kind | None:
        return kind_of(self.step) if self.step else None

    @property
    def look(self) -> Mapping[str, Any]:
        """What the step's kind shows, in the language of the screen that is being drawn."""
        language = get_language()
        if language not in self._looks:
            self._looks[language] = self.kind.look(self.step) if self.kind and self.step else {}
        return self._looks[language]

    @cached_property
    def latest(self) -> list[Any]:
        """Those who came last, each with how many people are in the room, and how many of them on paper."""
        on_paper = Count("pk", filter=Q(source=Participant.Source.PAPER))
        counted = self.room.participants.annotate(people=Window(Count("pk")), on_paper=Window(on_paper))
        return list(counted.order_by("-joined_at", "-id")[:SHOWN_PEOPLE])

    @property
    def people(self) -> int:
        """How many people are in the room, connected or not."""
        return self.latest[0].people if self.latest else 0

    @property
    def on_paper(self) -> int:
        return self.latest[0].on_paper if self.latest else 0

    @property
    def connected(self) -> int:
        return len(self.presence.participants)

    @property
    def latest_people(self) -> list[tuple[Participant, bool]]:
        """Those who came last, with whether each is connected."""
        return [(each, each.pk in self.presence.participants) for each in self.latest]

    @cached_property
    def last_move(self) -> Move | None:
        """The move that the button for undoing takes back."""
        return self.room.moves.first()


def scene_of(room: Room, presence: Presence | None = None) -> Scene:
    """Return a room as screens show it now."""
    return Scene(room=room, presence=presence_in(room.pk) if presence is None else presence)
