"""Where hosts open rooms and make their agendas, and what happened afterwards."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.communities.models import Community
from coppice.communities.permissions import can_lead, can_take_part
from coppice.communities.queries import community_of
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.lib.tables import write_csv
from coppice.live import links
from coppice.live.actions import rooms as actions
from coppice.live.agendas import agendas
from coppice.live.forms import EndForm, NewRoomForm, StepForm
from coppice.live.kinds import Kind, Next, kind_of, kinds, with_what_is_kept
from coppice.live.models import Room, Step
from coppice.live.permissions import can_host, can_host_new_step, can_host_step, can_read_room
from coppice.live.queries import counted_room_of, new_step_of, room_of, scene_of, step_of
from coppice.live.rendering import shown_in
from coppice.programs.models import Program
from coppice.programs.permissions import can_run
from coppice.programs.queries import program_of

A_PAGE = 20


# GET /programs/<id>/live/
@access(can_run, on=program_of)
@require_safe
def program_rooms(request: HttpRequest, program: Program) -> HttpResponse:
    """The rooms of a program, the latest first."""
    rooms = Room.objects.filter(program=program).select_related("community")
    page = Paginator(rooms, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "live/program_rooms.html", {"program": program, "page": page})


# GET, POST /programs/<id>/live/new/
@access(can_run, on=program_of)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest, program: Program) -> HttpResponse:
    """Open a room for people of the whole program."""
    return _create(request, program, None, "live/create.html")


# GET /communities/<id>/live/
@access(can_take_part, on=community_of)
@require_safe
def community_rooms(request: HttpRequest, community: Community) -> HttpResponse:
    """The rooms of a community: how to join the one that goes on, and what came of the others."""
    rooms = Room.objects.filter(community=community).select_related("community")
    page = Paginator(rooms, A_PAGE).get_page(request.GET.get("page"))
    leads = can_lead(request.user, community)
    context = {"community": community, "tab": "live", "page": page, "can_lead": leads}
    return render(request, "live/community_rooms.html", context)


# GET, POST /communities/<id>/live/new/?format=…&title=…
@access(can_lead, on=community_of)
@require_http_methods(["GET", "HEAD", "POST"])
def create_in_community(request: HttpRequest, community: Community) -> HttpResponse:
    """Open a room for a community."""
    return _create(request, community.program, community, "live/create_in_community.html")


def _create(
    request: HttpRequest, program: Program, community: Community | None, template: str
) -> HttpResponse:
    form = NewRoomForm(
        request.POST if request.method == "POST" else None,
        initial={
            "title": request.GET.get("title", ""),
            "language": program.language,
            "agenda": request.GET.get("format") or agendas()[0].key,
        },
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        [agenda] = [each for each in agendas() if each.key == said["agenda"]]
        with translation.override(said["language"]):
            steps = agenda.steps()
        try:
            room = actions.create(
                program,
                community=community,
                title=said["title"],
                language=said["language"],
                steps=steps,
                by=request.user,
            )
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("The room is ready. Look at its steps, then open the first."))
            return redirect("live:agenda", room.pk)
    context = {"program": program, "community": community, "tab": "live", "form": form}
    return render(request, template, context, status=422 if form.errors else 200)


# GET /live-rooms/<id>/
@access(can_host, on=room_of)
@require_safe
def room(request: HttpRequest, room: Room) -> HttpResponse:
    """The host's page: the step that is on, what to press, who is there."""
    if room.is_ended:
        return redirect("live:results", room.pk)
    stream = links.Stream("host", room.pk, translation.get_language() or room.language, request.user.pk or 0)
    context = {
        **shown_in(scene_of(room)),
        "is_page": True,
        "stream_url": links.stream_path(stream),
        "projector_url": links.projector_path(room),
    }
    return render(request, "live/room.html", context)


# GET /live-rooms/<id>/agenda/
@access(can_host, on=room_of)
@require_safe
def agenda(request: HttpRequest, room: Room) -> HttpResponse:
    """The steps of a room, to change them and to add more."""
    steps = [(step, kind_of(step)) for step in room.steps.all()]
    return render(request, "live/agenda.html", {"room": room, "steps": steps, "kinds": kinds()})


# GET /live-rooms/<id>/run-sheet/
@access(can_host, on=room_of)
@require_safe
def run_sheet(request: HttpRequest, room: Room) -> HttpResponse:
    """The steps with their minutes and the host's notes, to print and run the room from paper."""
    lines, minute = [], 0
    for step in room.steps.all():
        lines.append((step, kind_of(step), minute))
        minute += step.minutes or 0
    return render(request, "live/run_sheet.html", {"room": room, "lines": lines, "minutes": minute})


