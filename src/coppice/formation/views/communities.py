"""A proposed community: how it fares, on a page that prints, its name, and keeping it as it is."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.formation import actions
from coppice.formation.columns import Column, columns_of, mark_of
from coppice.formation.explaining import unnamed_aims
from coppice.formation.forms import CommunityForm
from coppice.formation.hours import hours_in_common
from coppice.formation.models import Formation, Place, ProposedCommunity
from coppice.formation.permissions import can_form_community
from coppice.formation.queries import names_of, place_of, proposed_community_of
from coppice.formation.rules import rules_of
from coppice.formation.views.sights import base_of
from coppice.formation.views.studio import changed
from coppice.formation.wording import broken_sentence, rule_sentence
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.lib.ids import id_in
from coppice.ui.toasts import offer_undo


@dataclass(frozen=True)
class Aim:
    """A rule that is aimed for: what it reaches here and in the whole proposal, of 100."""

    sentence: str
    percent: int
    overall: int
    tone: str


@access(can_form_community, on=proposed_community_of)
@require_safe
def proposed_community(request: HttpRequest, proposed_community: ProposedCommunity) -> HttpResponse:
    """How one community of a proposal fares: its aims, its weakest point, its people."""
    formation = proposed_community.formation
    is_on_table = proposed_community.proposal_id == formation.on_table_id
    if not (formation.is_shown and is_on_table):
        return redirect(formation)
    [column] = columns_of(formation, [proposed_community])
    context = {
        **base_of(formation),
        "community": proposed_community,
        "column": column,
        "aims": _aims(formation, proposed_community),
        "unnamed": _unnamed(formation, proposed_community),
        "broken": _broken(formation, column),
        "hours": hours_in_common(formation, proposed_community),
    }
    return render(request, "formation/proposed_community.html", context)


@access(can_form_community, on=proposed_community_of)
@require_http_methods(["GET", "HEAD", "POST"])
def name(request: HttpRequest, proposed_community: ProposedCommunity) -> HttpResponse:
    """A proposed community's name, topic and purpose."""
    formation = proposed_community.formation
    if request.method != "POST" and proposed_community.proposal_id != formation.on_table_id:
        return redirect(formation)
    form = CommunityForm(request.POST if request.method == "POST" else None, instance=proposed_community)
    if request.method == "POST" and form.is_valid():
        try:
            actions.rename(proposed_community, by=request.user, **form.cleaned_data)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Saved."))
            return redirect(formation)
    return render(
        request,
        "formation/community_name.html",
        {**base_of(formation), "community": proposed_community, "form": form},
        status=422 if form.is_bound else 200,
    )


@access(can_form_community, on=proposed_community_of)
@require_POST
def lock(request: HttpRequest, proposed_community: ProposedCommunity) -> HttpResponse:
    """Keep a community as it is when the rest is worked out again."""
    return _change(
        request,
        proposed_community,
        actions.lock_community,
        _("%(name)s stays as it is."),
        "community_lock_end",
    )


@access(can_form_community, on=proposed_community_of)
@require_POST
def unlock(request: HttpRequest, proposed_community: ProposedCommunity) -> HttpResponse:
    """Let the people of a community move when the rest is worked out again."""
    sentence = _("Everybody in %(name)s may be moved again.")
    return _change(request, proposed_community, actions.unlock_community, sentence, "community_lock")


def _change(
    request: HttpRequest,
    proposed_community: ProposedCommunity,
    action: Callable[..., int],
    sentence: str,
    undo: str,
) -> HttpResponse:
    """Do it, say so, and offer Undo where it would bring back exactly what was."""
    formation = proposed_community.formation
    told = sentence % {"name": proposed_community.name}
    try:
        count = action(proposed_community, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        if count == proposed_community.places.current().count():
            offer_undo(request, told, url=reverse(f"formation:{undo}", args=[proposed_community.pk]))
        else:
            messages.success(request, told)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(formation)
    return changed(request, formation, [proposed_community], chosen=_chosen(request, proposed_community))


def _chosen(request: HttpRequest, proposed_community: ProposedCommunity) -> Place | None:
    """Whom the page has open (`chosen`, a place's id), if they are in this community: they change too."""
    pk = id_in(request.POST.get("chosen", ""))
    here = Place.objects.current().filter(pk=pk, proposed_community=proposed_community).values("pk")
    return place_of(request.user, place_id=pk) if here else None


def _aims(formation: Formation, proposed_community: ProposedCommunity) -> list[Aim]:
    here = formation.outcome.get("communities", {}).get(str(proposed_community.pk), {})
    overall = formation.outcome["rules"]
    return [
        Aim(
            rule_sentence(rule),
            round(100 * here[str(place)]),
            round(100 * overall.get(str(place), 1)),
            mark_of(round(100 * here[str(place)])).value,
        )
        for place, rule in enumerate(rules_of(formation))
        if str(place) in here
    ]


def _unnamed(formation: Formation, proposed_community: ProposedCommunity) -> list[Aim]:
    """What counts a little without a rule that names it."""
    here = formation.outcome.get("unnamed_in", {}).get(str(proposed_community.pk), {})
    overall = dict(unnamed_aims(formation.outcome.get("unnamed", {})))
    return [
        Aim(sentence, percent, overall.get(sentence, percent), mark_of(percent).value)
        for sentence, percent in unnamed_aims(here)
    ]


def _broken(formation: Formation, column: Column) -> list[str]:
    """The rules that are broken here, in sentences."""
    pk = str(column.community.pk)
    groups = {str(each.pk): each.name for each in formation.proposed_communities.all()}
    broken = [each for each in formation.outcome["broken"] if pk in each["groups"]]
    names = names_of(formation, (person for each in broken for person in each["people"]))
    return [broken_sentence(formation, each, names=names, groups=groups) for each in broken]
