"""Live rooms: people in one room or call go through steps together, each on their own screen."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LiveConfig(AppConfig):
    name = "coppice.live"

    def ready(self) -> None:
        from coppice.communities import next_steps, tabs
        from coppice.live import polls, queries, receivers, talk
        from coppice.live.kinds import register

        tabs.register(tabs.Tab("live", _("Live"), "live:community_rooms", 4))
        next_steps.register_choices(queries.join_from_place, where=queries.goes_on)
        for kind in (talk.Talk(), *polls.KINDS):
            register(kind)
        receivers.connect()
