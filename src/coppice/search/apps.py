"""Search: one index of what can be found, with who may see it, and the page that looks in it."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "coppice.search"
