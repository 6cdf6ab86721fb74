"""Forming communities: rounds, proposals, edits by hand, publication."""

from django.apps import AppConfig


class FormationConfig(AppConfig):
    name = "coppice.formation"
