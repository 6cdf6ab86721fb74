"""Addresses of the demo; included only where the demo runs."""

from django.urls import path

from coppice.demo import views

app_name = "demo"
urlpatterns = [
    path("demo/", views.demo, name="demo"),
    path("demo/sign-in/<slug:key>/", views.sign_in, name="sign_in"),
]
