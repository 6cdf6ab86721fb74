"""What people type on a marketplace: its terms, a topic, for whom it is, and what becomes of thin ones."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from coppice.formation.market_board import Card
from coppice.formation.market_outlook import Fate, targets_for, thin_cards
from coppice.formation.marketplaces import LARGEST, MOST_WAITS
from coppice.formation.models import Criterion, Marketplace, OfferedTopic
from coppice.lib.lines import LineFormField
from coppice.programs.models import Program
from coppice.ui.edits import EditForm
from coppice.ui.widgets import DateInput


class MarketplaceForm(EditForm, forms.ModelForm):
    """The terms of a marketplace: a new one of a program, or one to be changed."""

    minimum = forms.IntegerField(label=_("Smallest size"), min_value=1, max_value=LARGEST)
    maximum = forms.IntegerField(label=_("Largest size"), min_value=1, max_value=LARGEST)
    waits = forms.IntegerField(
        label=_("Waitlists beside one's place"),
        help_text=_("Everybody has one place; so many full topics at most can they wait for as well."),
        min_value=0,
        max_value=MOST_WAITS,
    )

    class Meta:
        model = Marketplace
        fields = ["name", "minimum", "maximum", "closes_on", "offered_by", "waits"]
        widgets = {"closes_on": DateInput, "offered_by": forms.RadioSelect}
        labels = {
            "name": _("Name of this marketplace"),
            "closes_on": _("People choose until"),
            "offered_by": _("Who may offer a topic?"),
        }
        help_texts = {
            "closes_on": _("The last day counts. A week is usual."),
        }

    def __init__(self, data: Any = None, *, program: Program, instance: Marketplace | None = None) -> None:
        super().__init__(data, instance=instance or Marketplace(program=program))
        self.program = program

    @property
    def terms(self) -> dict[str, Any]:
        """What the actions take; only of a valid form."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}

    def clean_closes_on(self) -> Any:
        day = self.cleaned_data["closes_on"]
        if day < timezone.localdate(timezone=self.program.zone):
            raise forms.ValidationError(_("Choose today or a later day."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        smallest, largest = cleaned.get("minimum"), cleaned.get("maximum")
        if smallest and largest and largest < smallest:
            self.add_error(
                "maximum", _("The largest size is below the smallest one. Choose a larger number.")
            )
        return cleaned

    def _post_clean(self) -> None:
        """Leave the row as it is: the action changes it, and constraints are checked above."""


class OfferForm(forms.Form):
    """A topic that somebody puts up; when there are some like it, they say that theirs is another."""

    name = LineFormField(
        label=_("Your topic"),
        help_text=_("In a few words that say what you would work on together."),
        max_length=100,
        error_messages={"required": _("Say in a few words what it is about.")},
    )
    why = forms.CharField(
        label=_("Why is it worth our time? You need not say."),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 600}),
    )
    leads = forms.BooleanField(label=_("I would lead it, at least to begin with"), required=False)
    is_another = forms.BooleanField(required=False, widget=forms.HiddenInput)


class PutUpForm(OfferForm):
    """A topic that the staff put up: they lead nothing."""

    leads = None  # type: ignore[assignment]


class TopicForm(EditForm, forms.ModelForm):
    """What the staff change of a topic."""

    own_maximum = forms.IntegerField(
        label=_("Its own largest size"),
        help_text=_("Leave it empty for the size that all topics have."),
        required=False,
        min_value=1,
        max_value=LARGEST,
    )

    class Meta:
        model = OfferedTopic
        fields = ["name", "why", "own_maximum"]
        widgets = {"why": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"name": _("Its people get a mail when the name changes.")}

    @property
    def terms(self) -> dict[str, Any]:
        """What the action takes; only of a valid form."""
        return {name: self.cleaned_data[name] for name in ("name", "why", "own_maximum")}

    def _post_clean(self) -> None:
        """Leave the row as it is: the action changes it, and says when the name is taken."""


class CriterionForm(forms.ModelForm):
    """A line of whom a topic is for."""

    class Meta:
        model = Criterion
        fields = ["text"]
        labels = {"text": _("Who is this for?")}
        error_messages = {"text": {"required": _("Write one line, such as “people who run a pantry”.")}}


class FatesForm(forms.Form):
    """What becomes of each topic with too few people when the marketplace is settled."""

    def __init__(self, *args: Any, cards: Sequence[Card], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.thin = thin_cards(cards)
        for card in self.thin:
            label = ngettext(
                "%(topic)s: one person, %(missing)d too few",
                "%(topic)s: %(people)d people, %(missing)d too few",
                card.people,
            )
            self.fields[f"topic-{card.topic.pk}"] = forms.ChoiceField(
                label=label % {"topic": card.topic, "people": card.people, "missing": card.missing},
                choices=[*Fate.choices, *_into(card, cards)],
                initial=Fate.DROP,
                widget=forms.RadioSelect,
            )

    @property
    def fates(self) -> Mapping[int, str]:
        """What was chosen, by topic's id: as shown at first, or of a valid form."""
        chosen: Mapping[str, str] = self.cleaned_data if self.is_bound else {}
        return {card.topic.pk: chosen.get(f"topic-{card.topic.pk}", Fate.DROP.value) for card in self.thin}


def _into(card: Card, cards: Sequence[Card]) -> list[tuple[str, str]]:
    words = gettext("Its people go to %(topic)s, which has %(people)d of %(most)d then")
    return [
        (
            str(each.topic.pk),
            words % {"topic": each.topic, "people": each.people + card.people, "most": each.maximum},
        )
        for each in targets_for(card, cards)
        if not each.is_thin or each.people + card.people >= each.minimum
    ]
