"""Addresses of meetings."""

from django.urls import URLPattern, path

from coppice.meetings.views import attendance, links, meetings

app_name = "meetings"
urlpatterns: list[URLPattern] = [
    path("communities/<int:community_id>/meetings/", meetings.meetings, name="meetings"),
    path("communities/<int:community_id>/meetings/new/", meetings.plan, name="plan"),
    path("communities/<int:community_id>/meetings/past/", meetings.enter, name="enter"),
    path("meetings/<int:meeting_id>/", meetings.meeting, name="meeting"),
    path("meetings/<int:meeting_id>/edit/", meetings.edit, name="edit"),
    path("meetings/<int:meeting_id>/cancellation/", meetings.cancellation, name="cancellation"),
    path("meetings/<int:meeting_id>/reply/", meetings.reply, name="reply"),
    path("meetings/<int:meeting_id>/asking-again/", meetings.asking_again, name="asking_again"),
    path("meetings/<int:meeting_id>/attendance/", attendance.attendance, name="attendance"),
    path("meetings/<int:meeting_id>/meeting.ics", meetings.calendar_file, name="calendar_file"),
    path("meeting-answers/<str:token>/", links.answer, name="answer"),
    path("meeting-answers/<str:token>/reply/", links.answer_reply, name="answer_reply"),
    path("meeting-answers/<str:token>/meeting.ics", links.answer_calendar_file, name="answer_calendar_file"),
    path("pulses/<str:token>/", links.pulse, name="pulse"),
    path("pulses/<str:token>/answer/", links.pulse_answer, name="pulse_answer"),
]
