"""Putting posters up and taking them down, saying what belongs together, and gathering them under themes."""

import hashlib
from collections.abc import Iterable
from itertools import count
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from coppice.activities.errors import (
    NoSuchPoster,
    NoSuchTheme,
    NoWall,
    TooFewTicked,
    TooManyBundles,
    WallIsFull,
    WordsMissing,
)
from coppice.activities.poster_models import (
    LONGEST_POSTER,
    LONGEST_THEME,
    Bundle,
    Poster,
    PosterPhoto,
    Theme,
)
from coppice.activities.poster_wall import wall_before
from coppice.history.actions import record
from coppice.lib.lines import one_line
from coppice.live.announcing import announce
from coppice.live.errors import NoLongerTaken, NotBegun
from coppice.live.models import Participant, Step
from coppice.photos import actions as photos
from coppice.photos.renditions import Pictures

USUAL_POSTERS = 3
MOST_POSTERS = 10
MOST_IN_A_BUNDLE = 8
MOST_BUNDLES = 20


@transaction.atomic
def put_up(step: Step, *, participant: Participant, round: int, words: str) -> Poster:
    """Put a note on the wall; the same words of the same person hang once.

    Raises NotBegun, NoLongerTaken, WordsMissing, WallIsFull.
    """
    _check(step, round)
    words = one_line(words)[:LONGEST_POSTER]
    if not words:
        raise WordsMissing
    own = _held(step, participant)
    for poster in own:
        if poster.words.casefold() == words.casefold():
            return poster
    _require_room(step, own)
    poster = Poster.objects.create(step=step, participant=participant, words=words)
    announce(step.room_id)
    return poster


@transaction.atomic
def put_photo(
    step: Step, *, participant: Participant, pictures: Pictures, alt: str, words: str
) -> PosterPhoto:
    """Put a photo on the wall, with a few words if there are any; the same photo of a person hangs once.

    Sent again, its words are the latest that were not empty. Raises NotBegun, NoLongerTaken, WallIsFull.
    """
    _check(step, 1)
    digest = hashlib.sha256(pictures.large).hexdigest()
    own = _held(step, participant)
    poster = next((each for each in own if each.photo_digest == digest), None)
    if poster is None:
        _require_room(step, own)
        poster = Poster(step=step, participant=participant, photo_digest=digest)
    poster.words = one_line(words)[:LONGEST_POSTER] or poster.words
    poster.save()
    photo = photos.put(PosterPhoto, pictures, alt=alt, poster=poster)
    announce(step.room_id)
    return photo


@transaction.atomic
def take_down(step: Step, *, participant: Participant, poster_id: int) -> None:
    """Delete a poster of one's own with its photo, at any time; one that is gone changes nothing."""
    gone, _rows = Poster.objects.filter(step=step, participant=participant, pk=poster_id).delete()
    if gone:
        announce(step.room_id)


@transaction.atomic
def set_hidden(step: Step, *, poster_id: int, is_hidden: bool, by: Any) -> None:
    """Keep a poster of a step off every screen but the host's and its owner's, or hang it up again."""
    if Poster.objects.filter(step=step, pk=poster_id, is_hidden=not is_hidden).update(is_hidden=is_hidden):
        _note("live_room.poster_hidden" if is_hidden else "live_room.poster_brought_back", step, by=by)


@transaction.atomic
def bundle(step: Step, *, participant: Participant, round: int, poster_ids: Iterable[int]) -> Bundle:
    """Keep that somebody says of posters on the wall before this step that they belong together; once.

    Raises NotBegun, NoLongerTaken, NoWall, TooFewTicked, TooManyBundles.
    """
    _check(step, round)
    ticked = Poster.objects.filter(step=_wall(step), is_hidden=False, pk__in=list(poster_ids))
    posters = set(ticked[:MOST_IN_A_BUNDLE])
    if len(posters) < 2:
        raise TooFewTicked
    Step.objects.select_for_update().get(pk=step.pk)
    own = list(Bundle.objects.filter(step=step, participant=participant).prefetch_related("posters"))
    for each in own:
        if set(each.posters.all()) == posters:
            return each
    if len(own) >= MOST_BUNDLES:
        raise TooManyBundles
    made = Bundle.objects.create(step=step, participant=participant)
    made.posters.set(posters)
    announce(step.room_id)
    return made


@transaction.atomic
def unbundle(step: Step, *, participant: Participant, bundle_id: int) -> None:
    """Take back what one said; what is gone changes nothing."""
    gone, _rows = Bundle.objects.filter(step=step, participant=participant, pk=bundle_id).delete()
    if gone:
        announce(step.room_id)


