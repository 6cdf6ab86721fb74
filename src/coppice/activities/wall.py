"""What hangs in a gallery, in what order, and the links by which the room sees the photos."""

from collections.abc import Iterable
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import Http404
from django.urls import reverse

from coppice.activities.models import Card, CardPhoto, Walk
from coppice.lib.ids import id_in
from coppice.live.models import Step
from coppice.photos.exhibits import Exhibit
from coppice.programs.models import Topic

BRINGING = "bring"


def cards_of(step: Step, **of: Any) -> list[Card]:
    """Return the cards of a step in which people bring objects, the first first, in two queries.

    `of` narrows them, such as `participant`.
    """
    return list(_whole(Card.objects.filter(step=step, **of)))


def cards_to_walk(step: Step) -> list[Card]:
    """Return what hangs in the last gallery before a walk: nothing that is hidden or empty.

    The one before which the walk stands in the step's present round has `stands`.
    """
    before = Step.objects.filter(room=step.room_id, kind=BRINGING, position__lt=step.position)
    last = before.order_by("-position", "-pk").values("pk")[:1]
    here = Walk.objects.filter(step=step, round=step.round, card=OuterRef("pk"))
    hung = Card.objects.filter(step__in=last, is_hidden=False).annotate(stands=Exists(here))
    return [card for card in _whole(hung) if shows(card)]


def shows(card: Card) -> bool:
    """Say whether there is anything to see on a card."""
    return bool(card.thing or photo_of(card))


def photo_of(card: Card) -> CardPhoto | None:
    """Return the photo of a card, or None."""
    return getattr(card, "photo", None)


def exhibit_of(card: Card, *, size: str = "large", url: str | None = None) -> Exhibit:
    """Return a card as pages draw it, its photo by the link of the room unless told otherwise."""
    photo = photo_of(card)
    return Exhibit(
        name=str(card.participant),
        thing=card.thing,
        story=card.story,
        topics=[topic.name for topic in card.topics.all()],
        photo=photo,
        url=(picture_path(photo, size) if url is None else url) if photo else "",
    )


def picture_path(photo: CardPhoto, size: str = "large") -> str:
    """Return the address of a photo for everybody in the room, the same for all.

    It holds for this photo alone, while the room goes on, its card hangs there, and the photo is on it.
    """
    return reverse("activities:picture", args=[_signer().sign(f"{photo.card_id}-{photo.version}"), size])


def picture_behind(person: Any, *, token: str, size: str) -> tuple[CardPhoto, str]:
    """Return the photo of such an address, whoever is signed in; raises Http404 when it no longer holds."""
    try:
        card_id, _, version = _signer().unsign(token).partition("-")
    except BadSignature:
        raise Http404 from None
    photo = CardPhoto.objects.select_related("card__step__room").filter(card=id_in(card_id)).first()
    if photo is None or photo.version != version or photo.card.is_hidden:
        raise Http404
    room = photo.card.step.room
    if room.is_ended and not room.takes_answers:
        raise Http404
    return photo, size


def _whole(cards: QuerySet[Card]) -> Iterable[Card]:
    topics = Prefetch("topics", Topic.objects.order_by("name"))
    return cards.select_related("photo", "participant").prefetch_related(topics).order_by("pk")


def _signer() -> Signer:
    return Signer(salt="coppice.activities.picture")
