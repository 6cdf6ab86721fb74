"""Who talks in a community: its people and the staff of its program, by the names they have here."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BigAutoField,
    Case,
    CharField,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import cached_property

from coppice.communities.models import Community, Membership
from coppice.conversations.peace_models import TalkStop
from coppice.conversations.reading_models import ThreadReading
from coppice.lib.questions import Given, Question
from coppice.notifications.models import Mute, Pace, Rhythm
from coppice.programs.models import Enrollment, Staff

STAFF = "staff"
IN = (Membership.State.ACTIVE, Membership.State.PAUSED)


@dataclass(frozen=True)
class Someone:
    """One person as this community calls them; `role` is a member's, or "staff".

    `has_mail` says whether mail reaches them here, `is_muted` whether they stopped the community's mail,
    `rhythm` whether they want it "daily" or "weekly", "" for at once; `is_stopped` that they may only read.
    """

    person_id: int
    name: str
    role: str
    state: str
    has_mail: bool
    is_muted: bool
    rhythm: str
    is_stopped: bool

    @property
    def is_in(self) -> bool:
        """Whether they read and write here."""
        return self.role == STAFF or self.state in IN

    @property
    def hears(self) -> bool:
        """Whether what others write is mailed to them, at once or in a digest."""
        return (
            self.role != STAFF
            and self.state == Membership.State.ACTIVE
            and self.has_mail
            and not self.is_muted
        )

    @property
    def gets_mail(self) -> bool:
        """Whether what others write is mailed to them at once."""
        return self.hears and self.rhythm in {"", Pace.INSTANT}


class Circle:
    """Everybody who is or was in a community, and the staff; asked in one query."""

    def __init__(self, people: Iterable[Someone]) -> None:
        self.people: dict[int, Someone] = {}
        self.staff: set[int] = set()
        for someone in people:  # members come first: staff who are members are members
            if someone.role == STAFF:
                self.staff.add(someone.person_id)
            known = self.people.get(someone.person_id)
            if known is None or not known.is_in:
                self.people[someone.person_id] = someone

    def called(self, person_id: int | None, *, written: str = "") -> str:
        """Return what somebody is called here; `written` for people without an account."""
        someone = self.people.get(person_id) if person_id else None
        return (someone.name if someone else written) or str(Enrollment())

    def has(self, person_id: int | None) -> bool:
        """Say whether a person is in, or staff."""
        someone = self.people.get(person_id) if person_id else None
        return someone is not None and someone.is_in

    def leads(self, person_id: int | None) -> bool:
        """Say whether a person leads here, or is staff."""
        return self.is_leader(person_id) or person_id in self.staff

    def is_leader(self, person_id: int | None) -> bool:
        """Say whether a person leads here as a member."""
        someone = self.people.get(person_id) if person_id else None
        return (
            someone is not None
            and someone.role == Membership.Role.LEADER
            and someone.state == Membership.State.ACTIVE
        )

    def is_stopped(self, person_id: int | None) -> bool:
        """Say whether a person may read here and not write, for some time; staff never are."""
        someone = self.people.get(person_id) if person_id else None
        return someone is not None and someone.is_stopped and person_id not in self.staff

    def writes(self, person_id: int | None, *, is_locked: bool = False) -> bool:
        """Say whether a person may write here: who is in and not stopped; in what is locked, who leads."""
        if not self.has(person_id) or self.is_stopped(person_id):
            return False
        return not is_locked or self.leads(person_id)

    def decides(self, person_id: int | None, *, author_id: int | None) -> bool:
        """Say whether a person decides about a post of somebody: who leads, never about their own.

        About a post of one who leads here decides the program's staff. Whoever is stopped decides nothing.
        """
        if person_id == author_id or self.is_stopped(person_id):
            return False
        if self.is_leader(author_id):
            return person_id in self.staff
        return self.leads(person_id)

    @cached_property
    def present(self) -> list[Someone]:
        """Those who read and write here, by name."""
        return sorted(
            (each for each in self.people.values() if each.is_in and each.name),
            key=lambda each: each.name.casefold(),
        )

    def others(self, person_id: int | None) -> list[Someone]:
        """Everybody present but this person."""
        return [each for each in self.present if each.person_id != person_id]


def circle_of(community: Community, *, thread_id: int | None = None) -> Circle:
    """Return the circle of a community; asked once of each community object.

    With `thread_id`, whoever wants to hear no more of that thread counts as muted.
    """
    known: Circle | None = getattr(community, "known_circle", None)
    if known is None:
        known = community.known_circle = Circle(_people(community, thread_id))  # type: ignore[attr-defined]
    return known


def _people(community: Community, thread_id: int | None) -> Iterable[Someone]:
    given = {
        "community": community.pk,
        "provider": community.program.provider_id,
        "list": community.list_key,
        "now": timezone.now(),
    }
    rows = PEOPLE.ask(**given) if thread_id is None else PEOPLE_OF_THREAD.ask(**given, thread=thread_id)
    people = [
        Someone(person, name, role, state, bool(mail), bool(muted), pace, bool(stopped))
        for person, name, role, state, mail, muted, pace, stopped in rows
    ]
    return sorted(people, key=lambda each: each.role == STAFF)


def _everybody(*, is_of_thread: bool) -> Any:
    """The query for `_people`, in which whoever muted a thread counts as muted."""
    list_key = Given("list", CharField())
    now = Given("now", DateTimeField())
    left = Mute.objects.current(now).filter(person=OuterRef("person"), list_key=list_key)
    is_muted: Any = Q(Exists(left))
    if is_of_thread:
        quiet = ThreadReading.objects.filter(thread=Given("thread", BigAutoField()), muted_at__isnull=False)
        is_muted |= Q(Exists(quiet.filter(person=OuterRef("person"))))
    is_muted = Case(When(is_muted, then=True), default=False)
    wanted = Rhythm.objects.filter(person=OuterRef("person"), list_key=list_key)
    pace = Coalesce(Subquery(wanted.values("rhythm")[:1]), Value(""), output_field=CharField())
    stops = TalkStop.objects.current(now).filter(
        person=OuterRef("person"), community=Given("community", BigAutoField())
    )
    is_stopped = Case(When(Exists(stops), then=True), default=False)
    by_mail = Q(enrollment__contact_mode=Enrollment.ContactMode.EMAIL) & (
        ~Q(enrollment__email="") | Q(person__email__isnull=False)
    )
    columns = ("person", "call", "place", "standing", "has_mail", "muted", "pace", "stopped")
    members: Any = (
        Membership.objects.filter(community=Given("community", BigAutoField()))
        .order_by()
        .annotate(
            call=F("enrollment__name"),
            place=F("role"),
            standing=F("state"),
            has_mail=Case(When(by_mail, then=True), default=False),
            muted=is_muted,
            pace=pace,
            stopped=is_stopped,
        )
        .values_list(*columns)
    )
    staff: Any = (
        Staff.objects.active()
        .filter(provider=Given("provider", BigAutoField()))
        .order_by()
        .annotate(
            call=Case(When(name="", then=F("email")), default=F("name"), output_field=CharField()),
            place=Value(STAFF),
            standing=Value(""),
            has_mail=Case(When(Q(email="") & Q(person__email=None), then=False), default=True),
            muted=is_muted,
            pace=pace,
            stopped=Case(When(pk=None, then=True), default=False),
        )
        .values_list(*columns)
    )
    return members.union(staff, all=True)


PEOPLE = Question(lambda: _everybody(is_of_thread=False))
PEOPLE_OF_THREAD = Question(lambda: _everybody(is_of_thread=True))
