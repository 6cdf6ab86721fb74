"""The agenda of a meeting: read, begin, add, change, order; the box into which members put what they want."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.communities.models import Membership
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.meetings.actions import agendas as actions
from coppice.meetings.agenda_forms import AskForForm, ItemForm, ReadyForm
from coppice.meetings.agenda_models import AgendaItem
from coppice.meetings.agendas import Draft, offered_formats, waiting_for
from coppice.meetings.models import Meeting
from coppice.meetings.permissions import (
    can_lead_item,
    can_lead_meeting,
    can_read_meeting,
    can_reply,
    can_take_off,
)
from coppice.meetings.queries import active_members, meeting_of, own_place
from coppice.meetings.timetable import timetable_of
from coppice.ui.toasts import offer_undo


# GET /meetings/<id>/agenda/
@access(can_read_meeting, on=meeting_of)
@require_safe
def agenda(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """What the meeting goes through, when each part begins, what is waiting, and the box."""
    return _page(request, meeting)


def _page(request: HttpRequest, meeting: Meeting, *, status: int = 200, **forms: Any) -> HttpResponse:
    own = own_place(request.user, meeting.community)
    is_open = meeting.is_open
    items = list(meeting.agenda.there().select_related("owner__enrollment", "asked_by__enrollment"))
    timetable = timetable_of(meeting, [each for each in items if each.state == AgendaItem.State.PLANNED])
    context: dict[str, Any] = {
        "community": meeting.community,
        "tab": "meetings",
        "meeting": meeting,
        "zone": own.zone,
        "own": own,
        "leads": own.leads and is_open,
        "may_ask": own.membership is not None and is_open,
        "timetable": timetable,
        "box": [each for each in items if each.state == AgendaItem.State.ASKED],
    }
    context |= forms
    if context["leads"]:
        there, members = {each.origin for each in items}, list(active_members(meeting.community))
        context["waiting"] = waiting_for(meeting, there=there, members=members)
        context["formats"] = offered_formats(there=there)
        context.setdefault("item_form", ItemForm(meeting=meeting, members=members))
        if not timetable.slots:
            context.setdefault("ready_form", ReadyForm())
    elif context["may_ask"]:
        context.setdefault("ask_form", AskForForm())
    return render(request, "meetings/agenda.html", context, status=status)


# POST /meetings/<id>/agenda/ready/
@access(can_lead_meeting, on=meeting_of)
@require_POST
def ready(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Begin with a ready agenda."""
    form = ReadyForm(request.POST)
    if not form.is_valid():
        return _page(request, meeting, status=422, ready_form=form)
    try:
        actions.begin_with(meeting, form.chosen, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("The agenda is there. Change whatever you like."))
    return redirect("meetings:agenda", meeting.pk)


# POST /meetings/<id>/agenda/waiting/
@access(can_lead_meeting, on=meeting_of)
@require_POST
def waiting(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Put something that waits, or a format, on the agenda."""
    there = set(meeting.agenda.there().values_list("origin", flat=True))
    waits = waiting_for(meeting, there=there, members=active_members(meeting.community))
    found = {draft.origin: draft for draft in [*waits, *offered_formats(there=there)]}
    draft = found.get(request.POST.get("origin", ""))
    if draft is None:
        messages.info(request, _("This is on the agenda already, or no longer waits. Nothing changed."))
        return redirect("meetings:agenda", meeting.pk)
    return _added(request, meeting, draft)


# POST /meetings/<id>/agenda/new/
@access(can_lead_meeting, on=meeting_of)
@require_POST
def new_item(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Add an item in one's own words."""
    form = ItemForm(request.POST, meeting=meeting)
    if not form.is_valid():
        return _page(request, meeting, status=422, item_form=form)
    return _added(request, meeting, form.draft, owner=form.cleaned_data["owner"])


def _added(
    request: HttpRequest, meeting: Meeting, draft: Draft, *, owner: Membership | None = None
) -> HttpResponse:
    try:
        actions.add_item(meeting, draft, by=request.user, owner=owner)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("On the agenda: %(title)s") % {"title": draft.title})
    return redirect("meetings:agenda", meeting.pk)


# POST /meetings/<id>/agenda/box/
@access(can_reply, on=meeting_of)
@require_POST
def ask_for(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Put what one would like to take up into the box."""
    form = AskForForm(request.POST)
    if not form.is_valid():
        return _page(request, meeting, status=422, ask_form=form)
    membership = own_place(request.user, meeting.community).membership
    assert membership is not None  # `can_reply` says so
    try:
        actions.ask_for(meeting, form.draft, membership=membership, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("It is in the box. Whoever leads the meeting sees it."))
    return redirect("meetings:agenda", meeting.pk)


def item_of(person: Any, *, item_id: int) -> AgendaItem:
    """Return an item of a meeting that the person may open; raises Http404 otherwise."""
    rows = AgendaItem.objects.visible_to(person)
    return get_object_or_404(
        rows.select_related("meeting__community__program__provider", "asked_by"), pk=item_id
    )


# GET, POST /agenda-items/<id>/
@access(can_lead_item, on=item_of)
@require_http_methods(["GET", "HEAD", "POST"])
def item(request: HttpRequest, item: AgendaItem) -> HttpResponse:
    """Change what an item is about, how long it takes, and who leads it."""
    meeting = item.meeting
    form = ItemForm(request.POST if request.method == "POST" else None, meeting=meeting, instance=item)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_item(item, by=request.user, **form.cleaned_data)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Saved."))
            return redirect("meetings:agenda", meeting.pk)
    context = {"community": meeting.community, "tab": "meetings", "meeting": meeting, "form": form}
    return render(request, "meetings/agenda_item.html", context, status=422 if form.errors else 200)


# POST /agenda-items/<id>/earlier/
@access(can_lead_item, on=item_of)
@require_POST
def earlier(request: HttpRequest, item: AgendaItem) -> HttpResponse:
    """Let an item change places with the one before it."""
    return _done(request, item, lambda: actions.move_item(item, earlier=True, by=request.user))


# POST /agenda-items/<id>/later/
@access(can_lead_item, on=item_of)
@require_POST
def later(request: HttpRequest, item: AgendaItem) -> HttpResponse:
    """Let an item change places with the one after it."""
    return _done(request, item, lambda: actions.move_item(item, earlier=False, by=request.user))


# POST /agenda-items/<id>/taking-up/
@access(can_lead_item, on=item_of)
@require_POST
def taking_up(request: HttpRequest, item: AgendaItem) -> HttpResponse:
    """Put what a member asked for on the agenda."""
    return _done(request, item, lambda: actions.take_up(item, by=request.user))


# POST /agenda-items/<id>/return/
@access(can_take_off, on=item_of)
@require_POST
def returning(request: HttpRequest, item: AgendaItem) -> HttpResponse:
    """Undo taking an item off."""
    return _done(request, item, lambda: actions.put_back(item, by=request.user))


# POST /agenda-items/<id>/removal/
@access(can_take_off, on=item_of)
@require_POST
def removal(request: HttpRequest, item: AgendaItem) -> HttpResponse:
    """Take an item off the agenda or out of the box, with an undo."""
    try:
        actions.take_off(item, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        offer_undo(request, _("Taken off."), url=reverse("meetings:item_return", args=[item.pk]))
    return redirect("meetings:agenda", item.meeting_id)


def _done(request: HttpRequest, item: AgendaItem, act: Any) -> HttpResponse:
    try:
        act()
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    return redirect("meetings:agenda", item.meeting_id)
