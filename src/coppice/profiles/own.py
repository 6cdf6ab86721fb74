"""One person's profile as its pages need it: who fills it in, what stands there, where it is changed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from coppice.lib.languages import first_spoken
from coppice.profiles import links
from coppice.profiles.languages import languages_of
from coppice.profiles.models import OPEN_NEEDS, OPEN_OFFERS, Expertise, Introduction, Need, Profile, Source
from coppice.profiles.week import slots_of
from coppice.programs.models import Enrollment, Program

SHOWN_INTRODUCTIONS = 12


@dataclass(frozen=True)
class Own:
    """One person's profile in one program, and the need, offer or introduction (`row`) that a page is
    about.

    `token` is that of the signed link, "" for somebody signed in; `reader` is who looks.
    """

    enrollment: Enrollment
    reader: Any
    token: str = ""
    row: Need | Expertise | Introduction | None = None

    @property
    def program(self) -> Program:
        return self.enrollment.program

    @property
    def zone(self) -> ZoneInfo:
        return self.program.zone

    @property
    def is_own(self) -> bool:
        """Whether the person themself fills it in, and not the staff for them."""
        return bool(self.token) or self.reader.pk == self.enrollment.person_id

    @property
    def actor(self) -> Any:
        """Who acts: whoever holds a link acts as the person that it was made for."""
        return self.enrollment.person if self.token else self.reader

    @property
    def source(self) -> str:
        return Source.SELF if self.is_own else Source.PAPER

    @property
    def language(self) -> str:
        """The language in which this person reads: their own, the roster's, else the program's."""
        person = self.enrollment.person
        return first_spoken(person.language, self.enrollment.language, self.program.language)

    def path(self, page: str = "", row: Need | Expertise | Introduction | None = None) -> str:
        """Return the address of one of the profile's pages, or of one about a row of it."""
        kind, key = ("own", self.token) if self.token else ("profile", self.enrollment.pk)
        name = f"profiles:{kind}_{page}" if page else f"profiles:{kind}"
        return reverse(name, args=[key, row.pk] if row is not None else [key])


@dataclass(frozen=True)
class OwnPhoto:
    """One rendition of the photo on somebody's profile."""

    own: Own
    size: str

    @property
    def enrollment(self) -> Enrollment:
        return self.own.enrollment

    @property
    def program(self) -> Program:
        return self.own.program


@dataclass(frozen=True)
class Line:
    """A need or an offer on its person's page, with the addresses where it is changed."""

    row: Need | Expertise
    paths: Mapping[str, str]


@dataclass(frozen=True)
class Side:
    """An introduction as one of the two sees it: which side is theirs, who the other is once both agreed."""

    introduction: Introduction
    enrollment: Enrollment
    path: str = ""

    @property
    def needs_it(self) -> bool:
        """Whether this person is the one who needs."""
        need = self.introduction.need
        return need is not None and need.enrollment_id == self.enrollment.pk

    @property
    def has_agreed(self) -> bool:
        """Whether this person has said yes."""
        made = self.introduction
        return (made.need_agreed_at if self.needs_it else made.offer_agreed_at) is not None

    @property
    def waits_for_me(self) -> bool:
        return self.introduction.is_open and not self.has_agreed

    @property
    def other(self) -> Enrollment | None:
        """Who the other one is: nobody before both said yes, nor once they are gone or off the roster."""
        row = self.introduction.offer if self.needs_it else self.introduction.need
        if row is None or row.enrollment.ended_at is not None or not self.introduction.was_made:
            return None
        return row.enrollment

    @property
    def words(self) -> str:
        """What the other one needs or offers, as far as this person may read it."""
        return self.introduction.offer_words if self.needs_it else self.introduction.need_words


@dataclass(frozen=True)
class Page:
    """What stands on a profile, for the person themself."""

    profile: Profile
    needs: list[Line] = field(default_factory=list)
    offers: list[Line] = field(default_factory=list)
    gone: list[Line] = field(default_factory=list)
    introductions: list[Side] = field(default_factory=list)


def own_by_link(person: Any, *, token: str, **row: int) -> Own:
    """Return the profile behind a signed link, whoever is signed in; raises Http404 otherwise.

    Somebody who was taken off the roster has no profile there.
    """
    link = links.read(token)
    enrollment = _enrollments().filter(pk=link.subject_id, person=link.person).first()
    if enrollment is None:
        raise Http404
    return Own(enrollment, person, token, _row(enrollment, row))


def own_by_account(person: Any, *, enrollment_id: int, **row: int) -> Own:
    """Return the profile of somebody on a roster that the person is on or runs; raises Http404 otherwise."""
    known = Enrollment.objects.visible_to(person).values("pk")
    enrollment = get_object_or_404(_enrollments().filter(pk__in=known), pk=enrollment_id)
    return Own(enrollment, person, "", _row(enrollment, row))


