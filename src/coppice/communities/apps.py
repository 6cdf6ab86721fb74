"""The community: its members, roles, stage and invitations."""

from django.apps import AppConfig


class CommunitiesConfig(AppConfig):
    name = "coppice.communities"

    def ready(self) -> None:
        from coppice.communities import receivers

        receivers.connect()
