"""Who may do what to an account: its person, and nobody else."""

from typing import Any

from allauth.usersessions.models import UserSession


def owns_session(person: Any, session: UserSession) -> bool:
    """Say whether the session is this person's own: nobody ends another's."""
    return person.is_authenticated and session.user_id == person.pk


def owns_feed(person: Any, feed: Any) -> bool:
    """Say whether a feed (`SecretFeed`) is this person's own: nobody else renews or revokes it."""
    owner_id: int = feed.person_id
    return owner_id == person.pk
