"""Addresses of search."""

from django.urls import URLPattern, path

from coppice.search import views

app_name = "search"
urlpatterns: list[URLPattern] = [path("search/", views.search, name="search")]
