"""Addresses of surveys."""

from django.urls import path

from coppice.surveys.views import answering, waves

app_name = "surveys"
urlpatterns = [
    path("programs/<int:program_id>/surveys/", waves.surveys, name="surveys"),
    path("instruments/<int:instrument_id>/", waves.instrument, name="instrument"),
    path("instruments/<int:instrument_id>/instrument.json", waves.instrument_file, name="instrument_file"),
    path("waves/<int:wave_id>/", waves.wave, name="wave"),
    path("waves/<int:wave_id>/responses.csv", waves.responses_file, name="responses_file"),
    path("waves/<int:wave_id>/reminders/", waves.reminders, name="reminders"),
    path("waves/<int:wave_id>/end/", waves.end, name="end"),
    path("surveys/<str:token>/", answering.answering, name="answering"),
    path("surveys/<str:token>/screens/<int:screen>/", answering.screen, name="screen"),
    path("surveys/<str:token>/sending/", answering.sending, name="sending"),
]
