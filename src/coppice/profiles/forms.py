"""What people type about needs, offers and themselves."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from coppice.accounts.zones import ZoneField
from coppice.lib.lines import LineFormField
from coppice.profiles import week
from coppice.profiles.actions import NeedSaid, OfferSaid
from coppice.profiles.audiences import audiences_of
from coppice.profiles.errors import NothingSaid
from coppice.profiles.languages import in_words, languages_of, read
from coppice.profiles.models import (
    LONGEST_STORY,
    LONGEST_WORDS,
    Audience,
    Expertise,
    Need,
    ObjectPhoto,
    Profile,
)
from coppice.programs.models import Enrollment, Topic
from coppice.programs.rosters.headers import fold
from coppice.ui.edits import EditForm
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


class NeedForm(EditForm, forms.ModelForm):
    """One need, new or changed."""

    class Meta:
        model = Need
        fields = ["topic", "text", "urgency", "state", "audience"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 2, "maxlength": LONGEST_WORDS}),
            "urgency": forms.RadioSelect,
            "state": forms.RadioSelect,
            "audience": forms.RadioSelect,
        }

    def __init__(self, data: Any = None, *, instance: Need | Expertise, is_own: bool = True) -> None:
        super().__init__(data, instance=instance)
        topic, audience = self.fields["topic"], self.fields["audience"]
        assert isinstance(topic, forms.ModelChoiceField)
        assert isinstance(audience, forms.ChoiceField)
        topic.queryset = Topic.objects.filter(program=instance.program)
        topic.empty_label = _("None of these: in my own words")
        topic.label = _("Topic")
        topic.required = False
        audience.choices = audiences_of(instance.program, is_own=is_own)
        if not self.is_edit:
            del self.fields["state"]
        elif isinstance(instance, Need):
            self._keep_for_the_group(instance)

    @property
    def said(self) -> dict[str, Any]:
        """What the action takes; only of a valid form."""
        return {name: self.cleaned_data[name] for name in self.fields}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("topic") and not (cleaned.get("text") or "").strip() and "text" not in self.errors:
            self.add_error("text", NothingSaid.sentence)
        return cleaned

    def _keep_for_the_group(self, need: Need) -> None:
        """What comes first is for the group to say: nobody chooses it for their own need."""
        state = self.fields["state"]
        assert isinstance(state, forms.ChoiceField)
        others = set(Need.State.values) - {Need.State.PRIORITIZED} | {need.state}
        state.choices = [(value, label) for value, label in Need.State.choices if value in others]

    def _post_clean(self) -> None:
        """Leave the row as it is: the action changes it."""


class OfferForm(NeedForm):
    """One offer, new or changed."""

    class Meta:
        model = Expertise
        fields = ["topic", "text", "level", "availability", "state", "audience"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 2, "maxlength": LONGEST_WORDS}),
            "level": forms.RadioSelect,
            "availability": forms.RadioSelect,
            "state": forms.RadioSelect,
            "audience": forms.RadioSelect,
        }


class StartForm(forms.Form):
    """What somebody needs and can help with, in two minutes; what the roster alone says is ticked."""

    needs = forms.ModelMultipleChoiceField(
        Topic.objects.none(),
        label=_("What do you need most?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    need_words = LineFormField(
        label=_("Something else that you need"),
        required=False,
        max_length=LONGEST_WORDS,
    )
    urgency = forms.ChoiceField(
        label=_("How soon?"),
        choices=Need.Urgency.choices,
        initial=Need.Urgency.SOON,
        widget=forms.RadioSelect,
    )
    offers = forms.ModelMultipleChoiceField(
        Topic.objects.none(),
        label=_("What can you help others with?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    offer_words = LineFormField(
        label=_("Something else that you can help with"),
        required=False,
        max_length=LONGEST_WORDS,
    )
    level = forms.ChoiceField(
        label=_("How well do you know it?"),
        choices=Expertise.Level.choices,
        initial=Expertise.Level.DOES,
        widget=forms.RadioSelect,
    )
    audience = forms.ChoiceField(
        label=_("Who sees this?"), initial=Audience.COMMUNITIES, widget=forms.RadioSelect
    )

    def __init__(self, data: Any = None, *, enrollment: Enrollment, is_own: bool = True) -> None:
        super().__init__(data)
        topics = list(Topic.objects.filter(program=enrollment.program))
        said: dict[str, Any] = {"needs": enrollment.needs.all(), "offers": enrollment.expertises.all()}
        for name, key in (("needs", "needs"), ("offers", "expertise")):
            field = self.fields[name]
            assert isinstance(field, forms.ModelMultipleChoiceField)
            field.queryset = Topic.objects.filter(program=enrollment.program)
            # What they said themselves stands with its own audience: ticked, it would be changed unasked.
            known = set(said[name].values_list("topic", flat=True))
            named = _named(topics, enrollment.attributes.get(key))
            field.initial = [topic for topic in named if topic.pk not in known]
            if not topics:
                del self.fields[name]
        audience = self.fields["audience"]
        assert isinstance(audience, forms.ChoiceField)
        audience.choices = audiences_of(enrollment.program, is_own=is_own)

    @property
    def said_needs(self) -> list[NeedSaid]:
        """The needs that were said; only of a valid form."""
        how = {"urgency": self.cleaned_data["urgency"], "audience": self.cleaned_data["audience"]}
        said = [NeedSaid(topic=topic, **how) for topic in self.cleaned_data.get("needs", ())]
        words = self.cleaned_data["need_words"]
        return [*said, NeedSaid(text=words, **how)] if words else said

    @property
    def said_offers(self) -> list[OfferSaid]:
        """The offers that were said; only of a valid form."""
        how = {"level": self.cleaned_data["level"], "audience": self.cleaned_data["audience"]}
        said = [OfferSaid(topic=topic, **how) for topic in self.cleaned_data.get("offers", ())]
        words = self.cleaned_data["offer_words"]
        return [*said, OfferSaid(text=words, **how)] if words else said

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(cleaned.get(name) for name in ("needs", "need_words", "offers", "offer_words")):
            raise forms.ValidationError(_("Tick a topic, or write one line. You can leave out the rest."))
        return cleaned


class PhotoWordsForm(EditForm, forms.ModelForm):
    """What the photo of the object shows, for whoever cannot see it."""

    class Meta:
        model = ObjectPhoto
        fields = ("alt",)
        labels = {"alt": _("What does the photo show?")}


class AboutForm(EditForm, forms.ModelForm):
    """When somebody is free, what they speak, an object and its story; and who sees each."""

    object_name = LineFormField(
        label=_("An object that stands for what you know"),
        help_text=_("Such as a worn map, a soup ladle, your first grant letter."),
        required=False,
        max_length=120,
    )
    object_story = forms.CharField(
        label=_("Its story"),
        help_text=_("What does it say about what you can do? Three sentences are plenty."),
        required=False,
        max_length=LONGEST_STORY,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_STORY}),
    )
    object_audience = forms.ChoiceField(label=_("Who sees the object"))
    languages = LineFormField(
        label=_("Languages that you speak"),
        help_text=_("With commas between them: English, Spanish."),
        required=False,
        max_length=300,
    )
    languages_audience = forms.ChoiceField(label=_("Who sees your languages"))
    time_zone = ZoneField(label=_("Your time zone"), unchosen=_("Not known"))
    hours = forms.MultipleChoiceField(
        label=_("When you are usually free"),
        required=False,
        choices=week.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    hours_audience = forms.ChoiceField(label=_("Who sees your free hours"))

    class Meta:
        model = Enrollment
        fields = ["time_zone"]

    field_order = [
        "object_name",
        "object_story",
        "object_audience",
        "languages",
        "languages_audience",
        "time_zone",
        "hours",
        "hours_audience",
    ]

    def __init__(
        self, data: Any = None, *, instance: Enrollment, profile: Profile, is_own: bool = True
    ) -> None:
        super().__init__(data, instance=instance)
        self.slots = week.slots_of(self.instance)
        self.fields["hours"].initial = week.ticked(self.slots)
        self.fields["languages"].initial = in_words(languages_of(self.instance))
        for name in PROFILE_FIELDS:
            self.fields[name].initial = getattr(profile, name)
        for name in ("object_audience", "languages_audience", "hours_audience"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = audiences_of(instance.program, is_own=is_own)

    @property
    def days(self) -> list[tuple[str, list[Any]]]:
        """The ticks of the week as a table: a day's name, and its three parts."""
        ticks = list(self["hours"])
        parts = len(week.PARTS)
        return [(str(WEEKDAYS[day]), ticks[day * parts : (day + 1) * parts]) for day in range(len(week.DAYS))]

    @property
    def said(self) -> dict[str, Any]:
        """What somebody said of themself anew, for their roster row; only of a valid form."""
        cleaned = self.cleaned_data
        told: dict[str, Any] = {}
        if "time_zone" in self.changed_data:
            told["time_zone"] = cleaned["time_zone"]
        if "languages" in self.changed_data:
            told["languages"] = read(cleaned["languages"])
        if "hours" in self.changed_data:
            told["free_hours"] = week.slots_after(self.slots, parts=cleaned["hours"])
        return told

    @property
    def shown(self) -> dict[str, str]:
        """What their profile keeps; only of a valid form."""
        return {name: self.cleaned_data[name] for name in PROFILE_FIELDS}

    def _post_clean(self) -> None:
        """Leave the row as it is: the actions change it."""


PROFILE_FIELDS = (
    "object_name",
    "object_story",
    "object_audience",
    "languages_audience",
    "hours_audience",
)


def _named(topics: list[Topic], said: Any) -> list[Topic]:
    """Return the topics that a roster's list of needs or expertise names."""
    named = {fold(str(each)) for each in said} if isinstance(said, list) else set()
    return [topic for topic in topics if fold(topic.name) in named]
