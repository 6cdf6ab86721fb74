"""Who provides what to whom: provider, program, organization, roster, staff, wording."""

from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    name = "coppice.programs"

    def ready(self) -> None:
        from coppice.notifications import mailing_lists
        from coppice.programs import (
            finding,
            mail_lists,
            receivers,  # noqa: F401 - listening begins with the import
        )
        from coppice.search import readers

        mailing_lists.register(mail_lists.LISTS)
        readers.register(finding.keys_of)
