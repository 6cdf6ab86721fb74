"""Papers to take away from a meeting, as PDF and as Word: its agenda."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from coppice.lib.access import access
from coppice.lib.papers import Paper, paper_response
from coppice.meetings.agenda_paper import agenda_paper
from coppice.meetings.models import Meeting
from coppice.meetings.permissions import can_read_meeting
from coppice.meetings.queries import meeting_of, own_place


# GET /meetings/<id>/agenda.pdf
@access(can_read_meeting, on=meeting_of)
@require_safe
def agenda_pdf(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """What the meeting goes through, as PDF."""
    return paper_response(_agenda(request, meeting), "pdf")


# GET /meetings/<id>/agenda.docx
@access(can_read_meeting, on=meeting_of)
@require_safe
def agenda_docx(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """What the meeting goes through, for Word."""
    return paper_response(_agenda(request, meeting), "docx")


def _agenda(request: HttpRequest, meeting: Meeting) -> Paper:
    """The agenda by the reader's own clock."""
    return agenda_paper(meeting, zone=own_place(request.user, meeting.community).zone)
