"""Meetings: dates, replies, attendance, the pulse after, calendar files."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "coppice.meetings"

    def ready(self) -> None:
        from coppice.communities import next_steps, plan_effects, practice_ways, tabs, talk_ways, trials
        from coppice.meetings import (
            finding,
            inbound,
            minutes_models,  # noqa: F401 -- its models are to be known
            receivers,
        )
        from coppice.meetings.digest_lines import news_for_invited
        from coppice.meetings.keeping import of_lesson
        from coppice.meetings.links import first_answer
        from coppice.meetings.plan_effects import of_meetings, to_a_series
        from coppice.meetings.talk_ways import led_to_a_time, time_polls_of, to_find_a_time

        tabs.register(tabs.Tab("meetings", _("Meetings"), "meetings:meetings", 3))
        next_steps.register(first_answer)
        plan_effects.register(of_meetings)
        plan_effects.register_way(to_a_series)
        talk_ways.register(to_find_a_time, time_polls_of, led_to_a_time)
        practice_ways.register("lesson", of_lesson)
        receivers.connect()
        finding.register()
        inbound.connect()
        trials.register(news_for_invited)
