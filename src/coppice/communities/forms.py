"""What people type about a community, their invitation and its answers."""

import copy
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from coppice.accounts.zones import ZoneField
from coppice.communities.canvas import topics_not_yet
from coppice.communities.errors import NothingSaid
from coppice.communities.models import LONGEST_ANSWER, LONGEST_NEED, Community, InvitationWord, Priority
from coppice.lib.lines import LineFormField
from coppice.programs.models import Topic
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


class PutUpForm(forms.Form):
    """A need for the priority canvas: a topic of the program, or words of one's own."""

    topic = forms.ModelChoiceField(
        Topic.objects.none(),
        label=_("Topic"),
        required=False,
        empty_label=_("None of these: in our own words"),
    )
    need = LineFormField(label=_("The need, in our own words"), max_length=LONGEST_NEED, required=False)

    def __init__(self, data: Any = None, *, community: Community, counts: Mapping[int, int]) -> None:
        super().__init__(data)
        topic = self.fields["topic"]
        assert isinstance(topic, forms.ModelChoiceField)
        topic.queryset = Topic.objects.filter(program=community.program_id)
        topic.choices = [
            ("", topic.empty_label),
            *((each.pk, _wanted(each, count)) for each, count in topics_not_yet(community, counts=counts)),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("topic") and not cleaned.get("need") and not self.errors:
            self.add_error("need", NothingSaid.sentence)
        return cleaned


def _wanted(topic: Topic, count: int) -> str:
    if not count:
        return topic.name
    told = ngettext(
        "%(topic)s: %(count)d person here needs it", "%(topic)s: %(count)d people here need it", count
    )
    return told % {"topic": topic.name, "count": count}


class WeighForm(EditForm, forms.ModelForm):
    """The four questions about one need."""

    class Meta:
        model = Priority
        fields = ["need", "together", "assets", "result", "work", "how"]
        labels = {
            "need": _("The need"),
            "together": _("Are we stronger together?"),
            "assets": _("What do we have already that helps?"),
            "result": _("Which result would satisfy this need?"),
            "work": _("What kind of work is it?"),
            "how": _("How could we act?"),
        }
        help_texts = {
            "assets": _("People, places, money, papers, contacts: what is there."),
            "result": _("So that you know when you can stop."),
            "how": _("One line, if you know already."),
        }
        widgets = {
            "together": forms.RadioSelect,
            "assets": forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_ANSWER}),
            "result": forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_ANSWER}),
            "work": forms.RadioSelect,
        }

    def __init__(self, data: Any = None, *, instance: Priority) -> None:
        super().__init__(data, instance=instance)
        for name, choices in (("together", Priority.Together.choices), ("work", Priority.Work.choices)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("Not answered yet")), *choices]

    @property
    def said(self) -> dict[str, Any]:
        """What the action takes; only of a valid form."""
        return {name: self.cleaned_data[name] for name in self.fields}

    def _post_clean(self) -> None:
        """Leave the row as it is: the action changes it."""
