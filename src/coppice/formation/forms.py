"""What people type when they form communities."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db import models
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Community
from coppice.formation.aspect_fields import AspectFields
from coppice.formation.aspects import About, Aspects, Says, aspects_of
from coppice.formation.frames import Frame
from coppice.formation.models import Decider, Formation, Proposal, ProposedCommunity
from coppice.formation.presets import usual_rules
from coppice.formation.rule_rows import RuleRows
from coppice.formation.rules import Kind, Rule, rules_of
from coppice.formation.sight import Sight
from coppice.formation.validators import check_last_day
from coppice.formation.wording import rule_sentence
from coppice.lib.lines import LineFormField
from coppice.programs.models import Organization, Program
from coppice.ui.edits import EditForm, held
from coppice.ui.widgets import DateInput

USUAL_TIME_FOR_SWAPS = timedelta(days=14)
LARGEST = 200


WHY = {
    Community.Reason.STABLE_TEAM: _(
        "The same people do the work between meetings, so each team is mixed and stays as it is."
    ),
    Community.Reason.AREA: _("People who are near one another can meet, and help."),
    Community.Reason.CHOSEN: _("You know which organizations have something to give one another."),
    Community.Reason.WHOLE_COHORT: _("Everybody is in one, and nobody misses what another learns."),
    Community.Reason.OWN_CHOICE: _("They did so on a marketplace; whoever has a place there keeps it."),
}


def _reasons(*, with_own_choice: bool = False) -> list[tuple[str, str]]:
    """The reasons to form communities beforehand, each with a sentence on when it is the right one.

    What came of a marketplace may keep its own; nothing else is called so.
    """
    return [
        (reason.value, format_html("<span>{}<small>{}</small></span>", reason.label, WHY[reason]))
        for reason in Community.Reason
        if with_own_choice or reason != Community.Reason.OWN_CHOICE
    ]


class FormationForm(EditForm, forms.Form):
    """Why communities are formed beforehand, of which sizes, about what, and by which rules.

    A rule is a row: what to do, by which field, and what else its kind asks for; a tick says whether people
    may read what the roster says of them there, which counts for all rules about that field. A new formation
    gets the rules that its reason usually wants, unless that is unticked.
    """

    name = LineFormField(label=_("Name of this round"), max_length=120)
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
        if formation is not None and formation.is_own_choice:
            reason: Any = self.fields["reason"]
            reason.choices = _reasons(with_own_choice=True)
        organizations: Any = self.fields["organizations"]
        organizations.queryset = program.organizations.all()
        aspects = aspects_of(formation) if formation else Aspects()
        rules = rules_of(formation) if formation else []
        self.sight = Sight(program, columns=aspects.columns)
        if formation is None and self.sight.has(Says.WISH):
            aspects = replace(aspects, about=About.OFFERED)
        self.aspect_fields = AspectFields(self, self.sight, aspects, rules)
        asked = {each.rule for each in self.sight.company}
        in_rows = [rule for rule in rules if rule.kind != Kind.CHOSEN and rule not in asked]
        self.rule_rows = RuleRows(self, self.sight, in_rows)
        self.typed_rules: list[Rule] = []
        self.set_rules: list[Rule] = []
        self.set_aspects = aspects
        if formation is None:
            self.fields["usual"] = forms.BooleanField(
                label=_("With the usual rules for this reason"), required=False, initial=True
            )
        moved = formation.places.current().moved().count() if formation else 0
        if moved:
            self.fields["let_go"] = forms.BooleanField(label=let_go_label(moved), required=False)

    @property
    def usual_told(self) -> list[tuple[str, str]]:
        """The rules that each reason usually brings, in words, by the reason's value."""
        about = About(self["about"].value() or About.NOTHING)
        told = {
            reason.value: "; ".join(
                rule_sentence(rule) for rule in usual_rules(reason.value, self.sight, about=about)
            )
            for reason in Community.Reason
        }
        return [(reason, sentence or gettext("None.")) for reason, sentence in told.items()]

    @property
    def people_count(self) -> int:
        return len(self.sight.roster)

    @property
    def is_edit(self) -> bool:
        """Whether a proposal's terms are changed, not a new one's set."""
        return self.formation is not None

    @property
    def opens_topics(self) -> bool:
        """Whether the topics are shown at once: one of them needs another look, or has limits of its own."""
        topics = self.aspect_fields.topics
        has_limits = any(topic.has_limits for topic in topics)
        return has_limits or not topics or bool(self["about"].errors)

    @property
    def common_answers(self) -> list[str]:
        """Answers to choose from when a rule is about one."""
        fields = [field.key for field in self.sight.fields if not field.is_number]
        return sorted({answer for field in fields for answer in self.sight.usual_answers(field)})

    @property
    def let_go_field(self) -> forms.BoundField | None:
        """The tick that lets people go who were moved by hand, where there are any."""
        return self["let_go"] if "let_go" in self.fields else None

    @property
    def usual_field(self) -> forms.BoundField | None:
        """The tick that adds the usual rules of the reason, of a new proposal."""
        return self["usual"] if "usual" in self.fields else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        minimum, maximum = cleaned.get("minimum"), cleaned.get("maximum")
        if minimum and maximum and minimum > maximum:
            self.add_error("maximum", _("The largest size is not below the smallest. Choose a larger one."))
        if cleaned.get("reason") == Community.Reason.CHOSEN and not cleaned.get("organizations"):
            self.add_error("organizations", _("Choose at least two organizations to link."))
        self.set_aspects = self.aspect_fields.aspects(cleaned)
        self.aspect_fields.clean(cleaned, self.set_aspects)
        rows = self.rule_rows.clean(
            cleaned,
            topics=self.aspect_fields.offered(self.set_aspects),
            has_topics=self.set_aspects.has_topics,
        )
        self.typed_rules = self._typed(cleaned, rows)
        self.set_rules = [*self.typed_rules, *(self.usual() if cleaned.get("usual") else ())]
        return cleaned

    def usual(self) -> list[Rule]:
        """Return the rules that the reason usually wants beside those typed; only of a form that is sent."""
        reason = self.cleaned_data.get("reason", "")
        return usual_rules(reason, self.sight, about=self.set_aspects.about, rules=self.typed_rules)

    @property
    def terms(self) -> dict[str, Any]:
        """What the actions `start` and `revise` take; only of a valid form."""
        names = ("name", "reason", "minimum", "maximum")
        return {
            **{name: self.cleaned_data[name] for name in names},
            "rules": self.set_rules,
            "aspects": self.set_aspects,
        }

    @property
    def is_name_alone(self) -> bool:
        """Whether nothing but the round's name was changed."""
        return self.changed_data == ["name"]

    @property
    def let_go(self) -> bool:
        """Whether the people moved by hand may be put elsewhere; only of a valid form."""
        return bool(self.cleaned_data.get("let_go"))

    def _typed(self, cleaned: Mapping[str, Any], rows: list[Rule]) -> list[Rule]:
        rules = [*rows, *self.aspect_fields.rules(cleaned)]
        if cleaned.get("reason") == Community.Reason.CHOSEN:
            chosen = tuple(sorted(organization.pk for organization in cleaned.get("organizations") or ()))
            rules.insert(0, Rule(Kind.CHOSEN, organizations=chosen))
        return list(dict.fromkeys(rules))


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


