"""Profiles: what people need and know, alone and together, and who can help whom."""

from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "coppice.profiles"

    def ready(self) -> None:
        from coppice.notifications import standings
        from coppice.profiles import inbound, notices, receivers

        standings.register(notices.LIST, notices.standing_in)
        receivers.connect()
        inbound.connect()
