"""What people type about their charter: its parts, what they say about a version, and answers to that."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coppice.communities.charter_models import LONGEST_CONSENT, LONGEST_PART, CharterDraft, Consent
from coppice.communities.consents import WorkedThrough
from coppice.communities.errors import ObjectionUnfounded
from coppice.lib.errors import DomainError
from coppice.lib.lines import LineFormField
from coppice.programs.validators import validate_day
from coppice.ui.edits import EditForm
from coppice.ui.widgets import DateInput


def _long(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=LONGEST_PART,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST_PART}),
    )


class CharterForm(EditForm, forms.Form):
    """The parts of a charter beside the plan."""

    is_edit = True

    mission = _long(_("Mission"), _("What you are here for, in one or two sentences."))
    scope = _long(_("What belongs to it, and what does not"))
    sponsor = LineFormField(
        label=_("Sponsor"),
        required=False,
        max_length=240,
        help_text=_("Who stands behind you, and for what."),
    )
    norms = _long(_("How we treat each other"), _("Three or four sentences that you would say aloud."))
    confidentiality = _long(_("What stays among us"))

    def __init__(self, data: Any = None, *, draft: CharterDraft) -> None:
        begun = {name: getattr(draft, name) for name in self.base_fields}
        if draft.pk is None:  # nothing is written yet: begin with what the group is for
            begun["mission"] = draft.community.purpose[:LONGEST_PART]
        super().__init__(data, initial=begun)


class ProposalForm(forms.Form):
    """Until when people answer."""

    closes_on = forms.DateField(
        label=_("People answer until"),
        widget=DateInput,
        validators=[validate_day],
        help_text=_("Two weeks are usual. It closes by itself on the day after, and leaders hear of it."),
    )


class ConsentForm(forms.Form):
    """What a member says about a version."""

    answer = forms.ChoiceField(
        label=_("What do you say?"), choices=Consent.Answer.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("Your note, or your reason"),
        help_text=_("An objection needs a reason: what would harm the group?"),
        required=False,
        max_length=LONGEST_CONSENT,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_CONSENT}),
    )
    proposal = forms.CharField(
        label=_("If you object: what would you have instead?"),
        required=False,
        max_length=LONGEST_CONSENT,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_CONSENT}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("answer") == Consent.Answer.OBJECT and not cleaned.get("words", "").strip():
            self.add_error("words", ObjectionUnfounded.sentence)
        return cleaned


class ObjectionForm(EditForm, forms.Form):
    """How an objection is worked through."""

    is_edit = True

    way = forms.ChoiceField(
        label=_("How do you answer it?"), choices=Consent.Way.choices, widget=forms.RadioSelect
    )
    reply = forms.CharField(
        label=_("What changes, or why not"),
        max_length=LONGEST_CONSENT,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST_CONSENT}),
    )


class ResolutionForm(forms.Form):
    """What the writer of an objection says about its answer."""

    is_resolved = forms.TypedChoiceField(
        label=_("Is your objection resolved?"),
        choices=[("yes", _("Yes, it is resolved")), ("no", _("No, it stands"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )

    @classmethod
    def about(cls, objection: WorkedThrough | None) -> "ResolutionForm":
        """The form with what was said of an objection by now."""
        said = objection.is_resolved if objection else None
        return cls(initial={} if said is None else {"is_resolved": "yes" if said else "no"})

    def is_kept(self, keep: Callable[..., Any]) -> bool:
        """Whether what was sent is valid and `keep` took it; if not, the form says why."""
        if not self.is_valid():
            return False
        try:
            keep(is_resolved=self.cleaned_data["is_resolved"])
        except DomainError as refused:
            self.add_error(None, str(refused.sentence))
            return False
        return True
