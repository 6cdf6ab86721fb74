"""What people type about needs."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coppice.lib.lines import LineFormField
from coppice.ui.widgets import DateInput

USUAL_TIME = timedelta(days=14)


class AssessmentForm(forms.Form):
    """What a round is called, and until when people can answer."""

    name = LineFormField(label=_("Name of this round"), max_length=200)
    closes_on = forms.DateField(label=_("Last day to answer"), widget=DateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["name"].initial = _("What people need, %(year)s") % {"year": today.year}
        self.fields["closes_on"].initial = today + USUAL_TIME
