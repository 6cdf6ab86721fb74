"""Addresses of formats that need more than the acts of a step."""

from django.urls import URLPattern, path

from coppice.activities import poster_sheets, poster_views, views, web_views

app_name = "activities"
urlpatterns: list[URLPattern] = [
    path("live-photos/<str:token>/<int:step_id>/", views.photo, name="photo"),
    path("live-pictures/<str:token>/<slug:size>/", views.picture, name="picture"),
    path("live-steps/<int:step_id>/cards/", views.cards, name="cards"),
    path("live-steps/<int:step_id>/cards/<int:card_id>/<slug:size>/", views.card_photo, name="card_photo"),
    path("live-posters/<str:token>/<int:step_id>/", poster_views.photo, name="poster_photo"),
    path("live-poster-pictures/<str:token>/<slug:size>/", poster_views.picture, name="poster_picture"),
    path("live-walls/<int:wall_id>/", poster_sheets.sheet, name="wall_sheet"),
    path("live-walls/<int:wall_id>/posters.csv", poster_sheets.file, name="wall_file"),
    path("live-walls/<int:wall_id>/<int:poster_id>/<slug:size>/", poster_sheets.picture, name="wall_picture"),
    path("live-webs/<int:web_id>/", web_views.web, name="web"),
    path("live-webs/<int:web_id>/drawing/", web_views.drawing, name="web_drawing"),
    path("live-webs/<int:web_id>/web.csv", web_views.file, name="web_file"),
]
