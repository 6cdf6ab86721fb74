"""The means by which words reach people: mail, digests, knocks at browsers, text messages."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "coppice.notifications"

    def ready(self) -> None:
        from coppice.notifications import receivers  # noqa: F401 - listening begins with the import
