"""How allauth speaks through Coppice: its mail goes through the outbox, and nobody signs up uninvited."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by invitation links, never by an open sign-up form."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
