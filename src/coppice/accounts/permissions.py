"""Who may do what to an account: its person, and nobody else."""

from typing import Any

from allauth.usersessions.models import UserSession


def owns_session(person: Any, session: UserSession) -> bool:
    """Say whether the session is this person's own: nobody ends another's."""
    return person.is_authenticated and session.user_id == person.pk
