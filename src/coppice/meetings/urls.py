"""Addresses of meetings."""

from django.urls import URLPattern, path

from coppice.meetings.views import agendas, attendance, links, meetings, time_links, time_polls

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
    path("meetings/<int:meeting_id>/agenda/", agendas.agenda, name="agenda"),
    path("meetings/<int:meeting_id>/agenda/ready/", agendas.ready, name="agenda_ready"),
    path("meetings/<int:meeting_id>/agenda/waiting/", agendas.waiting, name="agenda_waiting"),
    path("meetings/<int:meeting_id>/agenda/new/", agendas.new_item, name="new_item"),
    path("meetings/<int:meeting_id>/agenda/box/", agendas.ask_for, name="ask_for"),
    path("agenda-items/<int:item_id>/", agendas.item, name="item"),
    path("agenda-items/<int:item_id>/earlier/", agendas.earlier, name="item_earlier"),
    path("agenda-items/<int:item_id>/later/", agendas.later, name="item_later"),
    path("agenda-items/<int:item_id>/taking-up/", agendas.taking_up, name="item_taking_up"),
    path("agenda-items/<int:item_id>/removal/", agendas.removal, name="item_removal"),
    path("agenda-items/<int:item_id>/return/", agendas.returning, name="item_return"),
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
