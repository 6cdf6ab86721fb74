"""Looking after leaders: check-ins and what may derail a community."""

from django.apps import AppConfig


class StewardshipConfig(AppConfig):
    name = "coppice.stewardship"
