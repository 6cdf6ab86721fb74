"""What people type when they flag a post, hide one, or answer a first one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from coppice.conversations.moderation_models import LONGEST_REASON, Flag


class FlagForm(forms.Form):
    """Why whoever leads should look at a post."""

    reason = forms.ChoiceField(
        label=_("What is wrong with it?"),
        choices=Flag.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what comes closest.")},
    )
    words = forms.CharField(
        label=_("In your words"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


class HidingForm(forms.Form):
    """Why a post is hidden, for the others to read; or the answer to a first post, for its author."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("A sentence that you would say to them yourself."),
        error_messages={"required": _("Say why, in a sentence that you would say to them yourself.")},
    )
