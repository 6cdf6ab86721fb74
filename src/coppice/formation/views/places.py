"""Changes by hand: a person's place, lock and lead.

A form gets the page of the person's place back; htmx gets what has changed of the page that it is on.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coppice.formation import actions
from coppice.formation.errors import BreaksRules
from coppice.formation.models import Formation, Place, ProposedCommunity
from coppice.formation.permissions import can_form_place
from coppice.formation.proposing import Standing
from coppice.formation.queries import names_of, place_of
from coppice.formation.swap_wording import points_sentence
from coppice.formation.views.studio import changed
from coppice.formation.wording import broken_sentence
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.lib.ids import id_in
from coppice.ui.toasts import offer_undo

ANYWAY, KNOWING = "despite_rules", "despite_lock"
"""What a form says where a rule may be broken, and where it was told who is kept where they are."""


@access(can_form_place, on=place_of)
@require_POST
def move(request: HttpRequest, place: Place) -> HttpResponse:
    """Put a person into the community `to`, given in the form, or in the address when a move is undone."""
    to = _target(place, request.POST.get("to") or request.GET.get("to") or "")
    origin, stands = place.proposed_community, None
    try:
        moved = actions.move(place, to=to, by=request.user, **_meant(request))
    except BreaksRules as refused:
        _refuse(request, place.formation, refused)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        origin, stands = moved.origin, moved.stands
        if origin.pk != to.pk:
            _tell(request, moved, to)
    return _answer(request, place, [origin, to], stands=stands)


@access(can_form_place, on=place_of)
@require_POST
def swap(request: HttpRequest, place: Place) -> HttpResponse:
    """Have a person and the one in the place `with`, given as `to` is for a move, change places."""
    number = id_in(request.POST.get("with") or request.GET.get("with") or "")
    partner = get_object_or_404(
        place.formation.places.current().select_related("proposed_community"), pk=number
    )
    columns, stands = [place.proposed_community, partner.proposed_community], None
    try:
        swapped = actions.swap(place, partner=partner, by=request.user, **_meant(request))
    except BreaksRules as refused:
        _refuse(request, place.formation, refused)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        stands = swapped.stands
        if swapped.partner is not None:
            _tell_of_swap(request, swapped, swapped.partner)
    return _answer(request, place, columns, stands=stands)


@access(can_form_place, on=place_of)
@require_POST
def lock(request: HttpRequest, place: Place) -> HttpResponse:
    """Keep a person here when the rest is worked out again."""
    return _change(request, place, actions.lock, _("%(name)s stays here."), undo="formation:lock_end")


@access(can_form_place, on=place_of)
@require_POST
def unlock(request: HttpRequest, place: Place) -> HttpResponse:
    """Let a person move when the rest is worked out again."""
    return _change(request, place, actions.unlock, _("%(name)s may be moved again."), undo="formation:lock")


@access(can_form_place, on=place_of)
@require_POST
def leadership(request: HttpRequest, place: Place) -> HttpResponse:
    """Choose a person to lead."""
    return _change(
        request, place, actions.give_lead, _("%(name)s is to lead."), undo="formation:leadership_end"
    )


@access(can_form_place, on=place_of)
@require_POST
def leadership_end(request: HttpRequest, place: Place) -> HttpResponse:
    """Make a chosen leader a member like the others."""
    return _change(
        request,
        place,
        actions.take_lead,
        _("%(name)s is to be a member like the others."),
        undo="formation:leadership",
    )


def _target(place: Place, sought: str) -> ProposedCommunity:
    number = id_in(sought)
    return get_object_or_404(place.proposal.proposed_communities, pk=number)


def _tell(request: HttpRequest, moved: actions.Moved, to: ProposedCommunity) -> None:
    """Say what the move did to the score, with Undo, and each rule that it broke."""
    told = {"name": moved.place.enrollment, "community": to.name}
    sentence = " ".join([_("%(name)s is in %(community)s now.") % told, _scores(moved)])
    back = reverse("formation:move", args=[moved.place.pk])
    offer_undo(
        request, sentence + _kept(moved.place), url=f"{back}?to={moved.origin.pk}&{ANYWAY}=1&{KNOWING}=1"
    )
    _warn(request, moved.place.formation, moved.broken)


def _tell_of_swap(request: HttpRequest, moved: actions.Moved, partner: Place) -> None:
    told = {"first": moved.place.enrollment, "second": partner.enrollment}
    sentence = " ".join([_("%(first)s and %(second)s have changed places.") % told, _scores(moved)])
    back = reverse("formation:swap", args=[moved.place.pk])
    offer_undo(
        request,
        sentence + _kept(moved.place) + _kept(partner),
        url=f"{back}?with={partner.pk}&{ANYWAY}=1&{KNOWING}=1",
    )
    _warn(request, moved.place.formation, moved.broken)


def _scores(moved: actions.Moved) -> str:
    """What it did to the two communities, as the panel said before, and to all together."""
    values = {
        "points": points_sentence(moved.points),
        "before": round(100 * moved.before),
        "after": round(100 * moved.after),
    }
    if not moved.points:
        return _("No change for the two; all together %(after)d of 100.") % values
    return (
        _("The two together: %(points)s, of 100. All together: %(before)d of 100 before, %(after)d now.")
        % values
    )


def _kept(place: Place) -> str:
    """Where somebody locked was moved: that they are so still."""
    return " " + _("%(name)s is kept there now.") % {"name": place.enrollment} if place.is_locked else ""


def _meant(request: HttpRequest) -> dict[str, bool]:
    """What was agreed to, by a tick or by what the panel told, or because an undo gives back what was."""
    return {name: name in request.POST or name in request.GET for name in (ANYWAY, KNOWING)}


def _refuse(request: HttpRequest, formation: Formation, refused: BreaksRules) -> None:
    messages.error(request, str(refused.sentence))
    _warn(request, formation, refused.broken, told=_("Then: %(broken)s"))


def _warn(
    request: HttpRequest,
    formation: Formation,
    violations: Sequence[Mapping[str, Any]],
    *,
    told: str = "%(broken)s",
) -> None:
    names = names_of(formation, (person for broken in violations for person in broken["people"]))
    groups = {str(each.pk): each.name for each in formation.proposed_communities.all()}
    for broken in violations:
        sentence = broken_sentence(formation, broken, names=names, groups=groups)
        messages.warning(request, told % {"broken": sentence})


def _change(
    request: HttpRequest, place: Place, action: Callable[..., Place], sentence: str, *, undo: str
) -> HttpResponse:
    try:
        action(place, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        offer_undo(request, sentence % {"name": place.enrollment}, url=reverse(undo, args=[place.pk]))
    return _answer(request, place, [place.proposed_community])


def _answer(
    request: HttpRequest,
    place: Place,
    columns: Iterable[ProposedCommunity],
    *,
    stands: Standing | None = None,
) -> HttpResponse:
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("formation:place", place.pk)
    now = place_of(request.user, place_id=place.pk)
    if not now.is_on_table:
        return HttpResponse(headers={"HX-Redirect": now.formation.get_absolute_url()})
    return changed(request, now.formation, columns, chosen=now, stands=stands)
