"""A formation's proposals: the list, one with its name, note and people, and what can be done with it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice import __version__
from coppice.formation import actions
from coppice.formation.columns import columns_of, page_of
from coppice.formation.comparing import measures_of
from coppice.formation.few_moves import moves_of
from coppice.formation.figures import figure_of, label_of, sizes_sentence
from coppice.formation.forms import GoOnForm, ProposalForm
from coppice.formation.models import Formation, Proposal
from coppice.formation.permissions import can_form, can_form_proposal
from coppice.formation.pictures import picture_of
from coppice.formation.queries import (
    communities_of,
    formation_of,
    is_whole,
    names_of,
    proposal_of,
    proposals_of,
)
from coppice.formation.views.publication import table_of
from coppice.formation.views.working import repeat_of
from coppice.formation.wording import broken_sentence, clash_sentences
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.programs.queries import NOBODY, known_as
from coppice.programs.wording import words_for
from coppice.ui.toasts import offer_undo

A_PAGE = 20


@access(can_form, on=formation_of)
@require_safe
def proposals(request: HttpRequest, formation: Formation) -> HttpResponse:
    """All proposals of a formation, the newest first."""
    page = Paginator(proposals_of(formation), A_PAGE).get_page(request.GET.get("page"))
    makers = known_as(formation.program, (each.made_by_id for each in page))
    context = {
        "formation": formation,
        "program": formation.program,
        "words": words_for(formation.program),
        "page": page,
        "rows": [(each, makers.get(each.made_by_id or 0, NOBODY)) for each in page],
    }
    return render(request, "formation/proposals.html", context)


@access(can_form_proposal, on=proposal_of)
@require_http_methods(["GET", "HEAD", "POST"])
def kept(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """One proposal as it was kept: its name and note, what was asked, what was reached, and its people."""
    form = ProposalForm(request.POST if request.method == "POST" else None, instance=proposal)
    if request.method == "POST" and form.is_valid():
        actions.annotate(proposal, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect(proposal)
    return render(
        request,
        "formation/kept.html",
        {**_told(proposal), **_people(request, proposal), "form": form},
        status=422 if form.is_bound else 200,
    )


@access(can_form_proposal, on=proposal_of)
@require_POST
def choice(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Put a proposal on the table."""
    before = proposal.formation.on_table_id
    try:
        actions.choose(proposal, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
        return redirect(proposal)
    sentence = _("%(name)s is shown now, with the sizes and rules that it was worked out by.")
    if before in {None, proposal.pk}:
        messages.success(request, sentence % {"name": proposal})
    else:
        offer_undo(request, sentence % {"name": proposal}, url=reverse("formation:choice", args=[before]))
    return redirect(proposal.formation)


@access(can_form_proposal, on=proposal_of)
@require_POST
def continuation(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Have it worked on further from where this proposal is."""
    form = GoOnForm(request.POST)
    times = int(form.cleaned_data["times"]) if form.is_valid() else GoOnForm.USUAL
    try:
        actions.go_on(proposal, times=times, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
        return redirect(proposal)
    return redirect(proposal.formation)


@access(can_form_proposal, on=proposal_of)
@require_http_methods(["GET", "HEAD", "POST"])
def repeat(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """On POST work it out again as it was; to htmx, which asks every second, how far that is."""
    if request.method == "POST":
        try:
            actions.ask_to_repeat(proposal, by=request.user)
        except DomainError as refused:
            messages.error(request, str(refused.sentence))
        return redirect(proposal)
    if not request.headers.get("HX-Request"):
        return redirect(proposal)
    return render(request, "formation/repeat.html", _repeating(proposal))


@access(can_form_proposal, on=proposal_of)
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_removal(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Remove one proposal, once they who do it have read what goes with it."""
    formation = proposal.formation
    if request.method != "POST":
        words = words_for(formation.program)
        context = {
            "proposal": proposal,
            "formation": formation,
            "program": formation.program,
            "words": words,
        }
        return render(request, "formation/proposal_removal.html", context)
    name = str(proposal)
    try:
        actions.take_away(proposal, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
        return redirect(proposal)
    messages.success(request, _("%(name)s is removed.") % {"name": name})
    return redirect("formation:proposals", formation.pk)


@access(can_form_proposal, on=proposal_of)
@require_safe
def kept_people(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """A proposal as a table, one person a row."""
    return table_of(
        proposal.formation_then(), filename=f"people-{proposal.formation_id}-{proposal.number}.csv"
    )


@access(can_form, on=formation_of)
@require_POST
def stop(request: HttpRequest, formation: Formation) -> HttpResponse:
    """End the search under way with the best so far."""
    actions.stop(formation, by=request.user)
    return redirect(formation)


def _told(proposal: Proposal) -> dict[str, object]:
    """What a proposal's page says of how it came about and what it reached."""
    then, formation = proposal.formation_then(), proposal.formation
    context: dict[str, object] = {
        "proposal": proposal,
        "formation": formation,
        "then": then,
        "program": formation.program,
        "words": words_for(formation.program),
        "sizes": sizes_sentence(then),
        "maker": known_as(formation.program, [proposal.made_by_id]).get(proposal.made_by_id or 0),
    }
    if proposal.is_impossible:
        return {**context, "clashes": clash_sentences(then, proposal.outcome["clashes"])}
    return {
        **context,
        "measures": [
            (label_of(then, each), figure_of(each), each) for each in measures_of(proposal).values()
        ],
        "picture": picture_of([(share, score) for share, score in proposal.curve]),
        "go_on_form": GoOnForm(),
        "moves": moves_of(proposal),
        **_repeating(proposal),
        "version": proposal.settings.get("version", ""),
    }


def _repeating(proposal: Proposal) -> dict[str, object]:
    """How far it is worked out again as it was, or what came of that."""
    return {
        "proposal": proposal,
        "can_repeat": is_whole(proposal),
        "repeating": repeat_of(proposal) if proposal.is_being_repeated else None,
        "repeated": _repeated(proposal),
    }


def _repeated(proposal: Proposal) -> str:
    """What came of working it out again; nothing before that."""
    if proposal.repeated_at is None:
        return ""
    if proposal.repeat_moved is None and is_whole(proposal):
        return _("Working it out again broke off. Try once more.")
    if proposal.repeat_moved is None:
        return _(
            "It could not be worked out again: not everything that the engine was told is kept any more."
        )
    if not proposal.repeat_moved:
        return _("The same came of it again: everybody has the place that they were given then.")
    sentence = ngettext(
        "Another answer came of it: one person has another place.",
        "Another answer came of it: %(people)d people have another place.",
        proposal.repeat_moved,
    ) % {"people": proposal.repeat_moved}
    if proposal.settings.get("version") == __version__:
        return sentence
    return (
        sentence
        + " "
        + _("It was worked out by version %(then)s, and this is version %(now)s.")
        % {
            "then": proposal.settings.get("version"),
            "now": __version__,
        }
    )


def _people(request: HttpRequest, proposal: Proposal) -> dict[str, object]:
    """The communities of a proposal, a page of them with their people, and its broken rules in words."""
    then = proposal.formation_then()
    communities = communities_of(then)
    page = page_of(then, communities, number=request.GET.get("page"))
    broken = proposal.outcome.get("broken", ())
    names = names_of(then, (person for each in broken for person in each["people"]))
    groups = {str(each.pk): each.name for each in communities}
    scored: list[float] = [each.score for each in communities if each.score is not None]
    here = Q(enrollment__ended_at=None)
    counts = then.places.aggregate(
        people=Count("pk"),
        here=Count("pk", filter=here),
        moved=Count("pk", filter=here & Q(moved_by_hand=True)),
    )
    return {
        "page": page,
        "columns": columns_of(then, page.object_list),
        "community_count": len(communities),
        "moved_count": counts["moved"],
        "people_count": counts["people"],
        "left_count": counts["people"] - counts["here"],
        "weakest": round(100 * min(scored)) if scored else None,
        "broken": [broken_sentence(then, each, names=names, groups=groups) for each in broken],
    }