class ProposalForm(EditForm, forms.ModelForm):
    """What a proposal is called, and what somebody wants to remember of it."""

    class Meta:
        model = Proposal
        fields = ["name", "note"]
        labels = {"name": _("Name"), "note": _("Note")}
        help_texts = {
            "name": _("Without a name it is called by its number."),
            "note": _("For your team: why it was made, what speaks for it. It is told to nobody else."),
        }
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}


class GoOnForm(forms.Form):
    """How much longer to look than the last time."""

    USUAL = 2

    times = forms.ChoiceField(
        label=_("How long"),
        choices=[(2, _("Twice as long")), (5, _("Five times as long")), (20, _("Twenty times as long"))],
    )


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

    def __init__(
        self,
        *args: Any,
        today: date,
        placed_elsewhere: int = 0,
        may_swap: bool = True,
        broken: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["swaps_until"].initial = today + USUAL_TIME_FOR_SWAPS
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

        if broken:
            self.fields["despite_rules"] = forms.BooleanField(
                label=ngettext(
                    "Publish although one rule that must hold is broken",
                    "Publish although %(rules)d rules that must hold are broken",
                    broken,
                )
                % {"rules": broken},
                error_messages={
                    "required": _("Tick this if you mean it. If not, go back and mend the proposal.")
                },
            )

    def clean_swaps_until(self) -> date | None:
        until: date | None = self.cleaned_data["swaps_until"]
        if until is not None:
            check_last_day(until, today=self.today)
        return until

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
    def despite_rules(self) -> bool:
        """Whether it was ticked that broken rules may be; only of a valid form."""
        return bool(self.cleaned_data.get("despite_rules"))

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
        for name in {"again", "despite_rules"} & set(self.fields):
            self.fields[name].required = False


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
            "name": gettext("Round %(number)d") % {"number": program.formations.count() + 1},
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
