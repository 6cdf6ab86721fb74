"""The clock's entry points for accounts."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.tasks import task
from django.utils import timezone

from coppice.lib.clock import every


@every(minutes=60)
@task()
def clear_ended_sessions() -> None:
    """Drop sessions that are over, and the notes of where they were."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    UserSession.objects.filter(~Exists(Session.objects.filter(session_key=OuterRef("session_key")))).delete()
