"""One's own introductions: ask for one, say yes or no, say what became of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.lib.errors import DomainError
from coppice.lib.ids import id_in
from coppice.profiles import actions
from coppice.profiles.errors import NotToBeAsked
from coppice.profiles.matching import SHOWN, candidates_for
from coppice.profiles.models import Audience, Introduction, Need, Telling
from coppice.profiles.notices import address_of, contacts_of
from coppice.profiles.own import Own, Side
from coppice.profiles.views.framing import told


@require_http_methods(["GET", "HEAD", "POST"])
def asking(request: HttpRequest, own: Own) -> HttpResponse:
    """Who could help with a need, without names; ask one of them."""
    need = own.row
    assert isinstance(need, Need)
    also_colleagues = "colleagues" in request.GET
    found = candidates_for(need, also_colleagues=also_colleagues).select_related("topic", "enrollment")
    if request.method == "POST":
        chosen = candidates_for(need, also_colleagues=True).filter(pk=id_in(request.POST.get("offer", "")))
        offer = chosen.select_related("topic", "enrollment__program", "enrollment__person").first()
        if offer is not None:
            asked = actions.propose(need, offer=offer, by=own.actor)
            return _asked(request, own, asked)
        known = need.introductions.filter(offer=id_in(request.POST.get("offer", ""))).first()
        if known is not None:
            messages.info(request, _("This was asked already. Here is where it stands."))
            return redirect(own.path("introduction", known))
        messages.error(request, str(NotToBeAsked.sentence))
        return redirect(own.path("need_introduction", need))
    context = {
        **told(own),
        "need": need,
        "candidates": found[:SHOWN],
        "names": not own.is_own,
        "readable": Audience.values if not own.is_own else [Audience.PROGRAM.value],
        "also_colleagues": also_colleagues,
    }
    return render(request, "profiles/asking.html", context)


@require_safe
def introduction(request: HttpRequest, own: Own) -> HttpResponse:
    """One introduction as this person sees it, with what they can do now."""
    side = Side(_introduction(own), own.enrollment)
    made = side.introduction
    context = {
        **told(own),
        "side": side,
        "introduction": made,
        "contacts": contacts_of(side.other) if side.other else [],
        "answers_by_mail": not own.is_own and _was_mailed(made, own),
        "can_tell": side.needs_it and made.was_made,
        "answer_url": own.path("introduction_answer", made),
        "outcome_url": own.path("introduction_outcome", made),
    }
    return render(request, "profiles/introduction.html", context)


@require_POST
def answer(request: HttpRequest, own: Own) -> HttpResponse:
    """Say yes or no."""
    made = _introduction(own)
    act = {"yes": actions.agree, "no": actions.decline}.get(request.POST.get("answer", ""))
    try:
        if act is not None:
            act(made, enrollment=own.enrollment, by=own.actor)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    return redirect(own.path("introduction", made))


@require_POST
def outcome(request: HttpRequest, own: Own) -> HttpResponse:
    """Say what became of it; only whoever needed it does."""
    made, said = _introduction(own), request.POST.get("outcome", "")
    if said in actions.Outcome.values and Side(made, own.enrollment).needs_it:
        try:
            actions.tell_outcome(made, outcome=said, by=own.actor)
        except DomainError as refused:
            messages.error(request, str(refused.sentence))
        else:
            messages.success(request, _("Thank you for telling us."))
    return redirect(own.path("introduction", made))


def _asked(request: HttpRequest, own: Own, asked: Introduction) -> HttpResponse:
    """Lead on whoever asked: to their own introduction, staff to the list of all."""
    if own.is_own:
        messages.success(request, _("We ask. You hear as soon as there is an answer."))
        return redirect(own.path("introduction", asked))
    messages.success(request, _("We ask both. Here you see who has yet to answer, and whom to ask by phone."))
    return redirect("profiles:introductions", own.program.pk)


def _was_mailed(made: Introduction, own: Own) -> bool:
    """Whether the mail that asks this person went to them, and not to the staff to ask by phone."""
    by_phone = made.tellings.filter(about=Telling.About.ASKED, enrollment=own.enrollment)
    return bool(address_of(own.enrollment)) and not by_phone.exists()


def _introduction(own: Own) -> Introduction:
    row = own.row
    assert isinstance(row, Introduction)
    return row
