"""What people say of topics before they choose."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.text import Truncator

from coppice.formation.market_board import Card
from coppice.formation.models import Interest

NAME = "topic-%d"


class InterestForm(forms.Form):
    """How much each of some topics interests somebody; one that they leave open says nothing."""

    def __init__(self, data: Any = None, *, cards: Iterable[Card], levels: Mapping[int, int]) -> None:
        super().__init__(data)
        self.topics = [card.topic.pk for card in cards]
        for card in cards:
            self.fields[NAME % card.topic.pk] = forms.TypedChoiceField(
                label=card.topic.name,
                help_text=Truncator(card.topic.why).chars(200),
                choices=Interest.Level.choices,
                coerce=int,
                empty_value=None,
                required=False,
                initial=levels.get(card.topic.pk),
                widget=forms.RadioSelect,
            )

    @property
    def levels(self) -> dict[int, int]:
        """What was said, by the ids of topics; only of a valid form."""
        said = {topic: self.cleaned_data.get(NAME % topic) for topic in self.topics}
        return {topic: level for topic, level in said.items() if level is not None}
