"""Forming communities: rounds, proposals, edits by hand, publication, and what comes after it."""

from django.apps import AppConfig


class FormationConfig(AppConfig):
    name = "coppice.formation"

    def ready(self) -> None:
        from coppice.communities import next_steps
        from coppice.formation import (
            agendas,
            badge_steps,
            interest_steps,
            market_board,
            market_steps,
            own_choices,
            receivers,
            trade_steps,
        )
        from coppice.live.kinds import register
        from coppice.notifications import standings

        receivers.connect()
        standings.register("marketplace", market_board.standing_in)
        next_steps.register_choices(own_choices.swap_choice, where=own_choices.has_a_window)
        for kind in (
            *market_steps.KINDS,
            interest_steps.Interests(),
            badge_steps.Badges(),
            trade_steps.Trading(),
            trade_steps.Naming(),
        ):
            register(kind)
        agendas.register_all()
