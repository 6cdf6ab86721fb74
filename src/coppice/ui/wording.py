"""What a form says when an answer is missing or cannot be read: what to do next."""

from django import forms
from django.core import validators
from django.utils.translation import gettext_lazy as _

from coppice.ui.navigation import Words

KIND_WORDS: dict[type[forms.Field], dict[str, Words]] = {
    forms.Field: {"required": _("Fill this in.")},
    forms.ChoiceField: {"required": _("Choose one.")},
    forms.ModelChoiceField: {"required": _("Choose one.")},
    forms.MultipleChoiceField: {"required": _("Choose at least one.")},
    forms.ModelMultipleChoiceField: {"required": _("Choose at least one.")},
    forms.BooleanField: {"required": _("Tick this to go on.")},
    forms.FileField: {"required": _("Choose a file."), "empty": _("This file is empty. Choose another one.")},
    forms.DateField: {"invalid": _("Give a date, such as 2026-12-01.")},
    forms.TimeField: {"invalid": _("Give a time, such as 14:00.")},
    forms.DateTimeField: {"invalid": _("Give a date and a time, such as 2026-12-01 14:00.")},
    forms.IntegerField: {"invalid": _("Give a whole number, such as 12.")},
    forms.EmailField: {"invalid": _("Give an email address, such as name@example.org.")},
}
KIND_LIMITS = {
    validators.MinValueValidator: _("Give %(limit_value)s or more."),
    validators.MaxValueValidator: _("Give %(limit_value)s or less."),
    validators.MinLengthValidator: _("Use at least %(limit_value)d letters; this has %(show_value)d."),
    validators.MaxLengthValidator: _("Use at most %(limit_value)d letters; this has %(show_value)d."),
}


def use_kind_words() -> None:
    """Give every form field of the process these words; a field's own `error_messages` still come first."""
    for field, words in KIND_WORDS.items():
        inherited = getattr(field, "default_error_messages", {})
        setattr(field, "default_error_messages", {**inherited, **words})  # noqa: B010 (stubs do not know it)
    for validator, sentence in KIND_LIMITS.items():
        validator.message = sentence
