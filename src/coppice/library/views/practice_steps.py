"""Where a practice goes from here: asked about, published, tried, doubted, confirmed, put aside."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.library.actions import practice_care as care
from coppice.library.actions import practices as actions
from coppice.library.permissions import adding_as
from coppice.library.practice_forms import TrialForm
from coppice.library.practice_models import Practice
from coppice.library.practice_permissions import can_doubt_practice, can_edit_practice, can_try_practice
from coppice.library.practice_queries import practice_of
from coppice.library.views.practices import practice_page
from coppice.ui.toasts import offer_undo


# POST /practices/<id>/review-request/
@access(can_edit_practice, on=practice_of)
@require_POST
def practice_asking(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Ask the others to read it."""
    return _go(
        request, practice, actions.ask_review, _("The others can read it now, and say what they think.")
    )


# POST /practices/<id>/publication/
@access(can_edit_practice, on=practice_of)
@require_POST
def practice_publication(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Publish it among the community's practices."""
    return _go(request, practice, actions.publish, _("It is published, and everybody hears of it."))


# POST /practices/<id>/trial/
@access(can_try_practice, on=practice_of)
@require_POST
def practice_trial(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Say that one tried it, and how it went."""
    form = TrialForm(request.POST)
    if not form.is_valid():
        return practice_page(request, practice, form=form)
    try:
        care.say_tried(practice, by=_hand(request, practice), words=form.cleaned_data["words"])
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
        return redirect(practice)
    offer_undo(
        request,
        _("Thank you. The others see that you tried it."),
        url=reverse("library:practice_trial_removal", args=[practice.pk]),
    )
    return redirect(practice)


# POST /practices/<id>/trial/removal/
@access(can_try_practice, on=practice_of)
@require_POST
def practice_trial_removal(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Take back that one tried it."""
    return _go(request, practice, care.take_back_tried, _("It is taken back."))


# POST /practices/<id>/doubt/
@access(can_doubt_practice, on=practice_of)
@require_POST
def practice_doubt(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Say that it may be out of date."""
    return _go(
        request, practice, care.doubt, _("Thank you. Whoever cares for it is asked whether it still holds.")
    )


# POST /practices/<id>/confirmation/
@access(can_edit_practice, on=practice_of)
@require_POST
def practice_confirmation(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Say that it still holds."""
    return _go(request, practice, actions.confirm, _("Good. Nobody is asked again for eighteen months."))


# POST /practices/<id>/removal/
@access(can_edit_practice, on=practice_of)
@require_POST
def practice_aside(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Put it aside."""
    care.put_aside(practice, by=_hand(request, practice))
    offer_undo(
        request,
        _("It is put aside. Whoever wrote it and who leads can take it up again."),
        url=reverse("library:practice_return", args=[practice.pk]),
    )
    return redirect("library:practices", practice.community_id)


# POST /practices/<id>/return/
@access(can_edit_practice, on=practice_of)
@require_POST
def practice_return(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Take it up again."""
    return _go(request, practice, actions.take_up, _("It is taken up again."))


def _go(request: HttpRequest, practice: Practice, step: Callable[..., Any], said: str) -> HttpResponse:
    """Take one step, say what came of it or why it was not taken, and show the practice."""
    try:
        step(practice, by=_hand(request, practice))
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, said)
    return redirect(practice)


def _hand(request: HttpRequest, practice: Practice) -> Any:
    """The membership by which a person acts; whoever may has an active one."""
    return adding_as(request.user, practice.community)
