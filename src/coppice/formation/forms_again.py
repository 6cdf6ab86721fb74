"""What is chosen before a proposal is worked out again."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coppice.formation.models import Formation

SOME = 5
MOST = 10_000


class AgainForm(forms.Form):
    """Who may move when it is worked out again, and whether people moved by hand are let go."""

    ANYBODY, FEW, NOBODY = "anybody", "few", "nobody"

    who = forms.ChoiceField(
        label=_("Who may move?"),
        choices=[
            (ANYBODY, _("anybody")),
            (FEW, _("at most so many people")),
            (NOBODY, _("nobody, only place who is new")),
        ],
        initial=ANYBODY,
        required=False,
    )
    most_moves = forms.IntegerField(
        label=_("How many people, at most"), min_value=0, max_value=MOST, initial=SOME, required=False
    )
    let_go = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        is_unsaid = cleaned.get("most_moves") is None and "most_moves" not in self.errors
        if cleaned.get("who") == self.FEW and is_unsaid:
            self.add_error("most_moves", _("Say how many people may move at most."))
        return cleaned

    @property
    def terms(self) -> dict[str, Any]:
        """What the action `propose_again` takes; only of a valid form."""
        numbers = {self.FEW: self.cleaned_data["most_moves"], self.NOBODY: 0}
        return {
            "let_go": self.cleaned_data["let_go"],
            "most_moves": numbers.get(self.cleaned_data["who"]),
        }


def again_form(formation: Formation) -> AgainForm:
    """The form as the last run was asked for."""
    if formation.most_moves is None:
        return AgainForm()
    if formation.most_moves == 0:
        return AgainForm(initial={"who": AgainForm.NOBODY})
    return AgainForm(initial={"who": AgainForm.FEW, "most_moves": formation.most_moves})
