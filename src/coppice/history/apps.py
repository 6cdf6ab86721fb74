"""Who did what, when, to what: one append-only record, and the receipts of forms sent."""

from django.apps import AppConfig


class HistoryConfig(AppConfig):
    name = "coppice.history"
