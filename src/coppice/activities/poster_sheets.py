"""The posters of a wall under their themes: a sheet that hosts print, and a table they take away."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coppice.activities import poster_wall as wall
from coppice.activities.poster_models import Poster, PosterPhoto, photo_of
from coppice.lib.access import access
from coppice.lib.tables import write_csv
from coppice.live.models import Step
from coppice.live.permissions import can_host
from coppice.live.queries import step_of
from coppice.photos.exhibits import with_version
from coppice.photos.serving import photo_answer


@dataclass(frozen=True)
class Printed:
    """A poster of a wall whose host is asked about, and the size of its photo where that is asked for."""

    step: Step
    poster_id: int = 0
    size: str = ""


def printed_of(person: Any, *, wall_id: int, poster_id: int = 0, size: str = "") -> Printed:
    """Return a wall in a room that the person may know of, by its step; raises Http404 otherwise."""
    step = step_of(person, step_id=wall_id)
    if step.kind != wall.HANGING:
        raise Http404
    return Printed(step, poster_id, size)


def can_print_posters(person: Any, printed: Printed) -> bool:
    """Say whether this person may print a wall's posters: who may host its room."""
    return can_host(person, printed.step.room)


# GET /live-walls/<id>/
@access(can_print_posters, on=printed_of)
@require_safe
def sheet(request: HttpRequest, printed: Printed) -> HttpResponse:
    """The posters of a wall under their themes, to print on A4 or Letter; nobody's name is on it."""
    step = printed.step
    context = {
        "room": step.room,
        "step": step,
        "themes": [(theme, [_shown(step, each) for each in posters]) for theme, posters in _themed(step)],
    }
    return render(request, "activities/posters/sheet.html", context)


# GET /live-walls/<id>/posters.csv
@access(can_print_posters, on=printed_of)
@require_safe
def file(request: HttpRequest, printed: Printed) -> HttpResponse:
    """The same as a table, a row for each poster: its theme, its words, and what its photo shows."""
    rows = [
        [theme, each.words, photo.words_for("") if (photo := photo_of(each)) else ""]
        for theme, posters in _themed(printed.step)
        for each in posters
    ]
    return HttpResponse(
        write_csv([_("Theme"), _("Words"), _("What the photo shows")], rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="posters-{printed.step.pk}.csv"'},
    )


# GET /live-walls/<id>/<poster>/<size>/
@access(can_print_posters, on=printed_of)
@require_safe
def picture(request: HttpRequest, printed: Printed) -> HttpResponse:
    """The photo of a poster that hangs, for hosts, also when the room has ended."""
    found = PosterPhoto.objects.filter(poster__step=printed.step, poster__is_hidden=False)
    return photo_answer(request, get_object_or_404(found, poster=printed.poster_id), printed.size)


def _themed(step: Step) -> list[tuple[str, list[Poster]]]:
    """Themes with their posters, the largest first, and at the end what is under none; two queries."""
    hangs = wall.wall_of(step)
    found = [(str(each.theme), list(each.posters)) for each in hangs.filled]
    return [*found, (_("Under no theme"), list(hangs.loose))] if hangs.loose else found


def _shown(step: Step, poster: Poster) -> wall.Shown:
    photo = photo_of(poster)
    if photo is None:
        return wall.Shown(poster)
    path = reverse("activities:wall_picture", args=[step.pk, poster.pk, "large"])
    return wall.Shown(poster, with_version(path, photo))
