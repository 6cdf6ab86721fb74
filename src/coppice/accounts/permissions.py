"""Who may do what to an account: its person, and nobody else."""

from typing import Any

from allauth.usersessions.models import UserSession

from coppice.accounts.models import Person


def owns_session(person: Any, session: UserSession) -> bool:
    """Say whether the session is this person's own: nobody ends another's."""
    return person.is_authenticated and session.user_id == person.pk


def owns_account(person: Any, account: Person) -> bool:
    """Say whether the account is this person's own: nobody downloads, erases or changes another's."""
    return person.is_authenticated and account.pk == person.pk
