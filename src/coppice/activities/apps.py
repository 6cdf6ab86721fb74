"""Formats for live rooms: who meets whom, and what comes of it."""

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "coppice.activities"

    def ready(self) -> None:
        from coppice.activities import (
            agendas,
            agreeing,
            dots,
            gallery,
            interviews,
            market,
            needs,
            networking,
            posters,
            receivers,
            themes,
            web,
        )
        from coppice.activities.registers import registers_of
        from coppice.communities.canvas import register_source
        from coppice.live.kinds import register

        for kind in (
            *(networking.Networking(), interviews.Interviews(), themes.Themes()),
            web.WebOfNeeds(),
            *(needs.Alone(), needs.PairsChoose(), needs.FoursChoose(), dots.Dots()),
            *(gallery.Bring(), gallery.WalkThrough()),
            *(posters.PutUp(), posters.Gather()),
            *(market.Writing(), market.Reading(), market.MatchList()),
            agreeing.PlanQuestion(),
        ):
            register(kind)
        agendas.register_all()
        receivers.connect()
        register_source(registers_of)
