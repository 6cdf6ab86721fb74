"""How many photos somebody sends: unpacking each keeps a processor busy."""

from allauth.core.internal.ratelimit import consume
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

MANY = _("These were many photos. Wait ten minutes.")


def may_send_one_more(request: HttpRequest, *, giver: str) -> bool:
    """Count one more photo of a giver, such as "profile:7", and say whether it is within PHOTO_LIMITS."""
    return bool(consume(request, app="photos", action="giver", config=settings.PHOTO_LIMITS, key=giver))
