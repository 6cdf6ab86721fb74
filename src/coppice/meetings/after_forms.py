"""What people type in the weeks after a meeting: whether they tried it, and why they were missing."""

import copy
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coppice.meetings.after_models import LONGEST_STORY, FollowUp, MissedMeeting


def _said(value: str) -> bool | None:
    return {"True": True, "False": False}.get(value)


class FollowUpForm(forms.ModelForm):
    """Whether a member tried it, what came of it, and whether others may read that."""

    tried = forms.TypedChoiceField(
        label=_("Did you try it?"), coerce=int, choices=FollowUp.Tried.choices, widget=forms.RadioSelect
    )
    told_colleagues = forms.TypedChoiceField(
        label=_("Did you tell colleagues about it?"),
        coerce=_said,
        empty_value=None,
        required=False,
        choices=[("True", _("Yes")), ("False", _("No")), ("", _("No answer"))],
        widget=forms.RadioSelect,
    )
    effect = forms.TypedChoiceField(
        label=_("What did it change?"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[*FollowUp.Effect.choices, ("", _("Too early to say"))],
        widget=forms.RadioSelect,
    )

    class Meta:
        model = FollowUp
        fields = ["tried", "story", "told_colleagues", "effect", "next_step", "may_show"]
        widgets = {"story": forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_STORY})}
        help_texts = {
            "may_show": _(
                "Without this tick nobody but you reads them. Numbers are only counted, together with those "
                "of at least four others."
            )
        }

    def __init__(
        self, typed: Any = None, *, follow_up: FollowUp, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(
            typed, instance=copy.copy(follow_up), initial=initial, prefix=f"follow_up_{follow_up.pk}"
        )


class MissedForm(forms.ModelForm):
    """Why somebody was missing."""

    reason = forms.ChoiceField(
        label=_("What was it?"), choices=MissedMeeting.Reason.choices, widget=forms.RadioSelect
    )

    class Meta:
        model = MissedMeeting
        fields = ["reason", "words", "shows_name"]
        help_texts = {
            "shows_name": _(
                "Without this tick nobody but you reads your word, and your answer is only counted, together "
                "with those of at least four others of your group."
            )
        }

    def __init__(
        self, typed: Any = None, *, absence: MissedMeeting, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(typed, instance=copy.copy(absence), initial=initial)
