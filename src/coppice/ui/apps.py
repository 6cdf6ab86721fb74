"""Base layout, components, form rendering, static files."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "coppice.ui"
