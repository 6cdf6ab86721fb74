"""Conversations: what people of a community ask, offer and tell each other."""

from django.apps import AppConfig
from django.utils.translation import ngettext, pgettext_lazy


class ConversationsConfig(AppConfig):
    name = "coppice.conversations"

    def ready(self) -> None:
        from coppice.communities import tabs
        from coppice.conversations import finding, inbound, news, telling_check
        from coppice.conversations import reading_models as reading_models  # its models are to be known
        from coppice.conversations.queries import count_new, counted

        def in_words(count: int) -> str:
            return ngettext(
                "%(count)s conversation with something new",
                "%(count)s conversations with something new",
                count,
            ) % {"count": count}

        finding.register()
        news.register()
        inbound.register_all()
        telling_check.register()
        label = pgettext_lazy("tab of a community", "Talk")
        tabs.register(tabs.Tab("talk", label, "conversations:threads", 2, count_new, in_words, counted))
