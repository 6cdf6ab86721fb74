"""Photos of a gallery: sent from a phone, seen in the room, and the cards that hosts print."""

from dataclasses import dataclass
from typing import Any

from allauth.core.internal.ratelimit import consume
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from coppice.activities import wall
from coppice.activities.actions import cards as actions
from coppice.activities.models import CardPhoto
from coppice.history.middleware import without_receipt
from coppice.lib.access import access, anyone
from coppice.live.links import participant_behind
from coppice.live.models import Participant, Room, Step
from coppice.live.permissions import can_host
from coppice.live.queries import step_of
from coppice.live.views.screens import answered, in_their_language
from coppice.photos.exhibits import with_version
from coppice.photos.forms import PhotoForm
from coppice.photos.serving import photo_answer


def place_by_link(person: Any, *, token: str, step_id: int) -> tuple[Participant, Step]:
    """Return participant and gallery of an address, whoever is signed in; raises Http404 otherwise."""
    participant = participant_behind(token)
    step = get_object_or_404(participant.room.steps, pk=step_id, kind=wall.BRINGING)
    step.room = participant.room
    return participant, step


# POST /live-photos/<token>/<step>/
@without_receipt
@access(anyone, on=place_by_link, signed_out=True)
@never_cache
@require_POST
def photo(request: HttpRequest, place: tuple[Participant, Step]) -> HttpResponse:
    """Put a photo on a participant's card. It is read before any transaction begins: see photos."""
    return in_their_language(place[0], _photo, request, *place)


def _photo(request: HttpRequest, participant: Participant, step: Step) -> HttpResponse:
    if not may_send_one_more(request, participant):
        return answered(request, participant, refused=_("These were many photos. Wait ten minutes."))
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return answered(request, participant, refused=" ".join(form.errors_in_a_row))
    said = form.cleaned_data
    return answered(
        request,
        participant,
        lambda: actions.put_photo(step, participant=participant, pictures=said["photo"], alt=said["alt"]),
    )


def may_send_one_more(request: HttpRequest, participant: Participant) -> bool:
    """Count a photo of a participant, and say whether it is not one too many."""
    limits = settings.PHOTO_LIMITS
    return bool(consume(request, app="live", action="phone", config=limits, key=str(participant.pk)))


# GET /live-pictures/<token>/<size>/
@access(anyone, on=wall.picture_behind, signed_out=True)
@require_safe
def picture(request: HttpRequest, subject: tuple[CardPhoto, str]) -> HttpResponse:
    """A photo for everybody in the room."""
    return photo_answer(request, *subject)


@dataclass(frozen=True)
class Gallery:
    """A step in which objects were brought, and one of its cards where a page is about one."""

    step: Step
    card_id: int = 0
    size: str = ""

    @property
    def room(self) -> Room:
        return self.step.room


def gallery_of(person: Any, *, step_id: int, card_id: int = 0, size: str = "") -> Gallery:
    """Return a gallery of a room that the person may know of; raises Http404 otherwise."""
    step = step_of(person, step_id=step_id)
    if step.kind != wall.BRINGING:
        raise Http404
    return Gallery(step, card_id, size)


def can_host_gallery(person: Any, gallery: Gallery) -> bool:
    """Say whether this person may print a gallery's cards: who may host its room."""
    return can_host(person, gallery.room)


# GET /live-steps/<id>/cards/
@access(can_host_gallery, on=gallery_of)
@require_safe
def cards(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """The cards of a gallery, to print and hang up."""
    exhibits = [
        wall.exhibit_of(card, url=_path_for_hosts(gallery.step, wall.photo_of(card)))
        for card in wall.cards_of(gallery.step)
        if wall.shows(card) and not card.is_hidden
    ]
    context = {"room": gallery.room, "step": gallery.step, "exhibits": exhibits}
    return render(request, "activities/gallery/cards.html", context)


# GET /live-steps/<id>/cards/<card>/<size>/
@access(can_host_gallery, on=gallery_of)
@require_safe
def card_photo(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """The photo of a card, for hosts, also when the room has ended."""
    kept = get_object_or_404(CardPhoto, card=gallery.card_id, card__step=gallery.step)
    return photo_answer(request, kept, gallery.size)


def _path_for_hosts(step: Step, kept: CardPhoto | None) -> str:
    if kept is None:
        return ""
    return with_version(reverse("activities:card_photo", args=[step.pk, kept.card_id, "large"]), kept)
