"""Addresses of meetings."""

from django.urls import URLPattern, path

from coppice.meetings.views import (
    attendance,
    links,
    meetings,
    series,
    series_links,
    time_links,
    time_polls,
)

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
    path("communities/<int:community_id>/meetings/times/", time_polls.find_time, name="find_time"),
    path("communities/<int:community_id>/meetings/series/", series.plan_series, name="plan_series"),
    path("communities/<int:community_id>/meetings/series/times/", series.find_series, name="find_series"),
    path("meeting-series/<int:series_id>/", series.series, name="series"),
    path("meeting-series/<int:series_id>/meetings.ics", series.series_file, name="series_file"),
    path("meeting-series/<int:series_id>/replies/", series.series_reply, name="series_reply"),
    path("meetings/<int:meeting_id>/following/", series.following, name="following"),
    path("meetings/<int:meeting_id>/series-end/", series.series_end, name="series_end"),
    path("meeting-series-answers/<str:token>/", series_links.series_answer, name="series_answer"),
    path(
        "meeting-series-answers/<str:token>/replies/",
        series_links.series_answer_reply,
        name="series_answer_reply",
    ),
    path(
        "meeting-series-answers/<str:token>/meetings.ics",
        series_links.series_answer_file,
        name="series_answer_file",
    ),
    path("time-polls/<int:poll_id>/", time_polls.time_poll, name="time_poll"),
    path("time-polls/<int:poll_id>/answers.csv", time_polls.time_poll_file, name="time_poll_file"),
    path(
        "time-polls/<int:poll_id>/answers/<int:membership_id>/",
        time_polls.times_for_somebody,
        name="times_for_somebody",
    ),
    path("time-polls/<int:poll_id>/closing/", time_polls.time_poll_closing, name="time_poll_closing"),
    path("proposed-times/<int:time_id>/plan/", time_polls.plan_time, name="plan_time"),
    path("meeting-times/<str:token>/", time_links.times, name="times"),
    path("meeting-times/<str:token>/answers/", time_links.times_answers, name="times_answers"),
]
