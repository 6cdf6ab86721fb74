"""What people type to keep the peace: until when somebody only reads, a title, the code of conduct."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from coppice.conversations.models import LONGEST_TITLE
from coppice.conversations.moderation_models import LONGEST_REASON
from coppice.conversations.peace_models import LONGEST_CONDUCT
from coppice.lib.lines import LineFormField
from coppice.ui.widgets import DateInput

LONGEST_STOP = timedelta(days=92)


class StopForm(forms.Form):
    """Until when somebody only reads, and why."""

    until = forms.DateField(
        label=_("Until and with"),
        widget=DateInput,
        error_messages={"required": _("Choose the last day.")},
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_(
            "They read this in a mail and where they would write; besides them only those who may "
            "let them write again."
        ),
        error_messages={"required": _("Say why, in a sentence that you would say to them yourself.")},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today

    def clean_until(self) -> date:
        day: date = self.cleaned_data["until"]
        last = self._today + LONGEST_STOP
        if not self._today <= day <= last:
            raise forms.ValidationError(
                _("Choose a day from today to %(last)s.") % {"last": date_format(last)}, code="day"
            )
        return day


class SplitForm(forms.Form):
    """The title of the conversation that a post becomes."""

    title = LineFormField(
        label=_("Title of the new conversation"),
        max_length=LONGEST_TITLE,
        error_messages={"required": _("Give it a title, so that others see what it is about.")},
    )
    with_later = forms.BooleanField(
        label=_("Bring along everything that was written after it"), required=False
    )


class ConductForm(forms.Form):
    """The code of conduct; `number` is the version that was read when it was written anew."""

    text = forms.CharField(
        label=_("How we treat each other"),
        max_length=LONGEST_CONDUCT,
        widget=forms.Textarea(attrs={"rows": 16, "dir": "auto"}),
        error_messages={"required": _("Write something first.")},
    )
    number = forms.IntegerField(widget=forms.HiddenInput)
