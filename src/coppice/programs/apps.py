"""Who provides what to whom: provider, program, organization, roster, staff, wording."""

from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    name = "coppice.programs"

    def ready(self) -> None:
        from coppice.notifications import mailing_lists
        from coppice.notifications.inbound import register_own_addresses
        from coppice.programs import (
            finding,
            mail_lists,
            receivers,  # noqa: F401 - listening begins with the import
        )
        from coppice.programs.queries import mail_addresses_of
        from coppice.search import readers

        mailing_lists.register(mail_lists.LISTS)
        readers.register(finding.keys_of)
        register_own_addresses(mail_addresses_of)
