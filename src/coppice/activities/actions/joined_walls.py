"""Two places of a live room turn out to be one person's: what both put on a wall hangs there once.

What the person put up stays; the guest's gives it what it lacks: words, a theme, a description of the photo.
"""

from coppice.activities.poster_models import Bundle, Poster, photo_of
from coppice.live.models import Participant


def hang_once(guest: Participant, *, into: Participant) -> None:
    """Put posters of the same words or photo together, and what both places said belongs together.

    One of which hosts hid either is hidden. The caller holds the room and has a transaction.
    """
    own = list(Poster.objects.filter(participant=into).select_related("photo"))
    for poster in Poster.objects.filter(participant=guest).select_related("photo"):
        same = next((each for each in own if _is_same(each, poster)), None)
        if same is not None:
            _fill(same, poster)
            poster.delete()
    said = {_said(each) for each in _bundles_of(into)}
    for bundle in _bundles_of(guest):
        if _said(bundle) in said:
            bundle.delete()


def _is_same(one: Poster, other: Poster) -> bool:
    if one.step_id != other.step_id:
        return False
    if other.photo_digest:
        return one.photo_digest == other.photo_digest
    return one.words.casefold() == other.words.casefold()


def _fill(own: Poster, theirs: Poster) -> None:
    own.words = own.words or theirs.words
    own.theme_id = own.theme_id or theirs.theme_id
    own.is_hidden = own.is_hidden or theirs.is_hidden
    own.save(update_fields=["words", "theme", "is_hidden"])
    photo, their_photo = photo_of(own), photo_of(theirs)
    if photo is not None and their_photo is not None and not photo.alt:
        photo.alt = their_photo.alt
        photo.save(update_fields=["alt"])
    for bundle in theirs.bundles.all():
        bundle.posters.add(own)


def _bundles_of(participant: Participant) -> list[Bundle]:
    return list(Bundle.objects.filter(participant=participant).prefetch_related("posters"))


def _said(bundle: Bundle) -> tuple[int, frozenset[int]]:
    return bundle.step_id, frozenset(poster.pk for poster in bundle.posters.all())
