"""Forming communities: rounds, proposals, edits by hand, publication, and what comes after it."""

from django.apps import AppConfig


class FormationConfig(AppConfig):
    name = "coppice.formation"

    def ready(self) -> None:
        from coppice.communities import next_steps
        from coppice.formation import own_choices

        next_steps.register_choices(own_choices.swap_choice)
