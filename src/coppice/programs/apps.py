"""Who provides what to whom: provider, program, organization, roster, staff, wording."""

from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    name = "coppice.programs"
