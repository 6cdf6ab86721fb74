"""What sign-in pages ask for."""

from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.urls import reverse

register = template.Library()


@register.simple_tag
def outbox_url(email: str) -> str:
    """`{% outbox_url email as outbox %}`: where the demo keeps the mail to this address, or nothing."""
    if not (settings.DEMO or settings.DEBUG):
        return ""
    return reverse("notifications:outbox") + "?" + urlencode({"to": email or ""})
