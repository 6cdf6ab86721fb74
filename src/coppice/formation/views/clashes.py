"""A clash: which sizes and rules cannot hold, for whom, and one press that loosens one of them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coppice.formation import actions
from coppice.formation.clashes import told_clashes
from coppice.formation.models import Formation
from coppice.formation.permissions import can_form
from coppice.formation.queries import formation_of
from coppice.formation.ways import mark_of_terms, ways_out
from coppice.lib.access import access
from coppice.lib.errors import DomainError


def clash_of(formation: Formation) -> dict[str, Any]:
    """Return what the page of a clash tells: what is in the way, who is in it, and the ways out."""
    clashes = formation.outcome.get("clashes", ())
    return {
        "clashes": told_clashes(formation, clashes),
        "ways": ways_out(formation, clashes),
        "seen": mark_of_terms(formation),
    }


@access(can_form, on=formation_of)
@require_POST
def loosening(request: HttpRequest, formation: Formation) -> HttpResponse:
    """Change the sizes or rules by one of the ways out, and have it worked out anew.

    `way` names it among those of the page; `seen` is the mark of the sizes and rules that the page was about.
    """
    is_same = formation.is_impossible and request.POST.get("seen") == mark_of_terms(formation)
    ways = ways_out(formation, formation.outcome.get("clashes", ())) if is_same else []
    way = next((each for each in ways if each.key == request.POST.get("way") and each.terms), None)
    if way is None or way.terms is None:
        messages.error(request, _("The sizes and rules have changed since. Look at them as they are now."))
        return redirect(formation)
    terms = way.terms
    try:
        actions.revise(
            formation,
            name=formation.name,
            reason=formation.reason,
            minimum=terms.minimum,
            maximum=terms.maximum,
            rules=terms.rules,
            by=request.user,
            let_go=formation.lets_go,
        )
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        told = _("Changed: %(change)s You can change it back with the sizes and rules.")
        messages.success(request, told % {"change": way.sentence})
    return redirect(formation)
