"""The means by which words reach people: mail now; digest and push later."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "coppice.notifications"
