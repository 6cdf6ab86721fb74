"""The form that belongs to no room, typing a word to confirm what cannot be undone; and parts of rows."""

from django import forms
from django.utils.translation import gettext_lazy as _


def part_of_a_row(field: forms.Field) -> None:
    """Mark a field as one part of a row that may stay empty as a whole: it does not say so by itself."""
    field.is_part_of_a_row = True  # type: ignore[attr-defined]


class TypedConfirmation(forms.Form):
    """Valid only when the person typed `word` (letter case and outer spaces do not matter)."""

    typed = forms.CharField(required=False, max_length=200)

    def __init__(self, *args, word: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.word = word
        field = self.fields["typed"]
        field.required = True
        field.label = _("Type %(word)s to confirm") % {"word": word}
        field.widget.attrs |= {
            "autocomplete": "off",
            "autocapitalize": "off",
            "spellcheck": "false",
            "data-word": word,
        }

    def clean_typed(self) -> str:
        typed = self.cleaned_data["typed"]
        if typed.strip().casefold() != self.word.strip().casefold():
            sentence = _("This does not match. Type %(word)s, or leave this page to keep everything.")
            raise forms.ValidationError(sentence, code="no_match", params={"word": self.word})
        return typed
