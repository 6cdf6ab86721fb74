"""Conversations: what people of a community ask, offer and tell each other."""

from django.apps import AppConfig
from django.utils.translation import ngettext, pgettext_lazy


class ConversationsConfig(AppConfig):
    name = "coppice.conversations"

    def ready(self) -> None:
        from coppice.communities import next_steps, practice_ways, tabs, talk_ways
        from coppice.conversations import (
            decision_finding,
            decision_inbound,
            decision_telling,
            distance,
            finding,
            inbound,
            keeping,
            news,
            telling_check,
        )
        from coppice.conversations import decision_models as decision_models  # its models are to be known
        from coppice.conversations import import_models as import_models
        from coppice.conversations import moderation_models as moderation_models
        from coppice.conversations import peace_models as peace_models
        from coppice.conversations import reading_models as reading_models  # its models are to be known
        from coppice.conversations import remark_models as remark_models
        from coppice.conversations.conduct import first_reading
        from coppice.conversations.moderation_queue import TO_DECIDE, count_column
        from coppice.conversations.own_words import first_look
        from coppice.conversations.queries import as_source, count_new, new_column

        def in_words(count: int) -> str:
            return ngettext(
                "%(count)s thing is new or waits for you",
                "%(count)s things are new or wait for you",
                count,
            ) % {"count": count}

        next_steps.register(first_reading)
        next_steps.register(first_look)
        finding.register()
        distance.register()
        news.register()
        inbound.register_all()
        telling_check.register()
        decision_finding.register()
        decision_telling.register()
        decision_inbound.register_answers()
        talk_ways.register_source(as_source)
        practice_ways.register("thread", keeping.of_thread)
        practice_ways.register("post", keeping.of_post)
        label = pgettext_lazy("tab of a community", "Talk")
        counted = {"new": new_column, TO_DECIDE: count_column}
        tabs.register(tabs.Tab("talk", label, "conversations:threads", 2, count_new, in_words, counted))