def own_photo_by_link(person: Any, *, token: str, size: str) -> OwnPhoto:
    """Return a photo's place on the profile behind a signed link; raises Http404 without that profile."""
    return OwnPhoto(own_by_link(person, token=token), size)


def own_photo_by_account(person: Any, *, enrollment_id: int, size: str) -> OwnPhoto:
    """Return a photo's place on a profile that the person may know of; raises Http404 otherwise."""
    return OwnPhoto(own_by_account(person, enrollment_id=enrollment_id), size)


def page_of(own: Own) -> Page:
    """Return what stands on a profile, in four queries."""
    needs = [_line(own, row) for row in own.enrollment.needs.select_related("topic")]
    offers = [_line(own, row) for row in own.enrollment.expertises.select_related("topic")]
    return Page(
        profile=profile_of(own.enrollment),
        needs=[line for line in needs if line.row.state != Need.State.RETIRED],
        offers=[line for line in offers if line.row.state != Expertise.State.RETIRED],
        gone=[line for line in (*needs, *offers) if line.row.state == line.row.State.RETIRED],
        introductions=[
            Side(each, own.enrollment, own.path("introduction", each))
            for each in _introductions(own.enrollment)[:SHOWN_INTRODUCTIONS]
        ],
    )


@dataclass(frozen=True)
class Shared:
    """What somebody shares of their profile with one reader; "" and [] where nothing.

    `object_of` is the profile when anything of its object is shared.
    """

    enrollment: Enrollment
    needs: list[Need]
    offers: list[Expertise]
    object_name: str
    object_story: str
    object_of: Profile | None
    languages: list[str]
    free_hours: list[str]

    @property
    def is_empty(self) -> bool:
        return not any((self.needs, self.offers, self.object_of))


def shared_profile(enrollment: Enrollment, *, audiences: Sequence[str]) -> Shared:
    """Return what somebody shares with these audiences, in three queries."""
    profile = profile_of(enrollment)
    sees_object = profile.object_audience in audiences
    needs = enrollment.needs.filter(state__in=OPEN_NEEDS, audience__in=audiences).select_related("topic")
    offers = enrollment.expertises.filter(state__in=OPEN_OFFERS, audience__in=audiences)
    return Shared(
        enrollment=enrollment,
        needs=list(needs),
        offers=list(offers.select_related("topic")),
        object_name=profile.object_name if sees_object else "",
        object_story=profile.object_story if sees_object else "",
        object_of=profile if sees_object and has_object(profile) else None,
        languages=languages_of(enrollment) if profile.languages_audience in audiences else [],
        free_hours=slots_of(enrollment) if profile.hours_audience in audiences else [],
    )


def profile_of(enrollment: Enrollment) -> Profile:
    """Return somebody's profile with its photo; one that nobody filled in yet, with the usual audiences."""
    known = Profile.objects.filter(enrollment=enrollment).select_related("photo").first()
    return known or Profile(enrollment=enrollment)


def has_object(profile: Profile) -> bool:
    """Say whether anything stands there of an object: its name, its story or its photo."""
    return bool(profile.object_name or profile.object_story or hasattr(profile, "photo"))


def kind_of(row: Need | Expertise) -> str:
    """Return what a page's name calls a need or an offer."""
    return "need" if isinstance(row, Need) else "offer"


def _line(own: Own, row: Need | Expertise) -> Line:
    kind = kind_of(row)
    acts = ("retirement", "return", "removal", *(("introduction",) if kind == "need" else ()))
    return Line(row, {"edit": own.path(kind, row), **{act: own.path(f"{kind}_{act}", row) for act in acts}})


def _introductions(enrollment: Enrollment) -> Any:
    rows = Introduction.objects.of_person(enrollment)
    people = [f"{side}__enrollment__{thing}" for side in ("need", "offer") for thing in ("person", "program")]
    return rows.select_related("need__topic", "offer__topic", "program__provider", *people)


def _enrollments() -> Any:
    return Enrollment.objects.current().select_related("program__provider", "person")


def _row(enrollment: Enrollment, wanted: Mapping[str, int]) -> Need | Expertise | Introduction | None:
    find: Mapping[str, Callable[[], Any]] = {
        "need_id": enrollment.needs.select_related("topic", "enrollment__program").all,
        "offer_id": enrollment.expertises.select_related("topic", "enrollment__program").all,
        "introduction_id": lambda: _introductions(enrollment),
    }
    for name, pk in wanted.items():
        row: Need | Expertise | Introduction = get_object_or_404(find[name](), pk=pk)
        return row
    return None
