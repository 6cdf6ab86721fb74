"""What people type about providers, programs and people."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.choices import normalize_choices
from django.utils.translation import gettext_lazy as _

from coppice.accounts.zones import ZoneField
from coppice.lib.lines import LineFormField, one_line
from coppice.programs.models import Enrollment, Program, Provider, RosterImport, Staff
from coppice.programs.roster_reading import looks
from coppice.programs.rosters.comparison import SOMEBODY_ELSE
from coppice.programs.rosters.fields import DATES, Field
from coppice.programs.rosters.looks import ColumnLook
from coppice.programs.wording import attribute_label
from coppice.ui.edits import EditForm
from coppice.ui.widgets import DateInput


class ProgramForm(EditForm, forms.ModelForm):
    """A program's frame; `topics` is one topic a line."""

    topics = forms.CharField(
        label=_("Topics"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One a line. People can come together about them, and say what they need or know."),
    )
    time_zone = ZoneField(label=_("Time zone"))
    language = forms.ChoiceField(label=_("Language of mail"), choices=lambda: settings.LANGUAGES)

    class Meta:
        model = Program
        fields = [
            "name",
            "funder",
            "award_starts",
            "award_ends",
            "community_word",
            "own_word",
            "own_word_plural",
            "language",
            "time_zone",
            "call_after_days",
        ]
        widgets = {"award_starts": DateInput(), "award_ends": DateInput()}
        help_texts = {
            "own_word": _("Only when you chose your own word, such as “guild”."),
            "community_word": _("This word is used on pages and in mail."),
        }

    field_order = ["name", "funder", "award_starts", "award_ends", "topics"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["topics"].initial = "\n".join(self.instance.topics.values_list("name", flat=True))

    def clean_topics(self) -> list[str]:
        names = [name for line in self.cleaned_data["topics"].splitlines() if (name := one_line(line))]
        if any(len(name) > 120 for name in names):
            raise forms.ValidationError(_("A topic has at most 120 letters. Shorten the long one."))
        return names

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("award_starts"), cleaned.get("award_ends")
        if starts and ends and ends <= starts:
            self.add_error("award_ends", _("The award ends before it starts. Choose a later end date."))
        if cleaned.get("community_word") == Program.CommunityWord.OWN and not cleaned.get("own_word"):
            self.add_error("own_word", _("Write the word you use, or choose one from the list above."))
        return cleaned


class NewProgramForm(ProgramForm):
    """A new program; asks for the provider only of people who work for several."""

    provider = forms.ModelChoiceField(queryset=Provider.objects.none(), label=_("Provider"))

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        providers = Provider.objects.visible_to(person)
        provider = self.fields["provider"]
        assert isinstance(provider, forms.ModelChoiceField)
        provider.queryset = providers
        if len(providers) == 1:
            provider.initial = providers[0].pk
            provider.widget = forms.HiddenInput()
        if providers:
            self.fields["time_zone"].initial = person.time_zone or providers[0].time_zone
        if not self.is_bound:  # who has no zone of their own gets the one that their browser keeps
            how = "" if person.time_zone else "take"
            self.fields["time_zone"].widget.attrs["data-suggests-zone"] = how
            self.fields["language"].initial = providers[0].language


class EnrollmentForm(EditForm, forms.ModelForm):
    """One person on a roster; `organizations` is one name a line."""

    organizations = forms.CharField(
        label=_("Organizations"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line. Somebody may belong to two."),
    )
    time_zone = ZoneField(label=_("Time zone"), unchosen=_("Not known"))
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=lambda: [("", _("Not known")), *settings.LANGUAGES]
    )

    class Meta:
        model = Enrollment
        fields = [
            "name",
            "email",
            "phone",
            "job_title",
            "language",
            "time_zone",
            "contact_mode",
            "access_needs",
            "external_id",
        ]
        widgets = {"access_needs": forms.Textarea(attrs={"rows": 2})}

    field_order = ["name", "email", "phone", "organizations"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["organizations"].initial = "\n".join(
                self.instance.organizations.values_list("name", flat=True)
            )
            self._allow_what_is_kept("language")
            self._allow_what_is_kept("time_zone")

    def clean_organizations(self) -> list[str]:
        return [
            name[:200] for line in self.cleaned_data["organizations"].splitlines() if (name := one_line(line))
        ]

    def _allow_what_is_kept(self, name: str) -> None:
        """A roster may hold a language or zone that the list does not; keep it choosable."""
        kept = getattr(self.instance, name)
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        if kept and not field.valid_value(kept):
            field.choices = [*normalize_choices(field.choices), (kept, kept)]


class RosterFileForm(forms.Form):
    """The file of a roster."""

    file = forms.FileField(
        label=_("Roster file"),
        help_text=_("CSV or Excel (.xlsx), up to 20 MB. The first row names the columns."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > 20 * 1024 * 1024:
            raise forms.ValidationError(
                _("This file is larger than 20 MB. Save only the roster, and try again.")
            )
        return file


class ColumnsForm(forms.Form):
    """What each column of a roster says, `column-0` and so on, and how its dates are written."""

    day_first = forms.TypedChoiceField(
        label=_("How dates are written"),
        choices=[("day", _("Day first: 3 April is 03/04")), ("month", _("Month first: April 3 is 04/03"))],
        coerce=lambda order: order == "day",
        empty_value=None,
        widget=forms.RadioSelect,
        help_text=_("The dates of this file can be read both ways. Your answer is remembered."),
        error_messages={"required": _("Say which comes first. The file does not settle it.")},
    )

    def __init__(self, *args: Any, roster_import: RosterImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.looks = looks(roster_import)
        self.said = list(roster_import.columns)
        for place in range(len(self.looks)):
            chosen = self.data.get(f"column-{place}") if self.is_bound else None
            self.said[place] = chosen if chosen in Field.values else self.said[place]
        day_first = roster_import.day_first
        self.fields["day_first"].required = self.asks_for_order
        self.initial["day_first"] = "" if day_first is None else "day" if day_first else "month"

    @property
    def chosen(self) -> dict[int, str]:
        """The field of each column, by its place: what was chosen, else what is said already."""
        return dict(enumerate(self.said))

    @property
    def lines(self) -> list[tuple[int, ColumnLook, str, bool, str]]:
        """Each column with its place, its field, whether its dates may be read in two ways, and the attribute
        that it goes on with, in words."""
        return [
            (
                place,
                look,
                field,
                look.leaves_order_open and field in DATES,
                attribute_label(look.known_as) if field == Field.ATTRIBUTE else "",
            )
            for place, (look, field) in enumerate(zip(self.looks, self.said, strict=True))
        ]

    @property
    def asks_for_order(self) -> bool:
        """Whether the dates of a date column may be read in two ways."""
        return any(is_open for _place, _look, _field, is_open, _name in self.lines)


class AnswersForm(forms.Form):
    """Who the rows with a new address are: `who-0` and so on, by the place of the line."""

    def __init__(self, *args: Any, roster_import: RosterImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answers: dict[int, int] = {}
        for line in roster_import.lines.filter(asks=True):
            said = self.data.get(line.answer_name, "")
            if said in map(str, (SOMEBODY_ELSE, *line.said["may_be"])):
                self.answers[line.said["rows"][0]] = int(said)


class StaffForm(forms.Form):
    """Somebody who is to work for a provider."""

    name = LineFormField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("Email address"))
    role = forms.ChoiceField(label=_("Role"), choices=Staff.Role, initial=Staff.Role.STAFF)


class FunderForm(forms.Form):
    """A funder who is to see a program's counts."""

    name = LineFormField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("Email address"))
