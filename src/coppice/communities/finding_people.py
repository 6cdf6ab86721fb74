"""What search knows of people: those whom somebody meets in communities, and what they need and offer.

A document holds only what everybody may read who holds one of its keys. What somebody shares with fewer is
in a document of its own (each need, each offer) or in none.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coppice.accounts.finding import own
from coppice.communities.finding import members_of
from coppice.communities.models import KNOWN_TO_MEMBERS, Membership
from coppice.lib.paths import path
from coppice.profiles.board import IN_COMMUNITY
from coppice.profiles.models import OPEN_NEEDS, OPEN_OFFERS, Audience, Expertise, Need, Profile
from coppice.profiles.permissions import can_read_board
from coppice.programs.finding import roster_of, staff_of
from coppice.programs.models import Affiliation, Enrollment, providers_of
from coppice.search import sources
from coppice.search.models import Document

INVITED = Membership.State.INVITED
SAID: dict[str, tuple[type[Need] | type[Expertise], Sequence[str]]] = {
    "need": (Need, OPEN_NEEDS),
    "offer": (Expertise, OPEN_OFFERS),
}


def register() -> None:
    """Let people be found, and what they need and offer; called from AppConfig.ready()."""
    sources.register(
        sources.Source(
            kind="person",
            label=_("People"),
            documents=people,
            everything=Enrollment.objects.all,
            visible_to=people_visible_to,
            icon="person",
            position=10,
            follows={
                Enrollment: "pk",
                Membership: "enrollment_id",
                Affiliation: "enrollment_id",
                Profile: "enrollment_id",
            },
        )
    )
    _register_said("need", Need, _("Needs"), position=60)
    _register_said("offer", Expertise, _("Offers"), position=50)


def people(enrollment_ids: Sequence[int]) -> Iterator[Document]:
    """Yield the people of these rows of a roster: name, organizations, and an object that they share.

    For the staff, for themself, and for the members of communities in which they are or are invited.
    """
    places = _places(enrollment_ids, KNOWN_TO_MEMBERS)
    rows = Enrollment.objects.current().filter(pk__in=enrollment_ids).exclude(name="")
    for row in rows.select_related("program", "profile").prefetch_related("organizations"):
        here = places[row.pk]
        said = [organization.name for organization in row.organizations.all()]
        # Who is only invited somewhere has no profile page there: what it would show is not theirs to find.
        if all(state != INVITED for _community, state in here):
            said += _object_of(row)
        yield Document(
            kind="person",
            object_id=row.pk,
            audience=[
                staff_of(row.program.provider_id),
                own(row.person_id),
                *(members_of(community) for community, _state in here),
            ],
            title=row.name,
            words="\n".join(said),
            path=path("communities:person", row.pk),
            at=row.enrolled_at,
            about_id=row.person_id,
        )


def people_visible_to(person: Any) -> QuerySet[Enrollment]:
    """Rows of rosters that a person staffs, their own, and those of whom they meet in communities."""
    met = Membership.objects.known_to_members().filter(community__in=_circles_of(person))
    return Enrollment.objects.current().filter(
        Q(program__provider__in=providers_of(person)) | Q(person=person) | Q(pk__in=met.values("enrollment"))
    )


def page_of_person(person: Any, enrollment_id: int) -> str:
    """Return where this reader reads about somebody: the roster, their own profile, or what both are in.

    Returns "" where they may read nothing.
    """
    row = Enrollment.objects.current().filter(pk=enrollment_id).select_related("program").first()
    if row is None or not person.is_authenticated:
        return ""
    if row.program.provider_id in providers_of(person):
        return path("programs:enrollment", row.pk)
    if row.person_id == person.pk:
        return path("profiles:profile", row.pk)
    met = Membership.objects.known_to_members().filter(enrollment=row, community__in=_circles_of(person))
    places = sorted(met.values_list("state", "community", "pk"), key=lambda place: place[0] == INVITED)
    if places:
        state, community, pk = places[0]
        if state == INVITED:
            return path("communities:people", community)
        return reverse("communities:profile", args=[community, pk])
    tells = any(
        model._default_manager.filter(enrollment=row, audience=Audience.PROGRAM, state__in=states).exists()
        for model, states in SAID.values()
    )
    return path("profiles:board", row.program_id) if tells and can_read_board(person, row.program) else ""


def _register_said(kind: str, model: type[Need] | type[Expertise], label: Any, *, position: int) -> None:
    def documents(ids: Sequence[int]) -> Iterator[Document]:
        return _said(kind, ids)

    def visible_to(person: Any) -> QuerySet[Any]:
        return _said_visible_to(kind, person)

    def of_enrollments(rows: Sequence[Any]) -> Iterable[int]:
        people = [row.pk if isinstance(row, Enrollment) else row.enrollment_id for row in rows]
        return model._default_manager.filter(enrollment__in=people).values_list("pk", flat=True)

    sources.register(
        sources.Source(
            kind=kind,
            label=label,
            documents=documents,
            everything=model._default_manager.all,
            visible_to=visible_to,
            icon="leaf",
            position=position,
            follows={model: "pk", Membership: of_enrollments, Enrollment: of_enrollments},
        )
    )


def _said(kind: str, ids: Sequence[int]) -> Iterator[Document]:
    """Yield what stands of these needs or offers, each for those with whom its person shares it."""
    model, open_states = SAID[kind]
    rows = model._default_manager.filter(pk__in=ids, state__in=open_states, enrollment__ended_at=None)
    known = list(rows.select_related("enrollment__program", "topic"))
    joined = (Membership.State.ACTIVE, Membership.State.PAUSED)
    places = _places([row.enrollment_id for row in known], joined)
    for row in known:
        program = row.enrollment.program
        audience = [staff_of(program.provider_id), own(row.enrollment.person_id)]
        if row.audience in IN_COMMUNITY:
            audience += [members_of(community) for community, _state in places[row.enrollment_id]]
        if row.audience == Audience.PROGRAM:
            audience.append(roster_of(program.pk))
        yield Document(
            kind=kind,
            object_id=row.pk,
            audience=audience,
            title=f"{row.topic_name or _shortened(row.text)} · {row.enrollment}",
            words=row.text,
            path=path("communities:person", row.enrollment_id),
            at=row.created_at,
            about_id=row.enrollment.person_id,
        )


def _said_visible_to(kind: str, person: Any) -> QuerySet[Any]:
    """Needs or offers that a person may read: as staff, their own, or shared where both are."""
    model, open_states = SAID[kind]
    met = Membership.objects.taking_part().filter(community__in=_circles_of(person)).values("enrollment")
    here = Enrollment.objects.filter(person=person, ended_at=None).exclude(affiliations__is_lead=True)
    shared = Q(audience__in=IN_COMMUNITY, enrollment__in=met)
    shared |= Q(audience=Audience.PROGRAM, enrollment__program__in=here.values("program"))
    return model._default_manager.filter(state__in=open_states, enrollment__ended_at=None).filter(
        Q(enrollment__program__provider__in=providers_of(person)) | Q(enrollment__person=person) | shared
    )


def _circles_of(person: Any) -> QuerySet[Any, Any]:
    """The communities in which a person takes part."""
    return Membership.objects.taking_part().filter(person=person).values("community")


def _places(enrollment_ids: Sequence[int], states: Sequence[str]) -> dict[int, list[tuple[int, str]]]:
    """The communities of each of these people, with their state there; in one query."""
    rows = Membership.objects.filter(enrollment__in=enrollment_ids, state__in=states)
    places: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for enrollment, community, state in rows.values_list("enrollment", "community", "state"):
        places[enrollment].append((community, state))
    return places


def _object_of(row: Enrollment) -> list[str]:
    profile = getattr(row, "profile", None)
    if profile is None or profile.object_audience not in IN_COMMUNITY:
        return []
    return [part for part in (profile.object_name, profile.object_story) if part]


def _shortened(text: str) -> str:
    first = " ".join(text.split())
    return first if len(first) <= 80 else f"{first[:80].rpartition(' ')[0]} …"
