"""What people type about a community, their invitation and its answers."""

import copy
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coppice.accounts.zones import ZoneField
from coppice.communities.models import Community, InvitationWord
from coppice.ui.edits import EditForm
from coppice.ui.widgets import DateInput

LONGEST = 2000


class WordsForm(forms.Form):
    """What an invited person may want to say, whatever they answer."""

    question = forms.CharField(label=_("A question"), required=False, max_length=LONGEST)
    worry = forms.CharField(label=_("What worries you about this?"), required=False, max_length=LONGEST)
    experience = forms.CharField(
        label=_("How did something like this go for you before?"),
        help_text=_("What went well, what went badly."),
        required=False,
        max_length=LONGEST,
    )
    declining = forms.CharField(
        label=_("If you say no: would you tell us why?"),
        help_text=_("You need not."),
        required=False,
        max_length=LONGEST,
    )

    def __init__(self, *args: Any, with_declining: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_declining:
            del self.fields["declining"]
        for field in self.fields.values():
            field.widget = forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST})

    @property
    def words(self) -> dict[str, str]:
        """What was written, by kind, without the reason for a no."""
        kinds = [InvitationWord.Kind.QUESTION, InvitationWord.Kind.WORRY, InvitationWord.Kind.EXPERIENCE]
        return {kind: self.cleaned_data[kind] for kind in kinds if self.cleaned_data[kind].strip()}


class FrameForm(EditForm, forms.ModelForm):
    """The frame that staff give a community. Works on a copy, so that an action can compare."""

    time_zone = ZoneField(label=_("Time zone"))

    class Meta:
        model = Community
        fields = [
            "name",
            "topic",
            "purpose",
            "asked",
            "hours_per_month",
            "benefit",
            "starts_on",
            "ends_on",
            "time_zone",
            "stage",
        ]
        labels = {"topic": _("Topic")}
        widgets = {"starts_on": DateInput, "ends_on": DateInput}
        help_texts = {
            "asked": _("For example: one meeting a month, and trying one thing between meetings."),
            "ends_on": _("A group knows its end from the first day. It can decide to go on."),
        }

    def __init__(self, answers: Any = None, *, instance: Community) -> None:
        super().__init__(answers, instance=copy.copy(instance))
        self.fields["topic"].queryset = instance.program.topics.all()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on <= starts_on:
            self.add_error("ends_on", _("The end comes after the start. Choose a later day."))
        return cleaned


class AnswerForm(EditForm, forms.Form):
    """Staff answer what an invited person wrote."""

    is_edit = True

    answer = forms.CharField(
        label=_("Your answer"),
        help_text=_("It is mailed to the person at once, and stands on their invitation page."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=LONGEST * 2,
    )


class SearchForm(forms.Form):
    """Find somebody on the roster."""

    q = forms.CharField(
        label=_("Name, organization or email address"), required=False, max_length=100, strip=True
    )


class SheetForm(forms.Form):
    """Whose sheet is asked for, by membership; without an answer everybody's."""

    only = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
