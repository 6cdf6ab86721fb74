"""What a member does from a mail, behind a signed link: say whether they come, and answer the day after.

A GET shows, because mail scanners follow links; only the button's POST acts.
"""

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from coppice.communities.models import Membership
from coppice.lib.access import access, anyone
from coppice.lib.errors import DomainError
from coppice.lib.languages import answer_in
from coppice.meetings import actions, check_in_codes
from coppice.meetings.forms import PulseForm, ReplyForm
from coppice.meetings.links import answer_of, answer_path, file_path, pulse_of, pulse_path, series_path
from coppice.meetings.models import Meeting, MeetingReply, PulseAnswer
from coppice.meetings.views.meetings import as_calendar


def by_link[Thing](
    loader: Callable[..., tuple[Thing, Membership]],
) -> Callable[..., Callable[..., HttpResponse]]:
    """Open a page to whoever holds the signed link, in the language of the person it was made for."""

    def door(page: Callable[[HttpRequest, Thing, Membership], HttpResponse]) -> Callable[..., HttpResponse]:
        def in_their_language(request: HttpRequest, subject: tuple[Thing, Membership]) -> HttpResponse:
            thing, membership = subject
            return answer_in(membership.language, page, request, thing, membership)

        return access(anyone, on=loader, signed_out=True)(never_cache(in_their_language))

    return door


# GET /meeting-answers/<token>/?answer=coming
@by_link(answer_of)
@require_safe
def answer(request: HttpRequest, meeting: Meeting, membership: Membership) -> HttpResponse:
    """The meeting, and one button for each answer."""
    return _show_answer(request, meeting, membership)


# POST /meeting-answers/<token>/reply/
@by_link(answer_of)
@require_POST
def answer_reply(request: HttpRequest, meeting: Meeting, membership: Membership) -> HttpResponse:
    """Record the answer."""
    form = ReplyForm(request.POST)
    if form.is_valid():
        try:
            actions.reply(
                meeting, membership=membership, answer=form.cleaned_data["answer"], by=membership.person
            )
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Saved. You can change your answer until the meeting ends."))
            return redirect(answer_path(meeting, membership))
    errors = [str(error) for error in form.non_field_errors()]
    return _show_answer(
        request, meeting, membership, errors=errors or [_("Choose one of the two answers.")], status=422
    )


# GET /meeting-answers/<token>/meeting.ics
@by_link(answer_of)
@require_safe
def answer_calendar_file(request: HttpRequest, meeting: Meeting, membership: Membership) -> HttpResponse:
    """The meeting, for the calendar of somebody without an account."""
    return as_calendar(meeting)


# GET /pulses/<token>/?worth=4
@by_link(pulse_of)
@require_safe
def pulse(request: HttpRequest, meeting: Meeting, membership: Membership) -> HttpResponse:
    """The one question, with the answer chosen that was clicked in the mail."""
    given = meeting.pulse_answers.filter(membership=membership).first()
    asked = request.GET.get("worth", "")
    chosen = PulseAnswer.Worth(int(asked)) if asked in {"1", "2", "3", "4", "5"} else None
    form = PulseForm(instance=given, initial={"worth": chosen.value} if chosen else {})
    is_saved = given is not None and given.worth == chosen
    to_confirm = str(chosen.label) if chosen and not is_saved else ""
    return _show_pulse(request, meeting, membership, form, given=given, to_confirm=to_confirm)


# POST /pulses/<token>/answer/
@by_link(pulse_of)
@require_POST
def pulse_answer(request: HttpRequest, meeting: Meeting, membership: Membership) -> HttpResponse:
    """Record or change the answer."""
    form = PulseForm(request.POST)
    if form.is_valid():
        try:
            actions.answer_pulse(
                meeting,
                membership=membership,
                worth=form.cleaned_data["worth"],
                will_try=form.cleaned_data["will_try"],
            )
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Thank you. It is saved, and you can change it here."))
            return redirect(pulse_path(meeting, membership))
    return _show_pulse(request, meeting, membership, form, status=422)


def _show_answer(
    request: HttpRequest,
    meeting: Meeting,
    membership: Membership,
    *,
    errors: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    given = meeting.replies.filter(membership=membership).first()
    asked = request.GET.get("answer", "")
    is_asked = asked in MeetingReply.Answer.values
    chosen = MeetingReply.Answer(asked if is_asked else given.answer if given else "coming")
    is_saved = given is not None and given.answer == chosen
    context = {
        "meeting": meeting,
        "membership": membership,
        "zone": membership.zone,
        "other_zone": meeting.zone_beside(membership.zone),
        "series_url": series_path(meeting.series, membership) if meeting.series else "",
        "given": given,
        "chosen": chosen,
        "to_confirm": chosen.label if is_asked and not is_saved else "",
        "answers": sorted(MeetingReply.Answer.choices, key=lambda choice: is_asked and choice[0] != chosen),
        "errors": errors,
        "reply_url": _beside("meetings:answer_reply", request),
        "file_url": file_path(meeting, membership),
        **_going_on(request, meeting, membership),
    }
    return render(request, "meetings/answer.html", context, status=status)


def _going_on(request: HttpRequest, meeting: Meeting, membership: Membership) -> dict[str, str]:
    """Return where a member follows a meeting that goes on, and where they check in, if they have not."""
    if not check_in_codes.goes_on(meeting):
        return {}
    urls = {"run_url": _beside("meetings:run_by_link", request)}
    here = meeting.attendances.filter(membership=membership, was_present=True).exists()
    if check_in_codes.is_open(meeting) and not here:
        urls["here_url"] = _beside("meetings:here_by_link", request)
    return urls


def _show_pulse(
    request: HttpRequest,
    meeting: Meeting,
    membership: Membership,
    form: PulseForm,
    *,
    given: PulseAnswer | None = None,
    to_confirm: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "meeting": meeting,
        "membership": membership,
        "zone": membership.zone,
        "form": form,
        "given": given,
        "to_confirm": to_confirm,
        "answer_url": _beside("meetings:pulse_answer", request),
    }
    return render(request, "meetings/pulse.html", context, status=status)


def _beside(name: str, request: HttpRequest) -> str:
    """Return another address under the token of this one."""
    match = request.resolver_match
    return reverse(name, args=[match.kwargs["token"]]) if match else ""
