"""The gallery of a program's people, and the photos on its wall."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from coppice.lib.access import access
from coppice.photos.serving import photo_answer
from coppice.profiles.board import Reach, reach_of_program, reach_of_staff
from coppice.profiles.gallery import gallery_context, photo_in
from coppice.profiles.permissions import can_read_board
from coppice.programs.models import Program
from coppice.programs.permissions import can_run
from coppice.programs.queries import program_of


# GET /programs/<id>/gallery/
@access(can_read_board, on=program_of)
@require_safe
def gallery(request: HttpRequest, program: Program) -> HttpResponse:
    """The objects that stand for what people know, as far as the reader may see them."""

    def photo_path(profile_id: int, size: str) -> str:
        return reverse("profiles:gallery_photo", args=[program.pk, profile_id, size])

    def person_path(enrollment_id: int) -> str:
        return reverse("profiles:profile", args=[enrollment_id]) if is_staff else ""

    reach, is_staff = _reach(request, program)
    context = {
        **gallery_context(reach, request.GET, photo_path=photo_path, person_path=person_path),
        "program": program,
        "is_staff": is_staff,
        "tab": "gallery",
    }
    return render(request, "profiles/gallery.html", context)


@dataclass(frozen=True)
class PhotoOfProgram:
    """One rendition of the photo of somebody's object, on a program's wall."""

    program: Program
    profile_id: int
    size: str


def photo_on_wall(person: Any, *, program_id: int, profile_id: int, size: str) -> PhotoOfProgram:
    """Return a photo's place in a program that the person may know of; raises Http404 otherwise."""
    return PhotoOfProgram(program_of(person, program_id=program_id), profile_id, size)


def can_see_photo(person: Any, place: PhotoOfProgram) -> bool:
    """Say whether this person may look for the photo: whoever may see the program's gallery."""
    return can_read_board(person, place.program)


# GET /programs/<id>/gallery/<profile>/<size>/
@access(can_see_photo, on=photo_on_wall)
@require_safe
def gallery_photo(request: HttpRequest, place: PhotoOfProgram) -> HttpResponse:
    """The photo, where its owner shows it to this reader; a 404 else."""
    reach, _is_staff = _reach(request, place.program)
    photo = photo_in(reach, profile_id=place.profile_id, size=place.size)
    return photo_answer(request, photo, place.size)


def _reach(request: HttpRequest, program: Program) -> tuple[Reach, bool]:
    is_staff = can_run(request.user, program)
    return (reach_of_staff(program) if is_staff else reach_of_program(program)), is_staff
