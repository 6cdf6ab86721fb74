"""What notifications do when somebody signs out."""

from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from coppice.notifications import push


@receiver(user_logged_out, dispatch_uid="notifications.forget_the_browser")
def forget_the_browser(sender: Any, *, request: HttpRequest | None, **_rest: Any) -> None:
    """Knock no more at a browser in which somebody signed out: others may use it now."""
    if request is not None and hasattr(request, "session"):
        push.forget_session(request.session)
