"""Photos of a wall of posters: sent from a phone, and seen in the room."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from coppice.activities import poster_wall as wall
from coppice.activities.actions import posters
from coppice.activities.poster_forms import PosterPhotoForm
from coppice.activities.poster_models import PosterPhoto
from coppice.history.middleware import without_receipt
from coppice.lib.access import access, anyone
from coppice.live.links import participant_behind
from coppice.live.models import Participant, Step
from coppice.live.views.screens import answered, in_their_language
from coppice.photos.limits import MANY, may_send_one_more
from coppice.photos.serving import photo_answer


def place_by_link(person: Any, *, token: str, step_id: int) -> tuple[Participant, Step]:
    """Return participant and wall of an address, whoever is signed in; raises Http404 otherwise."""
    participant = participant_behind(token)
    step = get_object_or_404(participant.room.steps, pk=step_id, kind=wall.HANGING)
    step.room = participant.room
    return participant, step


# POST /live-posters/<token>/<step>/
@without_receipt
@access(anyone, on=place_by_link, signed_out=True)
@never_cache
@require_POST
def photo(request: HttpRequest, place: tuple[Participant, Step]) -> HttpResponse:
    """Put a photo on the wall. It is read before any transaction begins: see photos."""
    return in_their_language(place[0], _photo, request, *place)


def _photo(request: HttpRequest, participant: Participant, step: Step) -> HttpResponse:
    if not may_send_one_more(request, giver=f"participant:{participant.pk}"):
        return answered(request, participant, refused=str(MANY))
    form = PosterPhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return answered(request, participant, refused=" ".join(form.errors_in_a_row))
    said = form.cleaned_data

    def put_up() -> PosterPhoto:
        return posters.put_photo(
            step, participant=participant, pictures=said["photo"], alt=said["alt"], words=said["caption"]
        )

    return answered(request, participant, put_up)


# GET /live-poster-pictures/<token>/<size>/
@access(anyone, on=wall.picture_behind, signed_out=True)
@require_safe
def picture(request: HttpRequest, subject: tuple[PosterPhoto, str]) -> HttpResponse:
    """A photo for everybody in the room."""
    return photo_answer(request, *subject)
