"""Base layout, components, form rendering, static files."""

from django.apps import AppConfig

from coppice.ui.wording import use_kind_words


class UiConfig(AppConfig):
    name = "coppice.ui"

    def ready(self) -> None:
        use_kind_words()
