"""Addresses of meetings."""

from django.urls import URLPattern, path

from coppice.meetings.views import attendance, calendars, feeds, links, meetings, time_links, time_polls

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
    path("communities/<int:community_id>/meetings.ics", feeds.community_file, name="community_file"),
    path("communities/<int:community_id>/calendar/", calendars.community_calendar, name="community_calendar"),
    path("programs/<int:program_id>/calendar/", calendars.program_calendar, name="program_calendar"),
    path("calendar/", calendars.calendar, name="calendar"),
    path("calendar/feeds/", feeds.feeds, name="feeds"),
    path("calendar-feeds/<int:feed_id>/renewal/", feeds.renewal, name="feed_renewal"),
    path("calendar-feeds/<int:feed_id>/revocation/", feeds.revocation, name="feed_revocation"),
    path("calendars/<str:token>.ics", feeds.feed, name="feed"),
    path("meeting-answers/<str:token>/", links.answer, name="answer"),
    path("meeting-answers/<str:token>/reply/", links.answer_reply, name="answer_reply"),
    path("meeting-answers/<str:token>/meeting.ics", links.answer_calendar_file, name="answer_calendar_file"),
    path("pulses/<str:token>/", links.pulse, name="pulse"),
    path("pulses/<str:token>/answer/", links.pulse_answer, name="pulse_answer"),
    path("communities/<int:community_id>/meetings/times/", time_polls.find_time, name="find_time"),
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
