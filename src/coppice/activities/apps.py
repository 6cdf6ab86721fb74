"""Formats for live rooms: who meets whom, and what comes of it."""

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "coppice.activities"

    def ready(self) -> None:
        from coppice.activities import agendas, networking
        from coppice.live.kinds import register

        register(networking.Networking())
        agendas.register_all()
