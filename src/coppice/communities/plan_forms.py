"""What people type into their community's action plan: answers, goals, and how far a goal is."""

import copy
import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import dates, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from coppice.communities.errors import NothingSaid
from coppice.communities.plan_board import Plan
from coppice.communities.plan_models import (
    LONGEST_FOLDER,
    LONGEST_GOAL,
    LONGEST_MEETING,
    LONGEST_PLAN_ANSWER,
    LONGEST_RULE,
    MOST_FOLDERS,
    SHORTEST_MEETING,
    Goal,
    PlanAnswer,
    PlanFrame,
)
from coppice.lib.lines import LineFormField, one_line
from coppice.programs.validators import validate_day
from coppice.ui.edits import EditForm
from coppice.ui.widgets import DateInput, TimeInput

Question = PlanAnswer.Question

NOT_YET = ("", _("Not decided yet"))


class PlanAnswerForm(EditForm, forms.Form):
    """One question: words, and what is typed of the answer. `typed` names fields of PlanFrame."""

    is_edit = True
    typed: Sequence[str] = ()

    text = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=LONGEST_PLAN_ANSWER,
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": LONGEST_PLAN_ANSWER}),
    )
    asked = ""

    def __init__(self, data: Any = None, *, plan: Plan, question: str, prefix: str | None = None) -> None:
        frame = {name: getattr(plan.frame, name) for name in self.typed}
        super().__init__(data, initial={"text": plan.of(question).text, **frame}, prefix=prefix)

    @property
    def said(self) -> dict[str, Any]:
        """The typed answers, by field of PlanFrame; only of a valid form."""
        return {name: self._typed(name) for name in self.typed}

    @property
    def changes(self) -> dict[str, Any]:
        """The typed answers that are others than those that stood there, and took the place of something."""
        return {
            name: value
            for name, value in self.said.items()
            if self.initial[name] not in (None, "", []) and value != self.initial[name]
        }

    def agrees_to(self, effects: Sequence[str]) -> bool:
        """Say whether whoever sends the form was shown these very effects; `asked` is what shows that."""
        self.asked = hashlib.blake2b("\n".join(effects).encode(), digest_size=6).hexdigest()
        return not effects or self.data.get("agreed") == self.asked

    def _typed(self, name: str) -> Any:
        value = self.cleaned_data[name]
        return value if value != "" or isinstance(self.initial[name], str) else None


