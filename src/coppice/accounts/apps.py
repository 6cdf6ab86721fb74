"""Who a person is to Coppice: account, sign-in, consent, privacy."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "coppice.accounts"

    def ready(self) -> None:
        from coppice.accounts import finding, receivers  # noqa: F401  connects what it holds
        from coppice.search import readers

        readers.register(finding.keys_of)
