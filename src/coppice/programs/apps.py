"""Who provides what to whom: provider, program, organization, roster, staff, wording."""

from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    name = "coppice.programs"

    def ready(self) -> None:
        from coppice.programs import finding, receivers  # noqa: F401 - listening begins with the import
        from coppice.search import readers

        readers.register(finding.keys_of)
