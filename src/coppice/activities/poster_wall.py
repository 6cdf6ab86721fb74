"""What hangs on a wall of posters, under which themes, and the links by which the room sees the photos."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.core.signing import BadSignature, Signer
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from coppice.activities.poster_models import Bundle, Poster, PosterPhoto, Theme, photo_of
from coppice.lib.ids import id_in
from coppice.live.models import Participant, Step
from coppice.programs.likeness import nearest

HANGING = "posters"
MOST_COMPARED = 60
"""So many posters without a theme are compared with all others: comparing grows with the square."""
MOST_PAIRS = 12


@dataclass(frozen=True)
class Shown:
    """A poster as screens draw it; `url` is that of its photo, "" without one."""

    poster: Poster
    url: str = ""

    @property
    def photo(self) -> PosterPhoto | None:
        return photo_of(self.poster)

    @property
    def alt(self) -> str:
        """What is read aloud in the photo's place; of a poster with words they stand beside it."""
        return self.photo.words_for(self.poster.words) if self.photo else ""


@dataclass(frozen=True)
class Gathered:
    """A theme with the posters that hang under it."""

    theme: Theme
    posters: Sequence[Poster]


@dataclass(frozen=True)
class Pair:
    """Two posters that perhaps belong together, and how many people say so; 0: their words are alike."""

    one: Poster
    other: Poster
    people: int


@dataclass(frozen=True)
class Wall:
    """What hangs: themes in the order in which they were named, and what is under none of them yet."""

    step: Step
    themes: Sequence[Gathered]
    loose: Sequence[Poster]
    hidden: Sequence[Poster]

    @property
    def hung(self) -> Sequence[Poster]:
        """All that is not hidden, in the order in which it was put up."""
        found = [*self.loose, *(poster for each in self.themes for poster in each.posters)]
        return sorted(found, key=lambda poster: poster.pk)

    @property
    def filled(self) -> Sequence[Gathered]:
        """Themes under which something hangs, the largest first."""
        return sorted((each for each in self.themes if each.posters), key=lambda each: -len(each.posters))


def wall_before(step: Step) -> Step | None:
    """Return the last step before this one at which posters were put up; of steps that may be fetched."""
    before = [
        each
        for each in step.room.steps.all()
        if each.kind == HANGING and (each.position, each.pk) < (step.position, step.pk)
    ]
    return before[-1] if before else None


def wall_of(step: Step) -> Wall:
    """Return what hangs on the wall of a step at which posters are put up, in two queries."""
    posters = step.posters.select_related("photo", "participant").order_by("pk")
    return walled(step, step.themes.all(), posters)


def walled(step: Step, themes: Iterable[Theme], posters: Iterable[Poster]) -> Wall:
    """Lay rows out as a wall: by theme, those that hosts put off after the others."""
    by_theme: dict[int | None, list[Poster]] = defaultdict(list)
    hidden = []
    for poster in posters:
        if poster.is_hidden:
            hidden.append(poster)
        else:
            by_theme[poster.theme_id].append(poster)
    return Wall(
        step=step,
        themes=[Gathered(theme, by_theme[theme.pk]) for theme in themes],
        loose=sorted(by_theme[None], key=lambda poster: (poster.put_off, poster.pk)),
        hidden=hidden,
    )


def shown(poster: Poster, *, size: str = "small") -> Shown:
    """Return a poster as screens draw it, its photo by the link of the room."""
    photo = photo_of(poster)
    return Shown(poster, picture_path(photo, size) if photo and not poster.is_hidden else "")


def posters_of(step: Step, participant: Participant) -> list[Poster]:
    """Return what somebody put up, the first first."""
    return list(step.posters.filter(participant=participant).select_related("photo").order_by("pk"))


def bundles_of(step: Step, participant: Participant) -> list[tuple[Bundle, list[Poster]]]:
    """Return what somebody said belongs together, of what still hangs; two posters at least."""
    found = Bundle.objects.filter(step=step, participant=participant).prefetch_related("posters__photo")
    told = [(each, [poster for poster in each.posters.all() if not poster.is_hidden]) for each in found]
    return [(each, posters) for each, posters in told if len(posters) > 1]


def pairs_said(step: Step, wall: Wall) -> list[Pair]:
    """Return two and two that perhaps belong together and do not hang so yet, what most people say first.

    After what people say come posters whose words are alike.
    """
    hung = {poster.pk: poster for poster in wall.hung}
    said = Counter(
        pair
        for bundle in Bundle.objects.filter(step=step).prefetch_related("posters")
        for pair in combinations(sorted(poster.pk for poster in bundle.posters.all()), 2)
        if set(pair) <= hung.keys()
    )
    ranked = sorted(said, key=lambda pair: (-said[pair], pair))
    found = [Pair(hung[one], hung[other], said[one, other]) for one, other in ranked]
    known = {frozenset(pair) for pair in said}
    for place, poster in enumerate(wall.loose[:MOST_COMPARED]):
        others = [*wall.loose[:place], *(each for theme in wall.filled for each in theme.posters)]
        near = nearest(poster.words, [(each.words, each) for each in others if each.words], most=1)
        found += [Pair(poster, each, 0) for each in near if frozenset((poster.pk, each.pk)) not in known]
    return [each for each in found if not _hang_together(each)][:MOST_PAIRS]


def sheet_of(step: Step) -> tuple[str, str]:
    """Return the page on which hosts print a wall's posters, and what its link says."""
    return reverse("activities:wall_sheet", args=[step.pk]), _("Print the posters")


def picture_path(photo: PosterPhoto, size: str = "large") -> str:
    """Return the address of a photo for everybody in the room, the same for all.

    It holds for this photo alone, while the room goes on and its poster hangs there.
    """
    signed = _signer().sign(f"{photo.poster_id}-{photo.version}")
    return reverse("activities:poster_picture", args=[signed, size])


def picture_behind(person: Any, *, token: str, size: str) -> tuple[PosterPhoto, str]:
    """Return the photo of such an address, whoever is signed in; raises Http404 when it no longer holds."""
    try:
        poster_id, _dash, version = _signer().unsign(token).partition("-")
    except BadSignature:
        raise Http404 from None
    photo = PosterPhoto.objects.select_related("poster__step__room").filter(poster=id_in(poster_id)).first()
    if photo is None or photo.version != version or photo.poster.is_hidden:
        raise Http404
    room = photo.poster.step.room
    if room.is_ended and not room.takes_answers:
        raise Http404
    return photo, size


def _hang_together(pair: Pair) -> bool:
    return pair.one.theme_id is not None and pair.one.theme_id == pair.other.theme_id


def _signer() -> Signer:
    return Signer(salt="coppice.activities.poster_picture")
