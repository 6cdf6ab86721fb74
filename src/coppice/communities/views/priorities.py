"""A community's priority canvas: needs in order, four questions about each, a table to take away."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.communities import actions
from coppice.communities.canvas import CanvasRow, Source, canvas_of, sources_of, wanted_by_topic
from coppice.communities.forms import PutUpForm, WeighForm
from coppice.communities.models import Community, Priority
from coppice.communities.permissions import can_lead, can_take_part, can_weigh
from coppice.communities.queries import community_of
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.lib.tables import write_csv
from coppice.ui.toasts import offer_undo


# GET /communities/<id>/priorities/
@access(can_take_part, on=community_of)
@require_safe
def priorities(request: HttpRequest, community: Community) -> HttpResponse:
    """The needs of this community, the highest score first."""
    return _canvas(request, community)


# POST /communities/<id>/priorities/new/
@access(can_lead, on=community_of)
@require_POST
def new_priority(request: HttpRequest, community: Community) -> HttpResponse:
    """Put one need on the canvas, and ask the four questions about it."""
    form = PutUpForm(request.POST, community=community, counts=wanted_by_topic(community))
    if form.is_valid():
        try:
            made = actions.put_on_canvas(community, by=request.user, **form.cleaned_data)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            return redirect("communities:priority_answers", made.pk)
    return _canvas(request, community, form, status=422)


@dataclass(frozen=True)
class SourceOfCommunity:
    """A list of needs from a room above, of which some are not on the canvas yet."""

    community: Community
    key: str


def source_of(person: Any, *, community_id: int, source: str) -> SourceOfCommunity:
    """Return a list of a community that the person may know of; raises Http404 otherwise."""
    return SourceOfCommunity(community_of(person, community_id=community_id), source)


def can_take_over(person: Any, place: SourceOfCommunity) -> bool:
    """Say whether this person may take needs over: leaders of the community, and staff."""
    return can_lead(person, place.community)


# POST /communities/<id>/priorities/from/<source>/
@access(can_take_over, on=source_of)
@require_POST
def priorities_from(request: HttpRequest, place: SourceOfCommunity) -> HttpResponse:
    """Take needs over that people ranked in a live room; twice is once."""
    try:
        count = actions.take_over(place.community, source=_source(place), by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        said = ngettext("%(count)d need is on the canvas.", "%(count)d needs are on the canvas.", count)
        messages.success(request, said % {"count": count})
    return redirect("communities:priorities", place.community.pk)


def priority_of(person: Any, *, priority_id: int) -> Priority:
    """Return a need on the canvas of a community that the person may know of; raises Http404 otherwise."""
    rows = Priority.objects.visible_to(person).select_related("community__program__provider", "topic")
    return get_object_or_404(rows, pk=priority_id)


# GET, POST /priorities/<id>/
@access(can_weigh, on=priority_of)
@require_http_methods(["GET", "HEAD", "POST"])
def answers(request: HttpRequest, priority: Priority) -> HttpResponse:
    """The four questions about one need; of one that was taken off, where the others are."""
    if priority.taken_off_at is not None:
        messages.info(request, _("This need was taken off the canvas. Nothing changed."))
        return redirect("communities:priorities", priority.community_id)
    form = WeighForm(request.POST if request.method == "POST" else None, instance=priority)
    if request.method == "POST" and form.is_valid():
        actions.weigh(priority, by=request.user, **form.said)
        messages.success(request, _("Saved."))
        return redirect("communities:priorities", priority.community_id)
    context = {"community": priority.community, "tab": "needs", "priority": priority, "form": form}
    return render(request, "communities/priority.html", context, status=422 if form.errors else 200)


# POST /priorities/<id>/removal/
@access(can_weigh, on=priority_of)
@require_POST
def removal(request: HttpRequest, priority: Priority) -> HttpResponse:
    """Take a need off the canvas, with an undo."""
    actions.take_off_canvas(priority, by=request.user)
    undo = reverse("communities:priority_return", args=[priority.pk])
    offer_undo(request, _("Taken off the canvas."), url=undo)
    return redirect("communities:priorities", priority.community_id)


# POST /priorities/<id>/return/
@access(can_weigh, on=priority_of)
@require_POST
def returning(request: HttpRequest, priority: Priority) -> HttpResponse:
    """Bring a need back onto the canvas."""
    try:
        actions.put_back_on_canvas(priority, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    return redirect("communities:priorities", priority.community_id)


# GET /communities/<id>/priorities.csv
@access(can_take_part, on=community_of)
@require_safe
def priorities_file(request: HttpRequest, community: Community) -> HttpResponse:
    """The canvas as a table to take away."""
    header = [
        _("need"),
        _("topic"),
        _("score of 100"),
        _("stronger together"),
        _("people who need it"),
        _("dots"),
        _("what helps"),
        _("result"),
        _("kind of work"),
        _("how to act"),
    ]
    return HttpResponse(
        write_csv(header, map(_line, canvas_of(community))),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="priorities.csv"'},
    )


def _line(row: CanvasRow) -> list[object]:
    each = row.priority
    return [
        each.need,
        each.topic.name if each.topic else "",
        "" if row.score is None else row.score,
        each.get_together_display() if each.together else "",
        row.wanted,
        each.dots,
        each.assets,
        each.result,
        each.get_work_display() if each.work else "",
        each.how,
    ]


def _source(place: SourceOfCommunity) -> Source:
    for source, _new in sources_of(place.community):
        if source.key == place.key:
            return source
    raise Http404


def _canvas(
    request: HttpRequest, community: Community, form: PutUpForm | None = None, *, status: int = 200
) -> HttpResponse:
    counts = wanted_by_topic(community)
    context = {"community": community, "tab": "needs", "rows": canvas_of(community, counts=counts)}
    if can_lead(request.user, community):
        context |= {
            "leads": True,
            "form": form or PutUpForm(community=community, counts=counts),
            "sources": sources_of(community),
        }
    return render(request, "communities/priorities.html", context, status=status)
