"""The addresses of the interface itself: one page, for those who build it."""

from django.urls import path

from coppice.ui import views

app_name = "ui"
urlpatterns = [
    path("ui/components/", views.components, name="components"),
    path("ui/components/progress/", views.progress, name="progress"),
    path("ui/components/bare/", views.bare, name="bare"),
]
