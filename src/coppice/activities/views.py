"""Photos of a gallery: sent from a phone, seen in the room, and the cards that hosts print."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from coppice.activities import wall
from coppice.activities.actions import cards as actions
from coppice.activities.errors import NothingBrought
from coppice.activities.forms import CardPhotoForm
from coppice.activities.models import CardPhoto
from coppice.history.middleware import without_receipt
from coppice.lib.access import access, anyone
from coppice.live.errors import NoSuchOption
from coppice.live.kinds import kind_of
from coppice.live.links import participant_behind
from coppice.live.models import Participant, Room, Step
from coppice.live.permissions import can_host
from coppice.live.queries import step_of
from coppice.live.views.screens import answered, in_their_language
from coppice.photos.exhibits import with_version
from coppice.photos.limits import MANY, may_send_one_more
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
    """Keep a participant's card with its photo, which is read before any transaction begins: see photos."""
    return in_their_language(place[0], _photo, request, *place)


def _photo(request: HttpRequest, participant: Participant, step: Step) -> HttpResponse:
    """Keep the words in any case, so that a photo which cannot be read takes none of them with it."""
    form = CardPhotoForm(request.POST, request.FILES)
    refused = ""
    if request.FILES and not may_send_one_more(request, giver=f"participant:{participant.pk}"):
        refused = str(MANY)
    elif not form.is_valid():
        refused = " ".join(form.errors_in_a_row)

    def keep() -> None:
        if "thing" in request.POST:
            kind_of(step).acts["card"](step, participant=participant, round=1, said=request.POST)
        if refused:
            raise NoSuchOption(refused)
        if said := form.cleaned_data["photo"]:
            actions.put_photo(step, participant=participant, pictures=said, alt=form.cleaned_data["alt"])
        elif "thing" not in request.POST:
            raise NothingBrought

    return answered(request, participant, keep)


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
