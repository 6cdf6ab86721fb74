"""Whether somebody's story may be told, answered from a mail: GET shows, a button's POST acts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from coppice.lib.access import access, anyone
from coppice.lib.languages import answer_in
from coppice.lib.markdown import to_html
from coppice.library.actions import practice_voices as actions
from coppice.library.practice_links import voice_of, voice_path
from coppice.library.practice_models import WORDS, PracticeVoice
from coppice.library.practice_wording import sections_of
from coppice.ui.edits import changed_since, mark

ANSWERS = (PracticeVoice.Answer.NAMED, PracticeVoice.Answer.NAMELESS, PracticeVoice.Answer.NO)


# GET, POST /own-practices/<token>/
@access(anyone, on=voice_of, signed_out=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_practice(request: HttpRequest, voice: PracticeVoice) -> HttpResponse:
    """The whole of it as it is written, and three buttons: with my name, without, or not at all."""
    return answer_in(voice.membership.language, _answer, request, voice)


def _answer(request: HttpRequest, voice: PracticeVoice) -> HttpResponse:
    given, practice = request.POST.get("answer", ""), voice.practice
    reads = {name: getattr(practice, name) for name in WORDS}
    problem = ""
    if request.method == "POST":
        if given not in ANSWERS:
            problem = _("Choose one of the three answers.")
        elif changed_since(request.POST.get("read", ""), reads):
            problem = _("This was changed after you opened it. Read it again, then answer.")
        else:
            actions.answer(voice, answer=given)
            messages.success(request, _("Thank you. You can change your answer here at any time."))
            return redirect(voice_path(voice))
    context = {
        "community": practice.community,
        "practice": practice,
        "voice": voice,
        "sections": [(each.heading, to_html(each.markdown)) for each in sections_of(practice, practice.kind)],
        "answers": [(each.value, each.label) for each in ANSWERS],
        "read": mark(reads),
        "problem": problem,
    }
    return render(request, "library/own_practice.html", context, status=422 if problem else 200)
