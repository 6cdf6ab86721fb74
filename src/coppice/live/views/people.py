"""Who is in a room, for its hosts: the paper list, and taking somebody out."""

from collections import defaultdict

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.lib.tables import write_csv
from coppice.live import links
from coppice.live.actions import people as actions
from coppice.live.announcing import presence_in
from coppice.live.forms import PaperForm
from coppice.live.kinds import kind_called, kind_of, with_meetings
from coppice.live.models import Participant, Room
from coppice.live.permissions import can_host, can_host_participant
from coppice.live.queries import participant_of, room_of

A_PAGE = 60


# GET, POST /live-rooms/<id>/people/
@access(can_host, on=room_of)
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, room: Room) -> HttpResponse:
    """Everybody in the room, and a form for those who have no phone."""
    form = PaperForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            new = actions.write_in(room, names=form.cleaned_data["names"], by=request.user)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            said = ngettext("%(count)d person is written in.", "%(count)d people are written in.", len(new))
            messages.success(request, said % {"count": len(new)})
            return redirect("live:people", room.pk)
    page = Paginator(room.participants.order_by("name", "id"), A_PAGE).get_page(request.GET.get("page"))
    context = {"room": room, "form": form, "page": page, "people": _with_presence(room, page.object_list)}
    return render(request, "live/people.html", context, status=422 if form.errors else 200)


# GET /live-rooms/<id>/people.csv
@access(can_host, on=room_of)
@require_safe
def people_file(request: HttpRequest, room: Room) -> HttpResponse:
    """Who was here, how and since when, and in each step whom they met: for hosts, with names."""
    steps = with_meetings(step for step in room.steps.all() if step.was_begun)
    everybody = {each.pk: each for each in room.participants.order_by("name", "id")}
    met = {step.pk: defaultdict[int, list[str]](list) for step in steps}
    for step in steps:
        for one, other in dict.fromkeys(kind_of(step).meetings(step)):
            if one in everybody and other in everybody:
                met[step.pk][one].append(str(everybody[other]))
    told = [step for step in steps if met[step.pk]]
    header = [_("Name"), _("Came in"), _("Guest"), _("Joined at"), *(step.title for step in told)]
    with timezone.override(room.zone):
        rows = [
            [
                *(str(each), each.get_source_display(), _("yes") if each.is_guest else ""),
                timezone.localtime(each.joined_at).isoformat(" ", "minutes"),
                *("; ".join(met[step.pk][each.pk]) for step in told),
            ]
            for each in everybody.values()
        ]
    return HttpResponse(
        write_csv(header, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{room.code.lower()}-people.csv"'},
    )


# GET, POST /live-participants/<id>/removal/
@access(can_host_participant, on=participant_of)
@require_http_methods(["GET", "HEAD", "POST"])
def removal(request: HttpRequest, participant: Participant) -> HttpResponse:
    """Say what goes with somebody who is not in the room, and take them out."""
    if request.method != "POST":
        context = {"participant": participant, "room": participant.room, "goes": _goes_with(participant)}
        return render(request, "live/taking_out.html", context)
    actions.take_out(participant, by=request.user)
    messages.success(request, _("Taken out: %(name)s") % {"name": participant})
    return redirect("live:people", participant.room_id)


def _goes_with(participant: Participant) -> list[str]:
    """Return what goes with somebody, in sentences: their answers, then what each kind of step says."""
    begun = participant.room.steps.filter(rounds_begun__gt=0).values_list("kind", flat=True)
    answers = participant.answers.count()
    said = [_("Answers of theirs: %(count)d.") % {"count": answers}] if answers else []
    kinds = [kind for key in dict.fromkeys(begun) if (kind := kind_called(key))]
    return list(dict.fromkeys([*said, *(line for kind in kinds for line in kind.goes_with(participant))]))


def _with_presence(room: Room, people: object) -> list[tuple[Participant, bool, str]]:
    """Return each, whether they are connected, and for those on paper the page to answer for them."""
    connected = presence_in(room.pk).participants
    return [
        (
            each,
            each.pk in connected,
            links.phone_path(each) if each.source == Participant.Source.PAPER and each.secret else "",
        )
        for each in people  # type: ignore[attr-defined]
    ]
