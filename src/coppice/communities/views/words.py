"""What invited people wrote, and answering it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coppice.communities import actions
from coppice.communities.forms import AnswerForm
from coppice.communities.models import InvitationWord
from coppice.communities.permissions import can_answer_word
from coppice.communities.queries import word_of, words_of
from coppice.lib.access import access
from coppice.programs.models import Program
from coppice.programs.permissions import can_run
from coppice.programs.queries import program_of
from coppice.ui.edits import held

A_PAGE = 25


@access(can_run, on=program_of)
@require_safe
def words(request: HttpRequest, program: Program) -> HttpResponse:
    """Everything that invited people wrote, what waits for an answer first, questions before worries."""
    page = Paginator(words_of(program.pk), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "communities/words.html", {"program": program, "page": page})


@access(can_answer_word, on=word_of)
@require_http_methods(["GET", "HEAD", "POST"])
def word_answer(request: HttpRequest, word: InvitationWord) -> HttpResponse:
    """Answer one of them."""
    if request.method == "POST":
        word.answer = held(word).answer
    form = AnswerForm(request.POST if request.method == "POST" else None, initial={"answer": word.answer})
    if request.method == "POST" and form.is_valid():
        actions.answer_word(word, answer=form.cleaned_data["answer"], by=request.user)
        messages.success(request, _said(word))
        return redirect("communities:words", word.membership.community.program_id)
    return render(
        request,
        "communities/word_answer.html",
        {"word": word, "program": word.membership.community.program, "form": form},
        status=422 if form.is_bound else 200,
    )


def _said(word: InvitationWord) -> str:
    name = word.membership.enrollment
    if word.membership.mail_address:
        return _("Your answer is on its way to %(name)s.") % {"name": name}
    return _("Saved. Mail does not reach %(name)s: please tell them.") % {"name": name}
