"""Surveys for those who run a program: instruments, waves, how many answered, and what."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.programs.models import Program
from coppice.programs.permissions import can_run, can_run_program_of
from coppice.programs.queries import program_of
from coppice.surveys import actions
from coppice.surveys.files import responses_table
from coppice.surveys.forms import InstrumentForm, WaveForm
from coppice.surveys.models import FEWEST_SHOWN, Instrument, Wave
from coppice.surveys.queries import instrument_of, rate_of, shown, wave_of, waves_with_rates
from coppice.surveys.summaries import summaries_of
from coppice.ui.forms import TypedConfirmation

MOST_LISTED = 100


# GET, POST /programs/<id>/surveys/
@access(can_run, on=program_of)
@require_http_methods(["GET", "HEAD", "POST"])
def surveys(request: HttpRequest, program: Program) -> HttpResponse:
    """The waves and instruments of a program; an instrument comes in as a file."""
    sent = request.method == "POST"
    form = InstrumentForm(request.POST if sent else None, request.FILES if sent else None)
    if sent and form.is_valid():
        kept = actions.keep_instrument(program, document=form.cleaned_data["file"], by=request.user)
        messages.success(request, _("The instrument is here. Look at it, then ask people."))
        return redirect(kept)
    context = {
        "program": program,
        "form": form,
        "waves": waves_with_rates(program)[:MOST_LISTED],
        "instruments": program.instruments.defer("content")[:MOST_LISTED],
    }
    return render(request, "surveys/surveys.html", context, status=422 if form.errors else 200)


# GET, POST /instruments/<id>/
@access(can_run_program_of, on=instrument_of)
@require_http_methods(["GET", "HEAD", "POST"])
def instrument(request: HttpRequest, instrument: Instrument) -> HttpResponse:
    """The questions as they are, and asking them of everybody on the roster."""
    form = WaveForm(request.POST if request.method == "POST" else None, name=instrument.name)
    if request.method == "POST" and form.is_valid():
        try:
            opened = actions.open_wave(instrument, by=request.user, **form.cleaned_data)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("The mails are on their way."))
            return redirect(opened)
    document, language = instrument.document, get_language() or ""
    context = {
        "program": instrument.program,
        "instrument": instrument,
        "introduction": document.say(document.introduction, language),
        "groups": [
            (
                document.say(group.title, language),
                [document.say(each.text, language) for each in group.questions],
            )
            for group in document.groups
        ],
        "languages": ", ".join(document.languages),
        "form": form,
    }
    return render(request, "surveys/instrument.html", context, status=422 if form.errors else 200)


# GET /instruments/<id>/instrument.json
@access(can_run_program_of, on=instrument_of)
@require_safe
def instrument_file(request: HttpRequest, instrument: Instrument) -> HttpResponse:
    """The instrument in its public form, for another program or another installation."""
    name = slugify(instrument.name) or "instrument"
    return HttpResponse(
        instrument.content,
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.json"'},
    )


# GET /waves/<id>/
@access(can_run_program_of, on=wave_of)
@require_safe
def wave(request: HttpRequest, wave: Wave) -> HttpResponse:
    """How many have answered, and what, as far as that may be shown."""
    given = shown(wave)
    context = {
        "program": wave.program,
        "wave": wave,
        "rate": rate_of(wave),
        "given": len(given),
        "summaries": summaries_of(wave.instrument.document, given, language=get_language() or ""),
        "remindable": wave.participants.remindable().count() if wave.is_open else 0,
        "fewest": FEWEST_SHOWN,
    }
    return render(request, "surveys/wave.html", context)


# GET /waves/<id>/responses.csv
@access(can_run_program_of, on=wave_of)
@require_safe
def responses_file(request: HttpRequest, wave: Wave) -> HttpResponse:
    """The answers as a table, as far as they may be shown; else its headings alone."""
    table = responses_table(wave.instrument.document, shown(wave), is_named=wave.is_named)
    return HttpResponse(
        table,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="responses.csv"'},
    )


# POST /waves/<id>/reminders/
@access(can_run_program_of, on=wave_of)
@require_POST
def reminders(request: HttpRequest, wave: Wave) -> HttpResponse:
    """Remind those who have yet to answer."""
    try:
        count = actions.remind(wave, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        said = ngettext("%(count)d reminder is on its way.", "%(count)d reminders are on their way.", count)
        messages.success(request, said % {"count": count})
    return redirect(wave)


# GET, POST /waves/<id>/end/
@access(can_run_program_of, on=wave_of)
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, wave: Wave) -> HttpResponse:
    """End the time to answer, after typing it: the answers show then, so nothing takes it back."""
    form = TypedConfirmation(request.POST if request.method == "POST" else None, word=_("end"))
    if request.method == "POST" and form.is_valid():
        try:
            actions.close(wave, by=request.user)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("The time to answer is over."))
            return redirect(wave)
    context = {"program": wave.program, "wave": wave, "form": form}
    return render(request, "surveys/end.html", context, status=422 if form.errors else 200)
