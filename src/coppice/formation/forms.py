"""What people type when they form communities."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Community
from coppice.formation.frames import Frame
from coppice.formation.models import Decider, Formation, ProposedCommunity
from coppice.formation.queries import roster_of
from coppice.formation.rules import Field, Kind, Rule, answers_of, fields_of, rules_of
from coppice.lib.lines import LineFormField
from coppice.programs.models import Organization, Program
from coppice.ui.edits import EditForm, held
from coppice.ui.widgets import DateInput

USUAL_TIME_FOR_SWAPS = timedelta(days=14)
ROWS = 4
LARGEST = 200
ROW_KINDS = [Kind.TOGETHER, Kind.APART, Kind.BALANCED, Kind.ALIKE, Kind.ACCOMPANIED]

PRESETS = {
    Community.Reason.STABLE_TEAM: Rule(Kind.BALANCED, "kind"),
    Community.Reason.AREA: Rule(Kind.ALIKE, "area"),
}


WHY = {
    Community.Reason.STABLE_TEAM: _(
        "The same people do the work between meetings, so each team is mixed and stays as it is."
    ),
    Community.Reason.AREA: _("People who are near one another can meet, and help."),
    Community.Reason.CHOSEN: _("You know which organizations have something to give one another."),
    Community.Reason.WHOLE_COHORT: _("Everybody is in one, and nobody misses what another learns."),
}


def _reasons() -> list[tuple[str, str]]:
    """The four reasons, each with a sentence on when it is the right one."""
    return [
        (reason.value, format_html("<span>{}<small>{}</small></span>", reason.label, WHY[reason]))
        for reason in Community.Reason
    ]


class FormationForm(EditForm, forms.Form):
    """Why communities are formed beforehand, of which sizes, and by which rules.

    A rule is a row of two selects and a tick: whether people may read what the roster says of them there,
    which counts for all rules about that field. A new formation gets the rule that its reason implies,
    unless a row is about the same field already or nobody has answered it.
    """

    name = LineFormField(label=_("Name of this proposal"), max_length=120)
    reason = forms.ChoiceField(
        label=_("Why form them beforehand?"), choices=_reasons, widget=forms.RadioSelect
    )
    organizations = forms.ModelMultipleChoiceField(
        label=_("Chosen organizations, kept together"),
        help_text=_("Only for “Link chosen organizations”."),
        queryset=Organization.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    minimum = forms.IntegerField(label=_("Smallest size"), min_value=1, max_value=LARGEST)
    maximum = forms.IntegerField(
        label=_("Largest size"),
        min_value=1,
        max_value=LARGEST,
    )

    def __init__(
        self, *args: Any, program: Program, formation: Formation | None = None, **kwargs: Any
    ) -> None:
        if formation is not None and args and args[0] is not None:
            formation = held(formation)
        self.formation = formation
        kwargs.setdefault("initial", _initial(program, formation))
        super().__init__(*args, **kwargs)
        organizations: Any = self.fields["organizations"]
        organizations.queryset = program.organizations.all()
        roster = roster_of(program.pk)
        self.people_count = len(roster)
        self.roster_fields = fields_of(answers_of(each) for each in roster)
        rows = [rule for rule in rules_of(formation) if rule.kind in ROW_KINDS] if formation else []
        self.row_count = max(ROWS, len(rows) + 1)
        for number in range(self.row_count):
            rule = rows[number] if number < len(rows) else None
            self._add_row(number, rule)
        moved = formation.places.current().moved().count() if formation else 0
        if moved:
            self.fields["let_go"] = forms.BooleanField(label=let_go_label(moved), required=False)

    @property
    def is_edit(self) -> bool:
        """Whether a proposal's terms are changed, not a new one's set."""
        return self.formation is not None

    @property
    def rows(self) -> list[tuple[forms.BoundField, ...]]:
        """The rows of rules: what to do, by which field, and whether people may read it."""
        names = ("kind", "field", "told")
        return [tuple(self[f"{name}_{number}"] for name in names) for number in range(self.row_count)]

    @property
    def let_go_field(self) -> forms.BoundField | None:
        """The tick that lets people go who were moved by hand, where there are any."""
        return self["let_go"] if "let_go" in self.fields else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        minimum, maximum = cleaned.get("minimum"), cleaned.get("maximum")
        if minimum and maximum and minimum > maximum:
            self.add_error("maximum", _("The largest size is not below the smallest. Choose a larger one."))
        if cleaned.get("reason") == Community.Reason.CHOSEN and not cleaned.get("organizations"):
            self.add_error("organizations", _("Choose at least two organizations to link."))
        for number in range(self.row_count):
            if cleaned.get(f"kind_{number}") and not cleaned.get(f"field_{number}"):
                self.add_error(f"field_{number}", _("Choose what this rule is about, or take it away."))
            if cleaned.get(f"field_{number}") and not cleaned.get(f"kind_{number}"):
                self.add_error(f"kind_{number}", _("Choose what to do with it, or take it away."))
        return cleaned

    @property
    def terms(self) -> dict[str, Any]:
        """What the actions `start` and `revise` take; only of a valid form."""
        names = ("name", "reason", "minimum", "maximum")
        return {**{name: self.cleaned_data[name] for name in names}, "rules": self._rules()}

    @property
    def let_go(self) -> bool:
        """Whether the people moved by hand may be put elsewhere; only of a valid form."""
        return bool(self.cleaned_data.get("let_go"))

    def _rules(self) -> list[Rule]:
        cleaned = self.cleaned_data
        rows = [number for number in range(self.row_count) if cleaned[f"kind_{number}"]]
        told = {cleaned[f"field_{number}"] for number in rows if cleaned[f"told_{number}"]}
        rules = [
            Rule(Kind(cleaned[f"kind_{number}"]), field, is_told=field in told)
            for number in rows
            for field in [cleaned[f"field_{number}"]]
        ]
        if cleaned["reason"] == Community.Reason.CHOSEN:
            chosen = tuple(sorted(organization.pk for organization in cleaned["organizations"]))
            rules.insert(0, Rule(Kind.CHOSEN, organizations=chosen))
        preset = PRESETS.get(cleaned["reason"])
        known = {field.key for field in self.roster_fields} - {rule.field for rule in rules}
        if self.formation is None and preset is not None and preset.field in known:
            rules.append(preset)
        return list(dict.fromkeys(rules))

    def _add_row(self, number: int, rule: Rule | None) -> None:
        kinds = [("", _("No rule")), *((kind.value, kind.label) for kind in ROW_KINDS)]
        self.fields[f"kind_{number}"] = forms.ChoiceField(
            label=_("Rule %(number)d") % {"number": number + 1},
            choices=kinds,
            required=False,
            initial=rule.kind.value if rule else "",
        )
        self.fields[f"field_{number}"] = forms.ChoiceField(
            label=_("Rule %(number)d looks at") % {"number": number + 1},
            choices=_field_choices(self.roster_fields, rule),
            required=False,
            initial=rule.field if rule else "",
        )
        self.fields[f"told_{number}"] = forms.BooleanField(
            label=_("People may read this in their invitation"),
            required=False,
            initial=rule.is_told if rule else False,
        )


class CommunityForm(EditForm, forms.ModelForm):
    """A proposed community's name, topic and purpose."""

    class Meta:
        model = ProposedCommunity
        fields = ["name", "topic", "purpose"]
        labels = {"topic": _("Topic")}
        help_texts = {"purpose": _("Its invitations say this in place of what you write for all of them.")}
        widgets = {"purpose": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, data: Any = None, *, instance: ProposedCommunity) -> None:
        super().__init__(data, instance=instance)
        topic: Any = self.fields["topic"]
        topic.queryset = instance.formation.program.topics.all()


