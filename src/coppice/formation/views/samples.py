"""What the invitation will look like, as one person of the proposal would get it: nothing is sent."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from coppice.communities.views.invitations import LookedAt
from coppice.communities.views.invitations import sample as page_of
from coppice.formation.models import Formation, Place
from coppice.formation.permissions import can_form
from coppice.formation.publishing import sample
from coppice.formation.queries import beside, formation_of, places_called, sample_place_of
from coppice.lib.access import access

FOUND_AT_MOST = 20
LONGEST_SEARCH = 100


@access(can_form, on=formation_of)
@require_safe
def invitation(request: HttpRequest, formation: Formation) -> HttpResponse:
    """The mail of one person, and the way to their page and to other people's."""
    place = sample_place_of(formation, sought=request.GET.get("place", ""))
    if place is None or not formation.can_change:
        return redirect("formation:publication", formation.pk)
    message = sample(place, others=()).message
    sought = request.GET.get("find", "").strip()[:LONGEST_SEARCH]
    return render(
        request,
        "formation/invitation.html",
        {
            "formation": formation,
            "program": formation.program,
            "place": place,
            "message": message,
            "sought": sought,
            "found": places_called(formation, sought, at_most=FOUND_AT_MOST) if sought else [],
            "mail_url": _at("invitation_mail", place),
            "page_url": _at("invitation_page", place),
        },
    )


@access(can_form, on=formation_of)
@require_safe
@xframe_options_sameorigin
@csp_override(
    {
        "default-src": [CSP.NONE],
        "style-src": [CSP.UNSAFE_INLINE],  # mail has no other styles than inline ones; nothing here can run
        "img-src": [CSP.SELF, "data:"],
        "frame-ancestors": [CSP.SELF],
        "sandbox": [""],  # which allows nothing
    }
)
def mail(request: HttpRequest, formation: Formation) -> HttpResponse:
    """The mail itself, for the frame that shows it."""
    message = sample(_place(request, formation), others=()).message
    if message is None:
        raise Http404
    return HttpResponse(message.html.replace("<head>", '<head><base target="_top">', 1))


@access(can_form, on=formation_of)
@require_safe
def page(request: HttpRequest, formation: Formation) -> HttpResponse:
    """The page that the link of the mail will open."""
    place = _place(request, formation)
    told = sample(place, others=beside(place))
    return page_of(
        request,
        told.membership,
        others=told.others,
        looked_at=LookedAt(
            sentence=_(
                "This is what %(name)s will see. Nothing is sent, and nothing here can be answered yet."
            )
            % {"name": place.enrollment},
            back=_at("invitation", place),
            way_back=_("Back to the mail"),
        ),
    )


def _place(request: HttpRequest, formation: Formation) -> Place:
    place = sample_place_of(formation, sought=request.GET.get("place", ""))
    if place is None or not formation.can_change:
        raise Http404
    return place


def _at(name: str, place: Place) -> str:
    page = reverse(f"formation:{name}", args=[place.formation.pk])
    return f"{page}?{urlencode({'place': place.pk})}"
