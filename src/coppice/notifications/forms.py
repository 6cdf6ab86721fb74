"""What people choose about a list's mail."""

from datetime import timedelta

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

PAUSE = timedelta(days=30)


class Wish(models.TextChoices):
    """How much of a list's mail a person wants: less before none."""

    ON = "on", _("Send it")
    PAUSE = "pause", _("Pause for 30 days")
    OFF = "off", _("Send none")


class WishForm(forms.Form):
    """One list's radio buttons."""

    wish = forms.ChoiceField(choices=Wish)


def end_of_pause(wish: str):
    """Return when a mute that was wished for ends; None when it has no end."""
    return timezone.now() + PAUSE if wish == Wish.PAUSE else None
