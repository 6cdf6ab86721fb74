"""Addresses of live rooms."""

from django.urls import URLPattern, path

from coppice.live.views import joining, moves, people, rooms, screens

app_name = "live"
urlpatterns: list[URLPattern] = [
    path("programs/<int:program_id>/live/", rooms.program_rooms, name="program_rooms"),
    path("programs/<int:program_id>/live/new/", rooms.create, name="create"),
    path("communities/<int:community_id>/live/", rooms.community_rooms, name="community_rooms"),
    path("communities/<int:community_id>/live/new/", rooms.create_in_community, name="create_in_community"),
    path("live-rooms/<int:room_id>/", rooms.room, name="room"),
    path("live-rooms/<int:room_id>/agenda/", rooms.agenda, name="agenda"),
    path("live-rooms/<int:room_id>/steps/<slug:kind>/", rooms.new_step, name="new_step"),
    path("live-rooms/<int:room_id>/run-sheet/", rooms.run_sheet, name="run_sheet"),
    path("live-rooms/<int:room_id>/people/", people.people, name="people"),
    path("live-rooms/<int:room_id>/undo/", moves.undo, name="undo"),
    path("live-rooms/<int:room_id>/end/", rooms.end, name="end"),
    path("live-rooms/<int:room_id>/results/", rooms.results, name="results"),
    path("live-rooms/<int:room_id>/results.csv", rooms.results_file, name="results_file"),
    path("live-steps/<int:step_id>/", rooms.step, name="step"),
    path("live-steps/<int:step_id>/removal/", rooms.removal, name="removal"),
    path("live-steps/<int:step_id>/earlier/", rooms.earlier, name="earlier"),
    path("live-steps/<int:step_id>/later/", rooms.later, name="later"),
    path("live-steps/<int:step_id>/opening/", moves.opening, name="opening"),
    path("live-steps/<int:step_id>/showing/", moves.showing, name="showing"),
    path("live-steps/<int:step_id>/closing/", moves.closing, name="closing"),
    path("live-steps/<int:step_id>/pause/", moves.pause, name="pause"),
    path("live-steps/<int:step_id>/running/", moves.running, name="running"),
    path("live-steps/<int:step_id>/minute/", moves.minute, name="minute"),
    path("live-steps/<int:step_id>/repetition/", moves.repetition, name="repetition"),
    path("live-steps/<int:step_id>/acts/<slug:act>/", moves.host_act, name="host_act"),
    path("live-answers/<int:answer_id>/hiding/", moves.hiding, name="hiding"),
    path("live-answers/<int:answer_id>/return/", moves.bringing_back, name="bringing_back"),
    path("live-participants/<int:participant_id>/removal/", people.removal, name="participant_removal"),
    path("join/", joining.code, name="code"),
    path("join/<str:code>/", joining.join, name="join"),
    path("projector/<str:token>/", screens.projector, name="projector"),
    path("live/events/<str:stream>/", screens.events, name="events"),
    path("live/<str:token>/own/", screens.own, name="own"),
    path("live/<str:token>/", screens.phone, name="phone"),
    path("live/<str:token>/steps/<int:step_id>/<slug:act>/", screens.act, name="act"),
]
