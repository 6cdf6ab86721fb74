"""Addresses of the pages that join rooms."""

from django.urls import path

from coppice.home import views

app_name = "home"
urlpatterns = [
    path("", views.home, name="home"),
    path("communities/", views.communities, name="communities"),
    path("communities/<int:community_id>/", views.now, name="now"),
    path("programs/<int:program_id>/", views.board, name="board"),
    path("programs/<int:program_id>/leader-calls/", views.calls, name="calls"),
    path("programs/<int:program_id>/setup/", views.setup, name="setup"),
    path("programs/<int:program_id>/summary/", views.summary, name="summary"),
    path("programs/<int:program_id>/summary.csv", views.summary_file, name="summary_file"),
    path("organizations/<int:organization_id>/", views.organization, name="organization"),
]
