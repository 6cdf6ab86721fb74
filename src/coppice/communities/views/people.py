"""Who is in a community, and what staff change about them."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.communities import actions
from coppice.communities.forms import SearchForm, SheetForm
from coppice.communities.links import place_path
from coppice.communities.models import KNOWN_TO_MEMBERS, Community, Membership
from coppice.communities.permissions import (
    can_run_community,
    can_run_membership,
    can_take_part,
    is_staff_for,
)
from coppice.communities.queries import (
    community_of,
    counts_by_state,
    directory,
    invited_without_mail,
    membership_of,
)
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.lib.ids import id_in
from coppice.programs.models import Enrollment, Program
from coppice.programs.permissions import can_run
from coppice.programs.queries import program_of
from coppice.ui.toasts import offer_undo

A_PAGE = 50
FOUND_AT_MOST = 20


@access(can_take_part, on=community_of)
@require_safe
def people(request: HttpRequest, community: Community) -> HttpResponse:
    """The directory: name, organization, role and state."""
    is_staff = is_staff_for(request.user, community)
    counts = counts_by_state(community)
    paginator = Paginator(directory(community, for_staff=is_staff), A_PAGE)
    paginator.count = sum(counts[state] for state in (Membership.State if is_staff else KNOWN_TO_MEMBERS))
    return render(
        request,
        "communities/people.html",
        {
            "community": community,
            "tab": "people",
            "page": paginator.get_page(request.GET.get("page")),
            "is_staff": is_staff,
            "counts": counts,
            "has_profile": (Membership.State.ACTIVE, Membership.State.PAUSED),
            "own": None
            if is_staff
            else community.memberships.taking_part().filter(person=request.user.pk).first(),
        },
    )


@access(can_run_membership, on=membership_of)
@require_POST
def leadership(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Make somebody a leader, or ask somebody invited to lead."""
    sentence = _("%(name)s leads now.")
    if membership.state == Membership.State.INVITED:
        sentence = (
            _("%(name)s is asked to lead, by mail.")
            if membership.mail_address
            else _("%(name)s is asked to lead. Mail does not reach them: please tell them.")
        )
    return _change(
        request,
        membership,
        actions.make_leader,
        sentence,
        undo="communities:leadership_end",
    )


@access(can_run_membership, on=membership_of)
@require_POST
def leadership_end(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Make a leader a member like the others."""
    return _change(
        request,
        membership,
        actions.remove_leader,
        _("%(name)s is a member like the others now."),
        undo="communities:leadership",
    )


@access(can_run_membership, on=membership_of)
@require_POST
def withdrawal(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Take an invitation back."""
    return _change(
        request,
        membership,
        actions.withdraw,
        _("The invitation of %(name)s is taken back."),
        undo="communities:renewal",
    )


@access(can_run_membership, on=membership_of)
@require_POST
def renewal(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Invite somebody anew who declined, left or was taken back; they keep role and reasons."""
    return _change(
        request, membership, _invite_anew, _("%(name)s is invited."), undo="communities:withdrawal"
    )


@access(can_run_community, on=community_of)
@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: HttpRequest, community: Community) -> HttpResponse:
    """Find somebody on the roster, and invite them."""
    if request.method == "POST":
        chosen = request.POST.get("enrollment", "")
        enrollment = get_object_or_404(
            Enrollment.objects.current().filter(program=community.program_id),
            pk=id_in(chosen),
        )
        actions.invite(community, invitees=[actions.Invitee(enrollment)], by=request.user)
        messages.success(request, _("%(name)s is invited.") % {"name": enrollment})
        return redirect("communities:people", community.pk)
    form = SearchForm(request.GET)
    sought = form.cleaned_data["q"] if form.is_valid() else ""
    return render(
        request,
        "communities/invitations.html",
        {
            "community": community,
            "tab": "people",
            "is_staff": True,
            "form": form,
            "sought": sought,
            "found": _found(community, sought),
        },
    )


@access(can_run_community, on=community_of)
@require_safe
def paper(request: HttpRequest, community: Community) -> HttpResponse:
    """Sheets and links for people whom mail does not reach; of one of them alone when asked so."""
    reached = (
        Membership.objects.filter(community=community)
        .known_to_members()
        .without_mail()
        .select_related("enrollment", "person")
        .order_by("enrollment__name", "pk")
    )
    form = SheetForm(request.GET)
    only = form.cleaned_data["only"] if form.is_valid() else None
    if only is not None:
        reached = reached.filter(pk=only)
    page = Paginator(reached, A_PAGE).get_page(request.GET.get("page"))
    sheets = [(membership, settings.BASE_URL + place_path(membership)) for membership in page]
    return render(
        request,
        "communities/paper.html",
        {
            "community": community,
            "tab": "people",
            "is_staff": True,
            "page": page,
            "sheets": sheets,
            "only": only,
        },
    )


@access(can_run, on=program_of)
@require_safe
def without_mail(request: HttpRequest, program: Program) -> HttpResponse:
    """Everybody whom mail does not reach and who has yet to answer, with phone, link and sheet."""
    page = Paginator(invited_without_mail(program.pk), A_PAGE).get_page(request.GET.get("page"))
    lines = [(membership, settings.BASE_URL + place_path(membership)) for membership in page]
    return render(
        request, "communities/without_mail.html", {"program": program, "page": page, "lines": lines}
    )


@access(can_run_membership, on=membership_of)
@require_POST
def paper_answer(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Write down what a person answered on paper or by phone."""
    try:
        answer = actions.Answer(request.POST.get("answer", ""))
        actions.record_answer(membership, answer=answer, by=request.user)
    except ValueError:
        messages.error(request, _("Choose what they answered, then save it."))
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("The answer of %(name)s is saved.") % {"name": membership.enrollment})
    return redirect("communities:paper", membership.community_id)


def _change(
    request: HttpRequest,
    membership: Membership,
    action: Callable[..., object],
    sentence: str,
    *,
    undo: str,
) -> HttpResponse:
    try:
        action(membership, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        offer_undo(
            request, sentence % {"name": membership.enrollment}, url=reverse(undo, args=[membership.pk])
        )
    return redirect("communities:people", membership.community_id)


def _invite_anew(membership: Membership, *, by: Any) -> list[Membership]:
    return actions.invite(
        membership.community,
        invitees=[actions.Invitee(membership.enrollment, membership.reasons, membership.is_leader)],
        by=by,
        source=membership.source,
    )


def _found(community: Community, sought: str) -> list[Enrollment]:
    if not sought:
        return []
    here = community.memberships.known_to_members().values("person")
    return list(
        Enrollment.objects.current()
        .filter(program=community.program_id)
        .filter(
            Q(name__icontains=sought) | Q(email__icontains=sought) | Q(organizations__name__icontains=sought)
        )
        .exclude(person__in=here)
        .prefetch_related("organizations")
        .distinct()
        .order_by("name", "pk")[:FOUND_AT_MOST]
    )
