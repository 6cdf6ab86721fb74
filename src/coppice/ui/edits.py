"""A form that edits knows what it was opened with, so that an older one undoes nobody's work unseen."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django import forms
from django.db import connection
from django.db.models import Model
from django.utils import formats
from django.utils.choices import flatten_choices
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FIELD = "opened_with"
VERSION = "1"
CHANGED = gettext_lazy(
    "This was changed after you opened the form, and nothing of yours is saved yet. Compare: save over it, "
    "or leave it as it is."
)


@dataclass(frozen=True)
class Change:
    """One thing that somebody changed meanwhile: what it is called, and what stands there now."""

    label: str
    now: str


def mark(shown: Mapping[str, object]) -> str:
    """Return what a form carries to tell later which of the values that it showed have changed."""
    return " ".join([VERSION, *(f"{name}:{_digest(value)}" for name, value in shown.items())])


def mark_input(shown: Mapping[str, object]) -> SafeString:
    """Return the hidden field with the mark; browsers do not fill it in from memory."""
    return format_html('<input type="hidden" name="{}" value="{}" autocomplete="off">', FIELD, mark(shown))


def changed_since(carried: str, shown: Mapping[str, object]) -> set[str]:
    """Return the names whose value is another by now; none when the form carried no mark."""
    if not carried:
        return set()
    then = dict(pair.rsplit(":", 1) for pair in carried.split() if ":" in pair)
    return {name for name, value in shown.items() if then.get(name) != _digest(value)}


def held[Row: Model](row: Row) -> Row:
    """Return a row as it is now, and within a transaction keep others from changing it until that ends."""
    rows = type(row)._default_manager.filter(pk=row.pk)
    return (rows.select_for_update() if connection.in_atomic_block else rows).first() or row


class EditForm(forms.BaseForm):
    """Lets a form refuse to save over what somebody changed after it was opened; comes before the form class.

    A form of a row that exists carries a mark of each value as it was shown. When it is sent, a value that is
    another by now and that would be overwritten makes it invalid: `changed_meanwhile` says what stands there,
    what was typed is kept, and the mark is renewed, so that sending it once more saves over it knowingly.
    A form without a mark is not compared.
    """

    changed_meanwhile: Iterable[Change] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        data = args[0] if args else kwargs.get("data")
        row = kwargs.get("instance")
        if data is not None and row is not None and row.pk:
            kwargs["instance"] = held(row)
        super().__init__(*args, **kwargs)

    @property
    def is_edit(self) -> bool:
        """Whether what the form shows stands somewhere already."""
        row = getattr(self, "instance", None)
        return row is not None and row.pk is not None

    @property
    def opened_with(self) -> SafeString:
        """The hidden field with the mark, which `{{ form }}` draws; empty in a form of something new."""
        return mark_input(self._stands()) if self.is_edit else SafeString("")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.is_edit:
            others = changed_since(self.data.get(FIELD, ""), self._stands()) & set(self.changed_data)
            self.changed_meanwhile = [
                Change(str(self[name].label), in_words(field, self[name].initial))
                for name, field in self.fields.items()
                if name in others
            ]
            if self.changed_meanwhile:
                self.add_error(None, forms.ValidationError(CHANGED, code="changed_meanwhile"))
        return cleaned

    def _stands(self) -> dict[str, object]:
        return {name: field.prepare_value(self[name].initial) for name, field in self.fields.items()}


def in_words(field: forms.Field, value: Any) -> str:
    """Return a field's value as people read it."""
    if isinstance(field, forms.BooleanField):
        return _("Yes") if value else _("No")
    if value in (None, "", []):
        return _("(empty)")
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        pairs: Iterable[tuple[Any, Any]] = flatten_choices(choices)
        labels = {str(key): label for key, label in pairs}
        values = value if isinstance(value, (list, tuple)) else [value]
        return format_html_join(
            ", ", "{}", ((labels.get(str(field.prepare_value(each)), each),) for each in values)
        )
    if isinstance(value, (date, time)):
        return formats.localize(value)
    return str(value)


def _digest(value: object) -> str:
    # A form sends a text's line ends as CR LF, whatever they were: they make no difference.
    text = "" if value is None else "\n".join(str(value).splitlines())
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()
