"""Meetings: dates, replies, attendance, the pulse after, calendar files."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "coppice.meetings"

    def ready(self) -> None:
        from coppice.communities import next_steps, tabs
        from coppice.meetings import receivers
        from coppice.meetings.links import first_answer

        tabs.register(tabs.Tab("meetings", _("Meetings"), "meetings:meetings", 3))
        next_steps.register(first_answer)
        receivers.connect()
