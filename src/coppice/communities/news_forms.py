"""What to make a feed of."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coppice.communities import news
from coppice.communities.news import Subject


class NewsFeedForm(forms.Form):
    """Of which group, and what of it."""

    what = forms.ChoiceField(label=_("Of"))
    stream = forms.ChoiceField(label=_("What it tells"))

    def __init__(self, typed: Any = None, *, subjects: Sequence[Subject]) -> None:
        self.subjects = {each.key: each for each in subjects}
        super().__init__(typed)
        self.fields["what"].choices = [(each.key, each.label) for each in subjects]  # type: ignore[attr-defined]
        self.fields["stream"].choices = news.choices()  # type: ignore[attr-defined]

    @property
    def chosen(self) -> str:
        """The stream that was chosen, "" for everything."""
        stream: str = self.cleaned_data["stream"]
        return "" if stream == news.EVERYTHING else stream

    @property
    def subject(self) -> Subject:
        return self.subjects[self.cleaned_data["what"]]
