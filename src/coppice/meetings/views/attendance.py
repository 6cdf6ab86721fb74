"""Taking attendance, on a phone, at the end of the meeting."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from coppice.communities.models import Membership
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.lib.ids import id_in
from coppice.meetings import actions
from coppice.meetings.models import Attendance, Meeting, MeetingReply
from coppice.meetings.permissions import can_lead_meeting
from coppice.meetings.queries import expected_at, meeting_of, own_place
from coppice.ui.edits import CHANGED, FIELD, Change, changed_since, held, mark_input

type Entry = tuple[bool, str]
"""Whether somebody was there, and for how many minutes; "" is the whole meeting."""


# GET, POST /meetings/<id>/attendance/
@access(can_lead_meeting, on=meeting_of)
@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """One row for each person expected; ticked is there. Saved again, it corrects."""
    how = Attendance.How.PAPER if "paper" in request.GET else Attendance.How.LIST
    if request.method == "POST":
        people = expected_at(meeting)
        typed = _typed(request, people)
        errors = _wrong_minutes(meeting, typed, people)
        changed = _changed_meanwhile(held(meeting), people, typed=typed, carried=request.POST.get(FIELD, ""))
        if changed or errors:
            return _page(request, meeting, typed, changed=changed, errors=errors)
        present = {pk for pk, (is_there, _minutes) in typed.items() if is_there}
        lasted = {pk: int(minutes) if minutes else None for pk, (_is_there, minutes) in typed.items()}
        try:
            taken = actions.take_attendance(
                meeting, present=present, minutes=lasted, how=how, by=request.user
            )
        except DomainError as refused:
            messages.error(request, str(refused.sentence))
            return redirect(meeting)
        count = taken.present_count or 0
        sentence = ngettext(
            "Saved: %(count)d person was there.", "Saved: %(count)d people were there.", count
        )
        messages.success(request, sentence % {"count": count})
        return redirect(meeting)
    return _page(request, meeting, _preset(meeting))


def _page(
    request: HttpRequest,
    meeting: Meeting,
    shown: Mapping[int, Entry],
    *,
    changed: Sequence[Change] = (),
    errors: Sequence[str] = (),
) -> HttpResponse:
    arrived = dict(meeting.attendances.exclude(arrived_at=None).values_list("membership", "arrived_at"))
    return render(
        request,
        "meetings/attendance.html",
        {
            "community": meeting.community,
            "tab": "meetings",
            "meeting": meeting,
            "zone": own_place(request.user, meeting.community).zone,
            "rows": [
                (each, *shown.get(each.pk, (False, "")), arrived.get(each.pk))
                for each in expected_at(meeting)
            ],
            "length": length_of(meeting),
            "has_arrivals": bool(arrived),
            "opened_with": mark_input(_marked(_as_saved(meeting))),
            "changed": changed,
            "errors": errors,
            "changed_sentence": CHANGED,
        },
        status=422 if changed or errors else 200,
    )


def length_of(meeting: Meeting) -> int:
    """Return how long a meeting lasts as planned, in minutes."""
    return meeting.duration // timedelta(minutes=1)


def _typed(request: HttpRequest, people: Sequence[Membership]) -> dict[int, Entry]:
    present = {id_in(key) for key in request.POST.getlist("present")}
    return {
        each.pk: (each.pk in present, request.POST.get(f"minutes_{each.pk}", "").strip()) for each in people
    }


def _wrong_minutes(meeting: Meeting, typed: Mapping[int, Entry], people: Sequence[Membership]) -> list[str]:
    """Say of whom the minutes are no number that this meeting has."""
    length = length_of(meeting)
    return [
        _("%(name)s: type whole minutes from 1 to %(most)d, or leave it empty for the whole meeting.")
        % {"name": each.enrollment, "most": length}
        for each in people
        if typed[each.pk][0]
        and (minutes := typed[each.pk][1])
        and not (_is_number(minutes) and 1 <= int(minutes) <= length)
    ]


def _is_number(minutes: str) -> bool:
    """Say whether these are digits of a number that a meeting can have."""
    return minutes.isascii() and minutes.isdigit() and len(minutes) < 5


def _changed_meanwhile(
    meeting: Meeting, people: Sequence[Membership], *, typed: Mapping[int, Entry], carried: str
) -> list[Change]:
    """Return whose presence somebody saved after this form was opened, where it would be overwritten."""
    saved = _as_saved(meeting)
    others = changed_since(carried, _marked(saved))
    return [
        Change(str(each.enrollment), _in_words(saved[each.pk]))
        for each in people
        if str(each.pk) in others and saved[each.pk] != _kept(typed[each.pk], meeting)
    ]


def _kept(entry: Entry, meeting: Meeting) -> Entry:
    """Return an entry as it would be saved: no minutes of who was not there, nor of the whole meeting."""
    is_there, minutes = entry
    is_whole = _is_number(minutes) and int(minutes) >= length_of(meeting)
    return is_there, "" if not is_there or is_whole else minutes


def _in_words(entry: Entry) -> str:
    is_there, minutes = entry
    if is_there and minutes:
        return ngettext(
            "was there for %(minutes)s minute", "was there for %(minutes)s minutes", int(minutes)
        ) % {"minutes": minutes}
    return _("was there") if is_there else _("was not there")


def _marked(saved: Mapping[int, Entry]) -> dict[str, str]:
    return {str(pk): f"{is_there} {minutes}" for pk, (is_there, minutes) in saved.items()}


def _as_saved(meeting: Meeting) -> dict[int, Entry]:
    """Return who was there and how long, by membership; before attendance is taken who checked in."""
    taken = meeting.attendances.values_list("membership", "was_present", "minutes").order_by("membership")
    return {pk: (was_present, str(minutes or "")) for pk, was_present, minutes in taken}


def _preset(meeting: Meeting) -> dict[int, Entry]:
    """Return who stands as present: as it was saved, who checked in, or else who said that they come."""
    saved = _as_saved(meeting)
    if meeting.attendance_taken_at or saved:
        return saved
    coming = meeting.replies.filter(answer=MeetingReply.Answer.COMING)
    return dict.fromkeys(coming.values_list("membership", flat=True), (True, ""))
