"""Taking attendance, on a phone, at the end of the meeting."""

from collections.abc import Collection, Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.lib.ids import id_in
from coppice.meetings import actions
from coppice.meetings.models import Meeting, MeetingReply
from coppice.meetings.permissions import can_lead_meeting
from coppice.meetings.queries import expected_at, meeting_of
from coppice.ui.edits import CHANGED, FIELD, Change, changed_since, held, mark_input


# GET, POST /meetings/<id>/attendance/
@access(can_lead_meeting, on=meeting_of)
@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """One row for each person expected; ticked is there. Saved again, it corrects."""
    if request.method == "POST":
        present = {id_in(key) for key in request.POST.getlist("present")}
        changed = _changed_meanwhile(held(meeting), present=present, carried=request.POST.get(FIELD, ""))
        if changed:
            return _page(request, meeting, ticked=present, changed=changed)
        try:
            taken = actions.take_attendance(meeting, present=present, by=request.user)
        except DomainError as refused:
            messages.error(request, str(refused.sentence))
            return redirect(meeting)
        count = taken.present_count or 0
        sentence = ngettext(
            "Saved: %(count)d person was there.", "Saved: %(count)d people were there.", count
        )
        messages.success(request, sentence % {"count": count})
        return redirect(meeting)
    return _page(request, meeting, ticked=_ticked(meeting))


def _page(
    request: HttpRequest, meeting: Meeting, *, ticked: Collection[int], changed: Sequence[Change] = ()
) -> HttpResponse:
    return render(
        request,
        "meetings/attendance.html",
        {
            "community": meeting.community,
            "tab": "meetings",
            "meeting": meeting,
            "rows": [(membership, membership.pk in ticked) for membership in expected_at(meeting)],
            "opened_with": mark_input(_as_saved(meeting)),
            "changed": changed,
            "changed_sentence": CHANGED,
        },
        status=422 if changed else 200,
    )


def _changed_meanwhile(meeting: Meeting, *, present: Collection[int], carried: str) -> list[Change]:
    """Return whose presence somebody saved after this form was opened, where it would be overwritten."""
    saved = _as_saved(meeting)
    others = changed_since(carried, saved)
    return [
        Change(str(membership.enrollment), _("was there") if saved[key] else _("was not there"))
        for membership in expected_at(meeting)
        if (key := str(membership.pk)) in others and saved[key] != (membership.pk in present)
    ]


def _as_saved(meeting: Meeting) -> dict[str, bool]:
    """Return who was there, by membership id as text; before attendance is taken nothing is saved."""
    taken = meeting.attendances.values_list("membership", "was_present").order_by("membership")
    return {str(membership): was_present for membership, was_present in taken}


def _ticked(meeting: Meeting) -> set[int]:
    """Return who stands as present: as it was saved, or who said that they come."""
    if meeting.attendance_taken_at:
        return set(meeting.attendances.filter(was_present=True).values_list("membership", flat=True))
    return set(meeting.replies.filter(answer=MeetingReply.Answer.COMING).values_list("membership", flat=True))
