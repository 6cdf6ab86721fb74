"""What staff type after speaking with a leader."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coppice.stewardship.models import LeaderCheckIn
from coppice.ui.edits import EditForm
from coppice.ui.widgets import DateInput


class LeaderCheckInForm(EditForm, forms.ModelForm):
    """One conversation with a leader."""

    class Meta:
        model = LeaderCheckIn
        fields = ["spoken_on", "mood", "blockers", "agreed_action", "next_on"]
        widgets = {
            "spoken_on": DateInput(),
            "next_on": DateInput(),
            "mood": forms.RadioSelect(),
            "blockers": forms.Textarea(attrs={"rows": 3}),
            "agreed_action": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "mood": _("How the leader and the group seem to you."),
            "next_on": _("Leave it empty to use the program's rhythm."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mood = self.fields["mood"]
        assert isinstance(mood, forms.ChoiceField)
        mood.choices = LeaderCheckIn.Mood.choices