class PublicationForm(forms.ModelForm):
    """The frame that all communities of a proposal begin with, and whether people may ask to change."""

    swaps_until = forms.DateField(
        label=_("People may ask for another place until"),
        help_text=_("The last day counts. Leave it empty, and nobody asks."),
        widget=DateInput,
        required=False,
    )
    swaps_decided_by = forms.ChoiceField(
        label=_("Who decides?"),
        choices=Decider,
        initial=Decider.MANAGER,
        widget=forms.RadioSelect,
        required=False,
    )

    class Meta:
        model = Community
        fields = ["starts_on", "ends_on", "hours_per_month", "asked", "purpose", "benefit"]
        widgets = {
            "starts_on": DateInput,
            "ends_on": DateInput,
            "asked": forms.Textarea(attrs={"rows": 3}),
            "purpose": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "asked": _("For example: one meeting a month, and trying one thing between meetings."),
            "ends_on": _("A group knows its end from the first day. It can decide to go on."),
        }

    def __init__(self, *args: Any, placed_elsewhere: int = 0, may_swap: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["swaps_until"].initial = timezone.localdate() + USUAL_TIME_FOR_SWAPS
        if not may_swap:
            del self.fields["swaps_until"], self.fields["swaps_decided_by"]
        if placed_elsewhere:
            self.fields["again"] = forms.BooleanField(
                label=ngettext(
                    "Invite also the one person who has a place in this program already",
                    "Invite also the %(people)d people who have a place in this program already",
                    placed_elsewhere,
                )
                % {"people": placed_elsewhere},
                help_text=_("They stay where they are, and are asked to join another one as well."),
                error_messages={
                    "required": _(
                        "Tick this if they are meant to be in two. If not, go back to the proposal."
                    )
                },
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on <= starts_on:
            self.add_error("ends_on", _("The end comes after the start. Choose a later day."))
        return cleaned

    @property
    def frame(self) -> Frame:
        """What was typed; only of a valid form."""
        return Frame(**{name: self.cleaned_data[name] for name in self.Meta.fields})

    @property
    def swaps(self) -> dict[str, Any]:
        """Until when people may ask to change, and who decides; only of a valid form."""
        if "swaps_until" not in self.cleaned_data:
            return {}
        return {
            "swaps_until": self.cleaned_data["swaps_until"],
            "swaps_decided_by": self.cleaned_data["swaps_decided_by"] or Decider.MANAGER,
        }

    def _post_clean(self) -> None:
        """Nothing is saved by this form, so no model is built; what a community refuses is refused here."""
        for name in [name for name in self.Meta.fields if name in self.cleaned_data]:
            try:
                _column(name).run_validators(self.cleaned_data[name])
            except forms.ValidationError as refusal:
                self.add_error(name, refusal)


def _column(name: str) -> models.Field:
    column = Community._meta.get_field(name)
    assert isinstance(column, models.Field)
    return column


class WordsSoFarForm(PublicationForm):
    """What was typed so far, to be looked at; whether people are asked twice is settled in publishing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "again" in self.fields:
            self.fields["again"].required = False


def let_go_label(people: int) -> str:
    """What ticking the box does that lets people go who were moved by hand."""
    return ngettext(
        "Let the one person go whom you moved, to be placed anew",
        "Let the %(people)d people go whom you moved, to be placed anew",
        people,
    ) % {"people": people}


def _initial(program: Program, formation: Formation | None) -> dict[str, Any]:
    if formation is None:
        return {
            "name": gettext("Proposal %(number)d") % {"number": program.formations.count() + 1},
            "reason": Community.Reason.STABLE_TEAM,
            "minimum": 7,
            "maximum": 9,
        }
    chosen = [rule.organizations for rule in rules_of(formation) if rule.kind == Kind.CHOSEN]
    return {
        "name": formation.name,
        "reason": formation.reason,
        "minimum": formation.minimum,
        "maximum": formation.maximum,
        "organizations": list(chosen[0]) if chosen else [],
    }


def _field_choices(fields: Sequence[Field], rule: Rule | None) -> list[tuple[str, Any]]:
    """The fields that somebody has answered, and the rule's own even when nobody has any more."""
    choices: list[tuple[str, Any]] = [("", _("Choose one")), *((each.key, each.label) for each in fields)]
    if rule is not None and rule.field not in {each.key for each in fields}:
        choices.append((rule.field, rule.field_label))
    return choices
