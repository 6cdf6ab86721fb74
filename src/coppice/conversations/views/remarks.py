"""Flagging words of a decision, hiding them, showing them again, letting a reason out that waited."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coppice.conversations.actions import remarks as actions
from coppice.conversations.circle import circle_of
from coppice.conversations.decision_permissions import can_decide_words, can_flag_words
from coppice.conversations.decision_words import NOT_OUT, Words
from coppice.conversations.moderation_forms import FlagForm, HidingForm
from coppice.conversations.remark_board import words_of
from coppice.conversations.remark_models import Remark, RemarkFlag
from coppice.lib.access import access
from coppice.lib.errors import DomainError

ACTS = {
    "show": actions.show,
    "leave": actions.leave,
    "look_again": actions.look_again,
}


# GET, POST /decisions/<id>/words/<key>/flag/
@access(can_flag_words, on=words_of)
@require_http_methods(["GET", "HEAD", "POST"])
def flagging(request: HttpRequest, words: Words) -> HttpResponse:
    """Ask whoever decides to look at words of a decision, or take that back."""
    mine = RemarkFlag.objects.filter(
        remark__in=_remarks(words), flagged_by=request.user.pk, decided_at=None
    ).first()
    if request.method == "POST" and "take_back" in request.POST:
        actions.unflag(words, by=request.user)
        messages.success(request, _("The flag is taken back."))
        return redirect(words.decision)
    form = FlagForm(
        request.POST if request.method == "POST" else None,
        initial={"reason": mine.reason, "words": mine.words} if mine else None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.flag(words, by=request.user, reason=form.cleaned_data["reason"], said=_said(form))
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("Flagged. Whoever decides looks at it."))
            return redirect(words.decision)
    is_of_leader = circle_of(words.community).is_leader(words.author_id)
    context = _about(words) | {
        "form": form,
        "mine": mine,
        "to_staff": is_of_leader or words.is_nameless,
        "unflag_url": request.path,
        "back_url": words.decision.get_absolute_url(),
    }
    return render(request, "conversations/words_flagging.html", context, status=422 if form.errors else 200)


# GET, POST /decisions/<id>/words/<key>/hiding/
@access(can_decide_words, on=words_of)
@require_http_methods(["GET", "HEAD", "POST"])
def hiding(request: HttpRequest, words: Words) -> HttpResponse:
    """Hide words of a decision with a reason; keep a reason that waits back with an answer."""
    remark = _remarks(words).first()
    is_first = remark is not None and remark.held in NOT_OUT
    form = HidingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.hide(words, by=request.user, reason=form.cleaned_data["reason"])
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            is_answered = is_first and not words.is_nameless
            said = (
                _("Kept back, and answered.")
                if is_answered
                else _("Hidden. Your reason stands in its place.")
            )
            messages.success(request, said)
            return redirect("conversations:queue", words.community.pk)
    context = _about(words) | {
        "form": form,
        "is_first": is_first,
        "heading": _("Answer and keep it back") if is_first else _("Hide these words"),
        "about": words.decision,
        "reason_now": remark.hidden_reason if remark else "",
        "back_url": reverse("conversations:queue", args=[words.community.pk]),
    }
    return render(request, "conversations/words_hiding.html", context, status=422 if form.errors else 200)


# POST /decisions/<id>/words/<key>/decision/
@access(can_decide_words, on=words_of)
@require_POST
def deciding(request: HttpRequest, words: Words) -> HttpResponse:
    """Show words again, or let them out; leave flagged ones as they are, or look at them again."""
    act = ACTS.get(request.POST.get("what", ""))
    said = {
        "show": _("Everybody can read it."),
        "leave": _("Left as it is."),
        "look_again": _("It waits for a decision again."),
    }
    if act is not None:
        try:
            act(words, by=request.user)
        except DomainError as refusal:
            messages.error(request, str(refusal.sentence))
        else:
            messages.success(request, said[request.POST["what"]])
    return redirect("conversations:queue", words.community.pk)


def _said(form: FlagForm) -> str:
    said: str = form.cleaned_data["words"]
    return said


def _remarks(words: Words) -> Any:
    return Remark.objects.filter(decision=words.decision, ballot=words.ballot, part=words.part)


def _about(words: Words) -> dict[str, Any]:
    name = "" if words.is_nameless else circle_of(words.community).called(words.author_id)
    return {
        "community": words.community,
        "tab": "talk",
        "decision": words.decision,
        "words": words,
        "name": name,
        "part": Remark.Part(words.part).label,
    }