class FormatForm(PlanAnswerForm):
    """What kind of meetings."""

    typed = ("formats",)
    field_order = ["formats", "text"]

    formats = forms.MultipleChoiceField(
        label=_("Kinds of meetings"),
        choices=PlanFrame.Format.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class RhythmForm(PlanAnswerForm):
    """How often, how long, by what means."""

    typed = ("rhythm", "minutes", "means")
    field_order = ["rhythm", "minutes", "means", "text"]

    rhythm = forms.ChoiceField(
        label=_("How often"),
        choices=[NOT_YET, *PlanFrame.Rhythm.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    minutes = forms.IntegerField(
        label=_("Length in minutes"),
        required=False,
        min_value=SHORTEST_MEETING,
        max_value=LONGEST_MEETING,
        help_text=_("Usually 60."),
    )
    means = forms.ChoiceField(
        label=_("By what means"), choices=[NOT_YET, *PlanFrame.Means.choices], required=False
    )


class DatesForm(PlanAnswerForm):
    """On which days, when not, and when the plan is looked at again."""

    typed = ("weekday", "week_of_month", "starts_at", "first_on", "months_off", "renews_on")
    field_order = [*typed, "text"]

    weekday = forms.TypedChoiceField(
        label=_("Weekday"),
        choices=[NOT_YET, *PlanFrame.Weekday.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    week_of_month = forms.TypedChoiceField(
        label=_("Which of them, if you meet by the month"),
        choices=[("", _("Every one, by the rhythm that you chose")), *PlanFrame.Week.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    starts_at = forms.TimeField(
        label=_("Time"),
        required=False,
        widget=TimeInput,
        help_text=_("By the clock of your group; everybody reads it in their own zone."),
    )
    first_on = forms.DateField(
        label=_("The first meeting"), required=False, widget=DateInput, validators=[validate_day]
    )
    months_off = forms.TypedMultipleChoiceField(
        label=_("Months without a meeting"),
        choices=list(dates.MONTHS.items()),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    renews_on = forms.DateField(
        label=_("We look at this plan again on"), required=False, widget=DateInput, validators=[validate_day]
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, weekday = cleaned.get("first_on"), cleaned.get("weekday")
        if first and weekday is not None and first.weekday() != weekday:
            told = _("This day is a %(day)s. Choose one that falls on the weekday above, or change that.")
            self.add_error("first_on", told % {"day": dates.WEEKDAYS[first.weekday()]})
        return cleaned


class FoldersField(forms.CharField):
    """Names of folders, one a line, as a list; the same name twice counts once."""

    widget = forms.Textarea(attrs={"rows": 6})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        lines = [one_line(line) for line in super().clean(value).splitlines()]
        known: dict[str, str] = {}
        for line in filter(None, lines):
            known.setdefault(line.casefold(), line)
        names = list(known.values())
        if len(names) > MOST_FOLDERS:
            raise forms.ValidationError(
                _("These are %(count)d folders. Keep %(most)d at most: people find things by topics."),
                params={"count": len(names), "most": MOST_FOLDERS},
                code="too_many",
            )
        if any(len(name) > LONGEST_FOLDER for name in names):
            raise forms.ValidationError(
                _("Give each folder a name of at most %(most)d letters."),
                params={"most": LONGEST_FOLDER},
                code="too_long",
            )
        return names


class SharingForm(PlanAnswerForm):
    """Which folders there are, and by which rules things are kept."""

    typed = ("library_folders", "library_adders", "library_naming", "library_never", "library_months")
    field_order = [*typed, "text"]

    library_folders = FoldersField(
        label=_("Folders of our library, one a line"),
        required=False,
        help_text=_("A few are enough, such as: Meetings, Tools that work, Guidelines."),
    )
    library_adders = forms.ChoiceField(
        label=_("Who adds to the library"), choices=[NOT_YET, *PlanFrame.Adders.choices], required=False
    )
    library_naming = LineFormField(
        label=_("How we name things"),
        required=False,
        max_length=LONGEST_RULE,
        help_text=_("For example: what it is, then the year."),
    )
    library_never = LineFormField(
        label=_("What never goes in"),
        required=False,
        max_length=LONGEST_RULE,
        help_text=_("For example: names of clients, and papers that we have no right to pass on."),
    )
    library_months = forms.TypedChoiceField(
        label=_("How long we keep things"),
        choices=[("", _("As long as the group lasts")), *PlanFrame.Kept.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )


FORMS: dict[str, type[PlanAnswerForm]] = {
    Question.FORMAT: FormatForm,
    Question.RHYTHM: RhythmForm,
    Question.DATES: DatesForm,
    Question.SHARING: SharingForm,
}


class GoalForm(EditForm, forms.ModelForm):
    """A goal with its indicator. Works on a copy, so that an action can compare."""

    class Meta:
        model = Goal
        fields = ["words", "indicator", "baseline", "target", "due_on", "state"]
        labels = {
            "words": _("The goal"),
            "indicator": _("What we count"),
            "baseline": _("Where it stands when we begin"),
            "target": _("Where we want it to be"),
            "due_on": _("By when"),
            "state": _("How it stands"),
        }
        help_texts = {
            "words": _("What will be different, in one sentence."),
            "indicator": _("For example: volunteers of this spring who still come."),
        }
        widgets = {"due_on": DateInput, "state": forms.RadioSelect}

    def __init__(self, data: Any = None, *, instance: Goal | None = None) -> None:
        super().__init__(data, instance=copy.copy(instance) if instance else None)
        if instance is None:
            del self.fields["state"]

    def clean_due_on(self) -> date | None:
        day = self.cleaned_data["due_on"]
        if day and day != self.initial.get("due_on") and day < timezone.localdate():
            raise forms.ValidationError(_("This day is over. Choose today or a later one."))
        return day

    @property
    def said(self) -> dict[str, Any]:
        """What the action takes; only of a valid form."""
        return {name: self.cleaned_data[name] for name in self.fields}


class ProgressForm(forms.Form):
    """How far a goal is."""

    on = forms.DateField(label=_("Day"), widget=DateInput, validators=[validate_day])
    value = forms.DecimalField(label=_("The figure"), required=False, max_digits=12, decimal_places=2)
    note = LineFormField(label=_("What happened"), required=False, max_length=LONGEST_GOAL)

    def __init__(self, data: Any = None, *, goal: Goal, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if goal.indicator:
            self.fields["value"].label = capfirst(goal.indicator)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("value") is None and not cleaned.get("note") and not self.errors:
            self.add_error("note", NothingSaid.sentence)
        return cleaned
