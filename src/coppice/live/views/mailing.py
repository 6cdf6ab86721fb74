"""A room's link by mail: who gets it, sending it, and coming in by it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.lib.languages import answer_in, first_spoken
from coppice.live import links
from coppice.live.actions import mailing as actions
from coppice.live.actions import people
from coppice.live.audience import audience_of
from coppice.live.models import Room
from coppice.live.permissions import can_host
from coppice.live.queries import Link, link_by_mail, room_of
from coppice.live.views.screens import by_link

A_PAGE = 60


# GET, POST /live-rooms/<id>/link/
@access(can_host, on=room_of)
@require_http_methods(["GET", "HEAD", "POST"])
def sending(request: HttpRequest, room: Room) -> HttpResponse:
    """Show who gets the room's link by mail, and send it."""
    if request.method == "POST":
        try:
            actions.send_link(room, by=request.user)
        except DomainError as refused:
            messages.error(request, str(refused.sentence))
            return redirect("live:results", room.pk)
        messages.success(request, _("The mails are on their way. Each has a link of its own."))
        return redirect("live:sending", room.pk)
    audience = audience_of(room)
    page = Paginator(audience.reached.order_by("name", "pk"), A_PAGE).get_page(request.GET.get("page"))
    counts = {name: getattr(audience, name).count() for name in ("is_there", "without_mail", "left_list")}
    context = {"room": room, "audience": audience, "page": page, "counts": counts}
    return render(request, "live/sending.html", context)


# GET, POST /live-links/<token>/
@by_link(link_by_mail)
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, link: Link) -> HttpResponse:
    """Come in by a mailed link: a button joins, and whoever has a place already goes on there."""
    language = first_spoken(link.language, link.room.language)
    with timezone.override(link.room.zone):
        return answer_in(language, _link, request, link, language)


def _link(request: HttpRequest, link: Link, language: str) -> HttpResponse:
    if link.place is not None:
        return redirect(links.phone_path(link.place))
    errors: tuple[str, ...] = ()
    if request.method == "POST":
        try:
            place = people.join(link.room, name=link.known, language=language, person=link.person)
        except DomainError as refused:
            errors = (str(refused.sentence),)
        else:
            return redirect(links.phone_path(place))
    is_open = not link.room.is_ended or link.room.takes_answers
    context = {"link": link, "room": link.room, "is_open": is_open, "errors": errors}
    return render(request, "live/link.html", context, status=422 if errors else 200)
