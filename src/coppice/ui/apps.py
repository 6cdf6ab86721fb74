"""Base layout, components, form rendering, static files."""

from django.apps import AppConfig

from coppice.lib import pseudo
from coppice.ui.wording import use_kind_words


class UiConfig(AppConfig):
    name = "coppice.ui"

    def ready(self) -> None:
        pseudo.install()
        use_kind_words()
