"""The community: its members, roles, stage and invitations."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CommunitiesConfig(AppConfig):
    name = "coppice.communities"

    def ready(self) -> None:
        from coppice.communities import (
            finding,
            finding_people,
            finding_plans,
            inbound,
            keeping,
            mail_lists,
            next_steps,
            own_profile,
            practice_ways,
            queries,
            receivers,
            roster_answers,
            tabs,
        )
        from coppice.notifications import mailing_lists, standings
        from coppice.programs import answers

        receivers.connect()
        finding.register()
        inbound.connect()
        finding_people.register()
        finding_plans.register()
        tabs.register(tabs.Tab("needs", _("Needs"), "communities:needs", 4))
        tabs.register(tabs.Tab("plan", pgettext_lazy("tab of a community", "Plan"), "communities:plan", 5))
        tabs.register(tabs.Tab("people", _("People"), "communities:people", 7))
        next_steps.register_choices(own_profile.ask_once, where=own_profile.has_yet_to_say)
        answers.register(roster_answers.TELLER)
        practice_ways.register("commitment", keeping.of_commitment)
        standings.register("community", queries.standing_in)
        mailing_lists.register(mail_lists.LISTS)
