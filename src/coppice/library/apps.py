"""The library of a community: files, links and pages, in few folders and under many topics."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LibraryConfig(AppConfig):
    name = "coppice.library"

    def ready(self) -> None:
        from coppice.communities import plan_effects, practice_ways, tabs, talk_ways
        from coppice.library import finding, keeping, news, practice_finding, template_finding
        from coppice.library.plan_effects import of_library, to_folders

        tabs.register(tabs.Tab("library", _("Library"), "library:library", 6))
        plan_effects.register(of_library)
        plan_effects.register_way(to_folders)
        finding.register()
        news.register()
        practice_finding.register()
        template_finding.register()
        practice_ways.register_keeper(keeping.address)
        talk_ways.register(keeping.no_way, keeping.practices_of, keeping.led_to_a_practice)
