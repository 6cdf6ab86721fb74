"""Addresses of stewardship."""

from django.urls import path

from coppice.stewardship import views

app_name = "stewardship"
urlpatterns = [
    path("communities/<int:community_id>/check-ins/new/", views.check_in, name="check_in"),
    path("check-ins/<int:check_in_id>/", views.correction, name="correction"),
    path("check-ins/<int:check_in_id>/removal/", views.removal, name="removal"),
    path("communities/<int:community_id>/snooze/", views.snooze, name="snooze"),
]
