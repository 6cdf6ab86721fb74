"""Who a person is to Coppice: account, sign-in, consent, privacy."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "coppice.accounts"
