"""Taking what an interest poll holds as the wishes of a formation."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from coppice.formation import actions
from coppice.formation.interest_wishes import holders_of, polls_of
from coppice.formation.models import Formation
from coppice.formation.permissions import can_form
from coppice.formation.queries import formation_of
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.lib.ids import id_in
from coppice.programs.models import Enrollment
from coppice.programs.wording import words_for


# GET, POST /formations/<id>/wishes/
@access(can_form, on=formation_of)
@require_http_methods(["GET", "HEAD", "POST"])
def wishes(request: HttpRequest, formation: Formation) -> HttpResponse:
    """The program's interest polls with whom each touches; one press takes one of them as wishes."""
    if request.method == "POST":
        try:
            number = id_in(request.POST.get("marketplace", ""))
            people = actions.take_as_wishes(formation, marketplace_id=number, by=request.user)
        except DomainError as refused:
            messages.error(request, str(refused.sentence))
            return redirect("formation:wishes", formation.pk)
        words = ngettext(
            "%(count)d person has ranked wishes now. It is being worked out again.",
            "%(count)d people have ranked wishes now. It is being worked out again.",
            people,
        )
        messages.success(request, words % {"count": people})
        return redirect(formation)
    context = {
        "formation": formation,
        "program": formation.program,
        "words": words_for(formation.program),
        "polls": polls_of(formation),
        "holders": holders_of(formation),
        "whole": Enrollment.objects.current().filter(program=formation.program_id).count(),
    }
    return render(request, "formation/poll_wishes.html", context)


# POST /formations/<id>/wishes/end/
@access(can_form, on=formation_of)
@require_POST
def wishes_end(request: HttpRequest, formation: Formation) -> HttpResponse:
    """Take these wishes off the roster again."""
    try:
        actions.drop_wishes(formation, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(
            request, _("Nobody holds wishes of a poll any longer. Work it out again without them.")
        )
    return redirect("formation:wishes", formation.pk)
