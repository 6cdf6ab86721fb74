"""What people type of a practice: its answers, a review, and how it went when they tried it."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Membership
from coppice.lib.lines import LineFormField
from coppice.library.forms import NEEDS_A_SOURCE, HasTopics
from coppice.library.models import Item
from coppice.library.practice_models import LONGEST_ANSWER, LONGEST_LINE, WORDS, Evidence, Practice
from coppice.library.practice_wording import QUESTIONS
from coppice.ui.edits import EditForm

ROWS = {"context": 2, "done": 5, "came": 3, "watch_for": 2, "takes": 2}


class PracticeForm(HasTopics, EditForm, forms.ModelForm):
    """The questions that fit a kind. Works on a copy, so that an action can compare."""

    voices = forms.MultipleChoiceField(
        label=_("Whose story is it?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Each is asked whether it may be told. Until they say yes, their name shows to nobody; write the "
            "story so that it does without names."
        ),
    )

    class Meta:
        model = Practice
        fields = ["title", "context", "done", "came", "evidence", "source", "watch_for", "takes", "licence"]
        labels = {
            "source": _("Who found that out, or where does it stand?"),
            "licence": _("Whose is it?"),
        }
        help_texts = {"source": _("A study, a report or an address. It is shown beside it.")}
        widgets = {name: forms.Textarea(attrs={"rows": rows}) for name, rows in ROWS.items()}

    field_order: Sequence[str] = [*Meta.fields[:-1], "topics", "licence", "voices"]

    def __init__(
        self,
        data: Any = None,
        *,
        kind: str,
        members: Sequence[Membership],
        instance: Practice | None = None,
        **more: Any,
    ) -> None:
        if instance is not None:
            instance = copy.copy(instance)
            topics = ", ".join(each.name for each in instance.topics.all())
            known = [str(pk) for pk in instance.voices.values_list("membership", flat=True)]
            more["initial"] = {"topics": topics, "voices": known, **more.get("initial", {})}
        super().__init__(data, instance=instance, **more)
        self.members = {str(each.pk): each for each in members}
        evidence: Any = self.fields["evidence"]
        evidence.choices = [("", _("Choose")), *Evidence.choices]
        licence: Any = self.fields["licence"]
        licence.choices = Item.Licence.choices
        voices: Any = self.fields["voices"]
        voices.choices = [(pk, each.enrollment.name) for pk, each in self.members.items()]
        for name, asked in QUESTIONS[kind].items():
            field: Any = self.fields[name]
            field.label = asked.question
            field.help_text = asked.help or field.help_text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("source"):
            if cleaned.get("evidence") == Evidence.STUDIED:
                self.add_error("source", _("Say who studied it, or where that stands."))
            elif cleaned.get("licence") in NEEDS_A_SOURCE:
                self.add_error(
                    "source", _("Say who made it: this licence asks that their name stands beside it.")
                )
        return cleaned

    @property
    def said(self) -> Mapping[str, Any]:
        """What the actions take; only of a valid form."""
        return {
            "words": {name: self.cleaned_data[name] for name in WORDS},
            "licence": self.cleaned_data["licence"],
            "topics": self.cleaned_data["topics"],
            "voices": [self.members[pk] for pk in self.cleaned_data["voices"]],
        }


class ReviewForm(forms.Form):
    """What another member says of a practice before everybody reads it."""

    READY, MISSING = "ready", "missing"

    good = forms.CharField(
        label=_("What is good?"),
        required=False,
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    missing = forms.CharField(
        label=_("What is missing, or not clear?"),
        required=False,
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    verdict = forms.ChoiceField(
        label=_("Can everybody read it as it is?"),
        choices=[(READY, _("Yes, it is ready")), (MISSING, _("No, send it back with my words"))],
        widget=forms.RadioSelect,
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("verdict") == self.MISSING and not cleaned.get("missing"):
            self.add_error("missing", _("Say what is missing, so that somebody can go on."))
        return cleaned

    @property
    def said(self) -> Mapping[str, Any]:
        """What the action takes; only of a valid form."""
        return {
            "is_ready": self.cleaned_data["verdict"] == self.READY,
            "good": self.cleaned_data["good"],
            "missing": self.cleaned_data["missing"],
        }


class TrialForm(forms.Form):
    """How it went, in one line."""

    words = LineFormField(label=_("How did it go, in one line?"), required=False, max_length=LONGEST_LINE)
