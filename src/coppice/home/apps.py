"""Pages that join rooms: my home, a community's Now, the program board, set-up, summaries."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "coppice.home"

    def ready(self) -> None:
        from coppice.communities.tabs import Tab, register
        from coppice.home.next_meeting import told
        from coppice.library import template_facts

        template_facts.register("next_meeting", told)
        register(Tab(key="now", label=_("Now"), url_name="home:now", position=1))
