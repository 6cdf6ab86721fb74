"""What hosts and people who join type."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coppice.lib.lines import LineFormField
from coppice.live import polls
from coppice.live.actions.people import LONGEST_NAME
from coppice.live.actions.rooms import Plan
from coppice.live.agendas import agendas
from coppice.live.kinds import Kind
from coppice.live.models import Room, Step
from coppice.ui.edits import EditForm

MOST_ON_PAPER = 300


class NewRoomForm(forms.Form):
    """A new room: its title, and what it begins with."""

    title = LineFormField(label=_("Title"), max_length=120, help_text=_("Everybody sees it on their screen."))
    agenda = forms.ChoiceField(
        label=_("Begin with"),
        widget=forms.RadioSelect,
        choices=lambda: [(each.key, f"{each.label}: {each.purpose}") for each in agendas()],
        help_text=_("You can change every step before it begins."),
    )
    language = forms.ChoiceField(label=_("Language of the projector"), choices=lambda: settings.LANGUAGES)


class StepForm(EditForm, forms.ModelForm):
    """One step: what every kind has, and the settings of its own kind, which are fixed once it was begun."""

    class Meta:
        model = Step
        fields = ["title", "prompt", "script", "minutes"]
        widgets = {
            "prompt": forms.Textarea(attrs={"rows": 2}),
            "script": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.own = {} if self.instance.was_begun else kind.fields()
        for name, field in self.own.items():
            if name in self.instance.settings:
                field.initial = self.instance.settings[name]
            self.fields[name] = field
        self.order_fields(["title", "prompt", *self.own, "minutes", "script"])

    @property
    def said(self) -> dict[str, Any]:
        """The fields of a step, as actions take them."""
        said = {name: self.cleaned_data[name] for name in self.Meta.fields}
        own = {name: self.cleaned_data[name] for name in self.own}
        return {**said, "settings": self.instance.settings if self.instance.was_begun else own}

    @property
    def plan(self) -> Plan:
        """A new step, as an agenda has it."""
        return Plan(kind=self.kind.key, **self.said)


class QuickPollForm(forms.Form):
    """A question for now: what kind it is, and answers where the kind has some."""

    question = LineFormField(
        label=_("Question"), max_length=120, help_text=_("In large letters on all screens.")
    )
    kind = forms.ChoiceField(
        label=_("How people answer"),
        widget=forms.RadioSelect,
        choices=[
            (polls.Choice.key, _("They choose one of the answers below")),
            (polls.Scale.key, _("They give a number from 1 to 5")),
            (polls.WordsPoll.key, _("They write a few words")),
            (polls.Ranking.key, _("They put the answers below in order")),
        ],
        initial=polls.Choice.key,
    )
    options = forms.CharField(
        label=_("Answers"),
        required=False,
        help_text=_("One a line, to choose from or to put in order. A number and a few words need none."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    show_at_once = forms.BooleanField(label=_("Show the result while people answer"), required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        fields = self._kind(said).fields() if "kind" in said else {}
        self.settings: dict[str, Any] = {}
        for name, field in fields.items():
            try:
                self.settings[name] = field.clean(said.get(name, field.initial))
            except forms.ValidationError as refused:
                self.add_error(name, refused)
        return said

    @property
    def plan(self) -> Plan:
        """The poll as an agenda has it; only of a valid form."""
        return Plan(
            kind=self.cleaned_data["kind"], title=self.cleaned_data["question"], settings=self.settings
        )

    @staticmethod
    def _kind(said: dict[str, Any]) -> Kind:
        return next(each for each in polls.KINDS if each.key == said["kind"])


class EndForm(forms.Form):
    """For how long people can still add what they missed."""

    late_days = forms.TypedChoiceField(
        label=_("Late answers"),
        coerce=int,
        initial=0,
        choices=[
            (0, _("None: what is there now is the result")),
            (1, _("For one more day")),
            (3, _("For three more days")),
            (7, _("For a week")),
        ],
        widget=forms.RadioSelect,
        help_text=_("People who missed a step use the same link on their phone."),
    )

    def late_until(self, room: Room) -> datetime | None:
        """Return the end of the last day for late answers, in the room's zone."""
        days = self.cleaned_data["late_days"]
        day = timezone.localdate(timezone=room.zone) + timedelta(days=days + 1)
        return datetime.combine(day, time(), tzinfo=room.zone) if days else None


class PaperForm(forms.Form):
    """People without a phone, one a line."""

    names = forms.CharField(
        label=_("Names from the paper list"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One a line. Whoever is on the roster by this name is known as that person."),
    )

    def clean_names(self) -> list[str]:
        names = [line for line in self.cleaned_data["names"].splitlines() if line.strip()]
        if len(names) > MOST_ON_PAPER:
            raise forms.ValidationError(
                _("Write in at most %(most)d people at a time.") % {"most": MOST_ON_PAPER}
            )
        return names


class CodeForm(forms.Form):
    """The code from the wall."""

    code = LineFormField(
        label=_("Code"),
        max_length=16,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
        help_text=_("It stands on the projector: a word and two digits, such as FERN 27."),
    )


class NameForm(forms.Form):
    """Who joins."""

    name = LineFormField(
        label=_("Your name"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_(
            "The host and your group see it. Your answers are shown without it, unless a step says otherwise."
        ),
    )


class AddressForm(forms.Form):
    """The address at which the program writes to somebody."""

    email = forms.EmailField(
        label=_("Your mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("The one at which the program writes to you."),
    )
