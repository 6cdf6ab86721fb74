"""Roles of a community: who has which, open ones to take, terms, and hand-over notes."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.communities.actions import roles as actions
from coppice.communities.models import Community, Membership
from coppice.communities.permissions import can_hand_over, can_lead, can_offer, can_set_role, can_take_part
from coppice.communities.queries import community_of
from coppice.communities.role_board import people_of, roles_of
from coppice.communities.role_forms import HandOverForm, HolderForm, RoleForm
from coppice.communities.role_models import Role, RoleTerm
from coppice.lib.access import access
from coppice.lib.errors import DomainError


# GET /communities/<id>/roles/
@access(can_take_part, on=community_of)
@require_safe
def roles(request: HttpRequest, community: Community) -> HttpResponse:
    """Who leads, who has which role until when, and which are open."""
    people = people_of(community)
    own = next((each for each in people if each.person_id == request.user.pk), None)
    lines = roles_of(community, people=people)
    leads = can_lead(request.user, community)
    context = {
        "community": community,
        "tab": "plan",
        "leads": leads,
        "own": own,
        "leaders": [each for each in people if each.is_leader and each.state == Membership.State.ACTIVE],
        "lines": [(line, line.is_offered_by(own), _is_holder(own, line.term)) for line in lines],
        "open": sum(line.term is None for line in lines),
    }
    return render(request, "communities/roles.html", context)


# GET, POST /communities/<id>/roles/new/
@access(can_lead, on=community_of)
@require_http_methods(["GET", "HEAD", "POST"])
def new_role(request: HttpRequest, community: Community) -> HttpResponse:
    """Add a role, open for whoever would take it."""
    form = RoleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_role(community, by=request.user, **form.said)
        except DomainError as refused:
            form.add_error("kind", str(refused.sentence))
        else:
            messages.success(request, _("The role is on the list, and open."))
            return redirect("communities:roles", community.pk)
    context = {"community": community, "tab": "plan", "form": form}
    return render(request, "communities/role_form.html", context, status=422 if form.is_bound else 200)


def role_of(person: Any, *, role_id: int) -> Role:
    """Return a role of a community that the person may know of; raises Http404 otherwise."""
    rows = Role.objects.visible_to(person).kept().select_related("community__program__provider")
    return get_object_or_404(rows, pk=role_id)


# GET, POST /roles/<id>/
@access(can_set_role, on=role_of)
@require_http_methods(["GET", "HEAD", "POST"])
def role(request: HttpRequest, role: Role) -> HttpResponse:
    """Change what a role is called and what it takes."""
    form = RoleForm(request.POST if request.method == "POST" else None, instance=role)
    if request.method == "POST" and form.is_valid():
        actions.change_role(role, by=request.user, **form.said)
        messages.success(request, _("Saved."))
        return redirect("communities:roles", role.community_id)
    context = {
        "community": role.community,
        "tab": "plan",
        "role": role,
        "is_open": actions.held_by(role) is None,
        "form": form,
    }
    return render(request, "communities/role_form.html", context, status=422 if form.is_bound else 200)


# POST /roles/<id>/end/
@access(can_set_role, on=role_of)
@require_POST
def role_end(request: HttpRequest, role: Role) -> HttpResponse:
    """Take an open role off the list."""
    try:
        actions.end_role(role, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("The role is off the list."))
    return redirect("communities:roles", role.community_id)


# GET, POST /roles/<id>/holder/
@access(can_set_role, on=role_of)
@require_http_methods(["GET", "HEAD", "POST"])
def role_holder(request: HttpRequest, role: Role) -> HttpResponse:
    """Say who takes a role, until when, and who steps in; whoever had it hands it over on that day."""
    term = actions.held_by(role)
    begins: dict[str, Any] = {}
    if term is None:
        begins["starts_on"] = timezone.localdate(timezone=role.community.zone)
    if request.method != "POST" and request.GET.get("holder", "").isdecimal():
        begins["holder"] = request.GET["holder"]
    form = HolderForm(request.POST if request.method == "POST" else None, role=role, term=term, **begins)
    if request.method == "POST" and form.is_valid():
        try:
            actions.give(role, by=request.user, **form.cleaned_data)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Saved."))
            return redirect("communities:roles", role.community_id)
    context = {
        "community": role.community,
        "tab": "plan",
        "role": role,
        "term": term,
        "form": form,
    }
    return render(request, "communities/role_holder.html", context, status=422 if form.is_bound else 200)


# POST /roles/<id>/offer/
@access(can_offer, on=role_of)
@require_POST
def role_offer(request: HttpRequest, role: Role) -> HttpResponse:
    """Say that one would take a role."""
    try:
        actions.offer(role, membership=_own(request, role), by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("Whoever leads sees that you would take it, and says yes to one of you."))
    return redirect("communities:roles", role.community_id)


# POST /roles/<id>/offer/end/
@access(can_offer, on=role_of)
@require_POST
def role_offer_end(request: HttpRequest, role: Role) -> HttpResponse:
    """Say that one would not take a role after all."""
    actions.withdraw_offer(role, membership=_own(request, role), by=request.user)
    return redirect("communities:roles", role.community_id)


# GET, POST /roles/<id>/hand-over/
@access(can_hand_over, on=role_of)
@require_http_methods(["GET", "HEAD", "POST"])
def role_hand_over(request: HttpRequest, role: Role) -> HttpResponse:
    """Write down what whoever comes next should know."""
    term = actions.held_by(role) or role.terms.first()
    if term is None:
        raise Http404
    form = HandOverForm(request.POST if request.method == "POST" else None, initial={"text": term.hand_over})
    if request.method == "POST" and form.is_valid():
        actions.write_hand_over(term, text=form.cleaned_data["text"], by=request.user)
        messages.success(request, _("Saved."))
        return redirect("communities:roles", role.community_id)
    context = {"community": role.community, "tab": "plan", "role": role, "term": term, "form": form}
    return render(request, "communities/role_hand_over.html", context, status=422 if form.is_bound else 200)


# POST /roles/<id>/term/end/
@access(can_hand_over, on=role_of)
@require_POST
def role_term_end(request: HttpRequest, role: Role) -> HttpResponse:
    """Give a role back: it is open then."""
    term = actions.held_by(role)
    if term:
        actions.end_term(term, by=request.user)
    messages.success(request, _("The role is open now. A hand-over note helps whoever comes next."))
    return redirect("communities:roles", role.community_id)


def own_membership(request: HttpRequest, community: Community) -> Membership | None:
    """Return the reader's own place in a community, None for staff who are not in it."""
    rows = Membership.objects.taking_part().filter(community=community, person=request.user.pk)
    return rows.select_related("community__program", "enrollment", "person").first()


def _own(request: HttpRequest, role: Role) -> Membership:
    """The reader's own place: who may offer has one."""
    return (
        Membership.objects.taking_part()
        .select_related("community__program")
        .get(community=role.community_id, person=request.user.pk)
    )


def _is_holder(own: Membership | None, term: RoleTerm | None) -> bool:
    return own is not None and term is not None and term.holder_id == own.pk
