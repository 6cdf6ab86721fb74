"""The starter pack of a program: set it up, look at what each community would get, give it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coppice.communities.models import Community
from coppice.lib import progress as told
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.lib.ids import id_in
from coppice.meetings import errors
from coppice.meetings.actions import starter as actions
from coppice.meetings.models import GivenPack, MeetingSeries, StarterPack
from coppice.meetings.recurrence_wording import sentences, sentences_of
from coppice.meetings.starter import Offer, circle_rule, circle_series, leaders_of, offers, pack_of
from coppice.meetings.starter_forms import StarterPackForm
from coppice.programs.models import Program
from coppice.programs.permissions import can_run
from coppice.programs.queries import program_of
from coppice.programs.wording import words_for
from coppice.ui import dates
from coppice.ui.progress import Progress

REFUSALS: dict[str, type[DomainError]] = {
    each.code: each
    for each in (errors.NoDates, errors.SeriesTooLong, errors.TooManyMeetings, errors.StartsInPast)
}


@dataclass(frozen=True)
class GivenLine:
    """A community that has the pack, or will have it: its rule in words, or why it has none."""

    community: Community
    series: MeetingSeries | None
    sentences: list[str]


# GET, POST /programs/<id>/starter-pack/
@access(can_run, on=program_of)
@require_http_methods(["GET", "HEAD", "POST"])
def starter_pack(request: HttpRequest, program: Program) -> HttpResponse:
    """Set up what each community begins with, and change it for those that come."""
    pack = pack_of(program) or _new_pack(program)
    form = StarterPackForm(request.POST if request.method == "POST" else None, pack=pack)
    if request.method == "POST" and form.is_valid():
        actions.save_pack(form.instance, by=request.user)
        messages.success(request, _("Saved. Now look at what each group would get."))
        return redirect("meetings:starter_communities", program.pk)
    context = {"program": program, "form": form, "words": words_for(program), "has_pack": bool(pack.pk)}
    return render(request, "meetings/starter_pack.html", context, status=422 if form.errors else 200)


# GET, POST /programs/<id>/starter-pack/communities/
@access(can_run, on=program_of)
@require_http_methods(["GET", "HEAD", "POST"])
def starter_communities(request: HttpRequest, program: Program) -> HttpResponse:
    """What each community would get and what it has already; give it to those that are ticked."""
    pack = pack_of(program)
    if pack is None:
        return redirect("meetings:starter_pack", program.pk)
    if request.method == "POST":
        actions.ask_to_give(pack, to=[id_in(key) for key in request.POST.getlist("to")], by=request.user)
        return redirect("meetings:starter_communities", program.pk)
    given, offered = list(pack.given.select_related("community", "series")), offers(pack)
    context = {
        "program": program,
        "pack": pack,
        "words": words_for(program),
        "offers": [(each, _of_offer(each)) for each in offered],
        "have_planned": any(each.planned for each in offered),
        "given": [_of_given(each) for each in given if each.given_at is not None],
        "job": _job(pack) if pack.asked_at else None,
        **_of_circle(pack),
    }
    return render(request, "meetings/starter_communities.html", context)


# GET /programs/<id>/starter-pack/progress/
@access(can_run, on=program_of)
@require_safe
def starter_progress(request: HttpRequest, program: Program) -> HttpResponse:
    """How far the job is, for the page that waits for it."""
    pack = pack_of(program)
    if pack is None:
        return redirect("meetings:starter_pack", program.pk)
    return render(request, "ui/progress.html", {"job": _job(pack)})


def _new_pack(program: Program) -> StarterPack:
    return StarterPack(
        program=program,
        title=_("Monthly meeting"),
        first_from=timezone.localdate(timezone=program.zone) + timedelta(days=14),
    )


def _of_offer(offer: Offer) -> list[str]:
    return sentences(offer.rule, place=dates.place(offer.zone))


def _of_given(given: GivenPack) -> GivenLine:
    if given.series is not None:
        return GivenLine(given.community, given.series, sentences_of(given.series))
    refusal = REFUSALS.get(given.refusal)
    return GivenLine(given.community, None, [str(refusal.sentence)] if refusal else [])


def _of_circle(pack: StarterPack) -> dict[str, Any]:
    if not pack.circle_name:
        return {}
    rule = circle_rule(pack)
    place = dates.place(pack.circle.zone if pack.circle else pack.program.zone)
    series = circle_series(pack)
    return {
        "circle_sentences": sentences_of(series) if series else sentences(rule, place=place),
        "leaders": len({each.person_id for each in leaders_of(pack)}),
    }


def _job(pack: StarterPack) -> Progress:
    url = reverse("meetings:starter_progress", args=[pack.program_id])
    if pack.asked_at is None:
        return Progress(
            state="done",
            doing=_("Everybody has it. Members get one mail each for all dates."),
            url=url,
            next_url=reverse("meetings:starter_communities", args=[pack.program_id]),
            next_label=_("See what came of it"),
        )
    step = told.read(actions.progress_key(pack.pk))
    if step is None or step.at < pack.asked_at.timestamp():  # what an earlier job said
        return Progress(state="waiting", doing=_("This begins in a moment."), url=url)
    return Progress(
        state="running", doing=_("Planning the meetings"), url=url, done=step.done, total=step.total
    )
