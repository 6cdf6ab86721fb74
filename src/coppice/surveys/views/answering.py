"""Answering behind a signed link, one group of questions a screen; kept as one goes, sent at the end.

A GET shows, because mail scanners follow links; only a button's POST keeps or sends.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.lib.access import access, anyone
from coppice.lib.errors import DomainError
from coppice.lib.languages import answer_in
from coppice.surveys import actions
from coppice.surveys.answers import answers_in, asked_of, is_whole
from coppice.surveys.errors import AnswersMissing
from coppice.surveys.forms import AnswersForm
from coppice.surveys.instruments import Instrument, Question
from coppice.surveys.links import participant_of
from coppice.surveys.models import Answer, Participant, Wave


@dataclass(frozen=True)
class Sheet:
    """One person's answers so far, and the screens that they are asked."""

    participant: Participant
    token: str
    screen: int = 0

    @property
    def wave(self) -> Wave:
        return self.participant.wave

    @cached_property
    def document(self) -> Instrument:
        return self.wave.instrument.document

    @cached_property
    def answers(self) -> dict[str, Any]:
        rows = Answer.objects.filter(response__participant=self.participant).order_by("pk")
        return answers_in(self.document, rows)

    @cached_property
    def screens(self) -> list[tuple[int, list[Question]]]:
        return list(asked_of(self.document, self.answers))

    @property
    def numbers(self) -> list[int]:
        return [number for number, _questions in self.screens]

    @property
    def questions(self) -> list[Question]:
        """The questions of the screen that is open."""
        return dict(self.screens)[self.screen]

    @property
    def place(self) -> int:
        """Which of this person's screens is open, counted from 1."""
        return self.numbers.index(self.screen) + 1

    @property
    def unfinished(self) -> int | None:
        """The first screen on which something must still be answered, else the first without any answer."""
        for number, questions in self.screens:
            if not all(is_whole(question, self.answers) for question in questions):
                return number
        untouched = (
            number
            for number, questions in self.screens
            if not any(question.key in self.answers for question in questions)
        )
        return next(untouched, None)

    def renewed(self) -> "Sheet":
        """The same person's sheet as it is now."""
        return Sheet(self.participant, self.token, self.screen)


def sheet_of(person: Any, *, token: str) -> Sheet:
    """Return the sheet behind a link, whoever is signed in; raises Http404 when the link does not hold."""
    return Sheet(participant_of(person, token=token), token)


def screen_of(person: Any, *, token: str, screen: int) -> Sheet:
    """Return the sheet behind a link at one screen; raises Http404 for one that this person is not asked."""
    sheet = Sheet(participant_of(person, token=token), token, screen)
    if screen not in sheet.numbers:
        raise Http404
    return sheet


def by_link(loader: Callable[..., Sheet]) -> Callable[..., Callable[..., HttpResponse]]:
    """Open a page to whoever holds the signed link, in the language of the person it was made for."""

    def door(page: Callable[[HttpRequest, Sheet], HttpResponse]) -> Callable[..., HttpResponse]:
        def in_their_language(request: HttpRequest, sheet: Sheet) -> HttpResponse:
            return answer_in(sheet.participant.language, page, request, sheet)

        return access(anyone, on=loader, signed_out=True)(never_cache(in_their_language))

    return door


# GET /surveys/<token>/
@by_link(sheet_of)
@require_safe
def answering(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """What it is about and who sees the answers; where one stands; thanks."""
    return render(request, "surveys/answering.html", _context(sheet))


# GET, POST /surveys/<token>/screens/<screen>/
@by_link(screen_of)
@require_http_methods(["GET", "HEAD", "POST"])
def screen(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """One group of questions; what is answered is kept, also when one goes back or stops for now."""
    way = request.POST.get("way", "on")
    form = AnswersForm(
        request.POST if request.method == "POST" else None,
        questions=sheet.questions,
        instrument=sheet.document,
        language=get_language() or "",
        answers=sheet.answers,
        is_whole=way == "on",
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_answers(sheet.participant, questions=sheet.questions, answers=form.answers)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            return _onward(request, sheet.renewed(), way)
    context = {**_context(sheet), "form": form, "group": sheet.document.groups[sheet.screen - 1]}
    context |= {
        "group_title": sheet.document.say(context["group"].title, get_language() or ""),
        "group_text": sheet.document.say(context["group"].text, get_language() or ""),
        "is_last": sheet.place == len(sheet.numbers),
    }
    return render(request, "surveys/screen.html", context, status=422 if form.errors else 200)


# POST /surveys/<token>/sending/
@by_link(sheet_of)
@require_POST
def sending(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Let the answers count."""
    return _send(request, sheet)


def _onward(request: HttpRequest, sheet: Sheet, way: str) -> HttpResponse:
    """Go where the button says: back, to the start for now, to the next screen, or send after the last."""
    if way == "later":
        messages.success(request, _("Kept. Come back by the link in your mail, and go on where you were."))
        return redirect("surveys:answering", sheet.token)
    place = sheet.numbers.index(sheet.screen)
    if way == "back" and place:
        return redirect("surveys:screen", sheet.token, sheet.numbers[place - 1])
    if way == "on" and place + 1 < len(sheet.numbers):
        return redirect("surveys:screen", sheet.token, sheet.numbers[place + 1])
    return _send(request, sheet) if way == "on" else redirect("surveys:answering", sheet.token)


def _send(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    try:
        actions.send(sheet.participant)
    except AnswersMissing as refused:
        messages.error(request, str(refused.sentence))
        return redirect("surveys:screen", sheet.token, sheet.unfinished)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    return redirect("surveys:answering", sheet.token)


def _context(sheet: Sheet) -> dict[str, Any]:
    document, language = sheet.document, get_language() or ""
    spoken = {each.partition("-")[0] for each in document.languages}
    return {
        "sheet": sheet,
        "wave": sheet.wave,
        "program": sheet.wave.program,
        "title": document.say(document.title, language),
        "introduction": document.say(document.introduction, language),
        "spoken": language if language.partition("-")[0] in spoken else document.language,
        "can_change": sheet.wave.is_open and not (sheet.wave.is_anonymous and sheet.participant.has_answered),
    }