# GET, POST /live-rooms/<id>/steps/<kind>/
@access(can_host_new_step, on=new_step_of)
@require_http_methods(["GET", "HEAD", "POST"])
def new_step(request: HttpRequest, new: tuple[Room, Kind]) -> HttpResponse:
    """Add a step of one kind at the end of the agenda."""
    room, kind = new
    form = StepForm(request.POST if request.method == "POST" else None, kind=kind)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_step(room, plan=form.plan, by=request.user)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Added: %(step)s") % {"step": form.cleaned_data["title"]})
            return redirect("live:agenda", room.pk)
    context = {"room": room, "kind": kind, "form": form}
    return render(request, "live/new_step.html", context, status=422 if form.errors else 200)


# GET, POST /live-steps/<id>/
@access(can_host_step, on=step_of)
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, step: Step) -> HttpResponse:
    """Change a step; what it asks is fixed once it was begun."""
    kept = get_object_or_404(Step, pk=step.pk)
    form = StepForm(request.POST if request.method == "POST" else None, instance=kept, kind=kind_of(step))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_step(step, by=request.user, **form.said)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Saved."))
            return redirect("live:agenda", step.room_id)
    context = {"room": step.room, "step": step, "kind": kind_of(step), "form": form}
    return render(request, "live/step.html", context, status=422 if form.errors else 200)


# POST /live-steps/<id>/removal/
@access(can_host_step, on=step_of)
@require_POST
def removal(request: HttpRequest, step: Step) -> HttpResponse:
    """Take a step off the agenda."""
    try:
        actions.remove_step(step, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("Removed: %(step)s") % {"step": step.title})
    return redirect("live:agenda", step.room_id)


# POST /live-steps/<id>/earlier/
@access(can_host_step, on=step_of)
@require_POST
def earlier(request: HttpRequest, step: Step) -> HttpResponse:
    """Let a step come before the one that it follows."""
    return _place(request, step, earlier=True)


# POST /live-steps/<id>/later/
@access(can_host_step, on=step_of)
@require_POST
def later(request: HttpRequest, step: Step) -> HttpResponse:
    """Let a step come after the one that follows it."""
    return _place(request, step, earlier=False)


def _place(request: HttpRequest, step: Step, *, earlier: bool) -> HttpResponse:
    try:
        actions.place_step(step, earlier=earlier, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    return redirect("live:agenda", step.room_id)


# GET, POST /live-rooms/<id>/end/
@access(can_host, on=room_of)
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, room: Room) -> HttpResponse:
    """End the room, and say for how long people can add what they missed."""
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.end(room, late_until=form.late_until(room), by=request.user)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("The room has ended. Here is what happened."))
            return redirect("live:results", room.pk)
    return render(request, "live/end.html", {"room": room, "form": form}, status=422 if form.errors else 200)


# GET /live-rooms/<id>/results/
@access(can_read_room, on=counted_room_of)
@require_safe
def results(request: HttpRequest, room: Room) -> HttpResponse:
    """What happened: each step that was begun, and what came of it."""
    # Who may read a room of a community is who may read that community's pages: its members and the staff.
    steps = results_of(room)
    context = {
        "room": room,
        "steps": steps,
        "reads_community": room.community_id is not None,
        "comes_next": _comes_next(steps) if room.is_ended else [],
    }
    return render(request, "live/results.html", context)


def _comes_next(steps: list[tuple[Step, Any]]) -> list[Next]:
    """Return where hosts, who alone are shown it, go on: each place once, in the order of the steps."""
    places = (each for step, result in steps if result for each in kind_of(step).comes_next(step))
    return list({each.path: each for each in places}.values())


def results_of(room: Room) -> list[tuple[Step, Any]]:
    """Return each step that was begun with its result."""
    prefetch_related_objects([room], "steps")  # once for all kinds that read the room's other steps
    steps = with_what_is_kept(step for step in room.steps.all() if step.was_begun)
    return [(step, kind_of(step).result(step)) for step in steps]


# GET /live-rooms/<id>/results.csv
@access(can_host, on=room_of)
@require_safe
def results_file(request: HttpRequest, room: Room) -> HttpResponse:
    """Every typed row, without names."""
    header = [_("Step"), _("Kind"), _("Round"), _("Answer"), _("Number"), _("Late"), _("Note")]
    rows = [
        [
            *(step.title, kind_of(step).label, row.round, row.answer, row.value),
            *(_("yes") if row.is_late else "", row.note),
        ]
        for step in with_what_is_kept(room.steps.all())
        for row in kind_of(step).rows(step)
    ]
    return HttpResponse(
        write_csv(header, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{room.code.lower()}.csv"'},
    )