@transaction.atomic
def gather(step: Step, *, poster_ids: Iterable[int], theme_id: int, words: str, by: Any) -> Theme:
    """Hang posters of the wall before this step under a theme: the one given, or a new one of these words.

    Words that a theme of the wall has already mean that one. Raises NoWall, TooFewTicked, NoSuchTheme and
    WordsMissing.
    """
    wall = _wall(step)
    posters = Poster.objects.filter(step=wall, pk__in=list(poster_ids))
    if not posters.exists():
        raise TooFewTicked(_("Choose a poster first, then say under which theme it hangs."))
    theme = _theme_of(wall, theme_id) if theme_id else _theme_called(wall, words)
    posters.update(theme=theme)
    _note("live_room.posters_gathered", step, by=by)
    return theme


@transaction.atomic
def join(step: Step, *, one_id: int, other_id: int, by: Any) -> Theme:
    """Hang two posters together: under the theme of one of them, else under a new one that has a number.

    When both have a theme, the first comes to the second's. Raises NoWall and NoSuchPoster.
    """
    wall = _wall(step)
    both = {poster.pk: poster for poster in Poster.objects.filter(step=wall, pk__in=(one_id, other_id))}
    if len(both) < 2:
        raise NoSuchPoster
    theme = both[other_id].theme or both[one_id].theme or _numbered(wall)
    Poster.objects.filter(pk__in=both).update(theme=theme)
    _note("live_room.posters_gathered", step, by=by)
    return theme


@transaction.atomic
def take_out(step: Step, *, poster_id: int, by: Any) -> None:
    """Take a poster out of its theme; it hangs on the wall, and comes first of what is under none."""
    hung = Poster.objects.filter(step=_wall(step), pk=poster_id).exclude(theme=None)
    if hung.update(theme=None, put_off=0):
        _note("live_room.poster_taken_out", step, by=by)


@transaction.atomic
def put_off(step: Step, *, poster_id: int) -> None:
    """Leave a poster for later: the others that are under no theme come first."""
    if Poster.objects.filter(step=_wall(step), pk=poster_id).update(put_off=F("put_off") + 1):
        announce(step.room_id)


@transaction.atomic
def rename(step: Step, *, theme_id: int, words: str, by: Any) -> None:
    """Give a theme another name; no words change nothing. Raises NoWall and NoSuchTheme."""
    theme = _theme_of(_wall(step), theme_id)
    words = one_line(words)[:LONGEST_THEME]
    if words and words != theme.words:
        theme.words = words
        theme.save(update_fields=["words"])
        _note("live_room.theme_renamed", step, by=by)


@transaction.atomic
def dissolve(step: Step, *, theme_id: int, by: Any) -> None:
    """Take a theme off the wall; its posters hang there under none. One that is gone changes nothing."""
    gone, _rows = Theme.objects.filter(step=_wall(step), pk=theme_id).delete()
    if gone:
        _note("live_room.theme_dissolved", step, by=by)


def _check(step: Step, round: int) -> None:
    if not 1 <= round <= step.rounds_begun:
        raise NotBegun
    if not step.room.takes_answers:
        raise NoLongerTaken


def _held(step: Step, participant: Participant) -> list[Poster]:
    """Return what a participant put up; nobody else puts anything up until the transaction ends."""
    Step.objects.select_for_update().get(pk=step.pk)
    return list(Poster.objects.filter(step=step, participant=participant))


def _require_room(step: Step, own: list[Poster]) -> None:
    most = step.settings.get("most", USUAL_POSTERS)
    if len(own) >= most:
        raise WallIsFull(most)


def _wall(step: Step) -> Step:
    wall = wall_before(step)
    if wall is None:
        raise NoWall
    return wall


def _theme_of(wall: Step, theme_id: int) -> Theme:
    theme = Theme.objects.filter(step=wall, pk=theme_id).first()
    if theme is None:
        raise NoSuchTheme
    return theme


def _theme_called(wall: Step, words: str) -> Theme:
    words = one_line(words)[:LONGEST_THEME]
    if not words:
        raise WordsMissing(_("Choose a theme, or write what a new one is called."))
    for theme in wall.themes.all():
        if theme.words.casefold() == words.casefold():
            return theme
    return Theme.objects.create(step=wall, words=words)


def _numbered(wall: Step) -> Theme:
    """Make a theme whose name says nothing yet: words of somebody's poster are theirs, and may go."""
    taken = {theme.words for theme in wall.themes.all()}
    with translation.override(wall.room.language):
        names = (_("Theme %(number)d") % {"number": number} for number in count(1))
        return _theme_called(wall, next(name for name in names if name not in taken))


def _note(verb: str, step: Step, *, by: Any) -> None:
    room = step.room
    record(verb, scope=room.program.scope, by=by, subject=room)
    announce(room.pk)
