"""The time for swaps as the staff see it: who asks, what fits, what it would do, and the way back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.communities.models import Community
from coppice.formation import actions
from coppice.formation.afterwards import circle_of
from coppice.formation.forms_swaps import SwapWindowForm
from coppice.formation.models import Formation, Swap, SwapRequest
from coppice.formation.permissions import can_form, can_form_swap
from coppice.formation.queries import formation_of
from coppice.formation.swap_wording import done_sentence, mail_sentence, undone_sentence, weigh
from coppice.formation.swaps import all_exchanges, free_places, open_requests, swap_of, swap_request_of
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.lib.ids import id_in
from coppice.programs.wording import words_for
from coppice.ui.toasts import offer_undo

PAIRS_ON_A_PAGE = 10
REQUESTS_ON_A_PAGE = 20
DONE_SHOWN = 10


@access(can_form, on=formation_of)
@require_safe
def swaps(request: HttpRequest, formation: Formation) -> HttpResponse:
    """Who asks to change, which wishes fit, what each change would do, and what was changed."""
    if not formation.is_published:
        return redirect(formation)
    circle, waiting = circle_of(formation), open_requests(formation)
    pairs = Paginator(all_exchanges(waiting), PAIRS_ON_A_PAGE).get_page(request.GET.get("pairs"))
    asked = Paginator(waiting, REQUESTS_ON_A_PAGE).get_page(request.GET.get("page"))
    weighed = [weigh(circle, each) for each in pairs.object_list]
    done = formation.swaps.filter(state__in=[Swap.State.DONE, Swap.State.UNDONE]).select_related(
        "target",
        "request__membership__enrollment",
        "request__membership__community",
        "other__membership__enrollment",
    )
    return render(
        request,
        "formation/swaps.html",
        {
            "formation": formation,
            "program": formation.program,
            "words": words_for(formation.program),
            "pairs": pairs,
            "advised": [each for each in weighed if each.is_advised],
            "unadvised": [each for each in weighed if not each.is_advised],
            "asked": asked,
            "rows": [
                (each, [weigh(circle, place) for place in free_places(each, circle)])
                for each in asked.object_list
            ],
            "done": done.order_by("-done_at")[:DONE_SHOWN],
        },
    )


@access(can_form, on=formation_of)
@require_http_methods(["GET", "HEAD", "POST"])
def window(request: HttpRequest, formation: Formation) -> HttpResponse:
    """Until when people may ask, and who decides."""
    if not formation.is_published:
        return redirect(formation)
    form = SwapWindowForm(request.POST if request.method == "POST" else None, instance=formation)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        actions.open_swaps(
            formation,
            until=chosen["swaps_until"],
            decided_by=chosen["swaps_decided_by"],
            by=request.user,
        )
        messages.success(request, _("Saved."))
        return redirect("formation:swaps", formation.pk)
    return render(
        request,
        "formation/swap_window.html",
        {"formation": formation, "program": formation.program, "form": form},
        status=422 if form.is_bound else 200,
    )


@access(can_form, on=formation_of)
@require_POST
def exchange(request: HttpRequest, formation: Formation) -> HttpResponse:
    """Carry a change out: the form names it by `exchange`, and says whether it is done despite a rule."""
    first, other, target = [id_in(part) for part in f"{request.POST.get('exchange', '')}--".split("-")[:3]]
    try:
        swap = actions.decide(
            formation,
            request_id=first,
            other_id=other or None,
            target=Community.objects.filter(pk=target, program=formation.program_id).first(),
            despite_rules="despite_rules" in request.POST,
            by=request.user,
        )
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        offer_undo(request, done_sentence(swap), url=reverse("formation:exchange_end", args=[swap.pk]))
    return redirect("formation:swaps", formation.pk)


@access(can_form_swap, on=swap_of)
@require_POST
def exchange_end(request: HttpRequest, swap: Swap) -> HttpResponse:
    """Put people back where they were."""
    try:
        undone = actions.undo(swap, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, undone_sentence(undone))
    return redirect("formation:swaps", swap.formation_id)


@access(can_form_swap, on=swap_request_of)
@require_POST
def refusal(request: HttpRequest, swap_request: SwapRequest) -> HttpResponse:
    """Tell somebody that their change is not possible; who does not wait for one any more is told nothing."""
    refused = actions.refuse(swap_request, by=request.user)
    if swap_request.state != SwapRequest.State.OPEN or refused.state != SwapRequest.State.REFUSED:
        messages.info(
            request, _("This wish does not wait any more. Nothing has changed, and no mail goes out.")
        )
    else:
        stays = _("They stay where they are.")
        mail = mail_sentence({refused.membership: refused.membership.community})
        messages.success(request, f"{stays} {mail}")
    return redirect("formation:swaps", swap_request.formation_id)
