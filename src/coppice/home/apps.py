"""Pages that join rooms: my home, a community's Now, the program board, set-up, summaries."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "coppice.home"
