"""Taking attendance, on a phone, at the end of the meeting."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.lib.ids import id_in
from coppice.meetings import actions
from coppice.meetings.models import Meeting, MeetingReply
from coppice.meetings.permissions import can_lead_meeting
from coppice.meetings.queries import expected_at, meeting_of


# GET, POST /meetings/<id>/attendance/
@access(can_lead_meeting, on=meeting_of)
@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """One row for each person expected; ticked is there. Saved again, it corrects."""
    if request.method == "POST":
        present = {id_in(key) for key in request.POST.getlist("present")}
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
    ticked = _ticked(meeting)
    return render(
        request,
        "meetings/attendance.html",
        {
            "community": meeting.community,
            "tab": "meetings",
            "meeting": meeting,
            "rows": [(membership, membership.pk in ticked) for membership in expected_at(meeting)],
        },
    )


def _ticked(meeting: Meeting) -> set[int]:
    """Return who stands as present: as it was saved, or who said that they come."""
    if meeting.attendance_taken_at:
        return set(meeting.attendances.filter(was_present=True).values_list("membership", flat=True))
    return set(meeting.replies.filter(answer=MeetingReply.Answer.COMING).values_list("membership", flat=True))
