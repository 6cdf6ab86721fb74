"""Controls that are written here are those of Django's own templates, letter for letter."""

import datetime

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.html import format_html
from django.utils.translation import gettext_lazy, override

from coppice.ui import widgets
from coppice.ui.rendering import FormRenderer

ROUGH = """<i>"O'Brien" & {sons}</i>"""
CHOICES = [
    ("", "None"),
    (ROUGH, ROUGH),
    (1234.5, 1234.5),
    ("b", format_html("<b>{}</b>", ROUGH)),
    ("c", gettext_lazy("Save")),
    (None, "Nothing"),
]
GROUPED = [(ROUGH, [("a", "A"), ("b", "B")]), ("c", "C")]
ATTRIBUTES = {"required": True, "hidden": False, "data-say": ROUGH, "rows": 3, "id": "id_it"}


def drawn(widget: forms.Widget, value: object, attrs: dict, renderer: object) -> str:
    return widget.render("it", value, attrs=attrs, renderer=renderer)


@pytest.mark.parametrize(
    ("widget", "values"),
    [
        (forms.TextInput(), [None, "", ROUGH, 1234]),
        (forms.HiddenInput(), [None, ROUGH]),
        (forms.EmailInput(), ["a@example.org"]),
        (forms.NumberInput(), [1234.5]),
        (forms.PasswordInput(), [ROUGH]),
        (forms.FileInput(attrs={"accept": ".pdf,.txt"}), [None]),
        (forms.ClearableFileInput(), [None]),
        (forms.CheckboxInput(), [None, False, True, "yes"]),
        (forms.Textarea(attrs={"rows": 7, "data-composer": ""}), [None, "", f"\n{ROUGH}\n"]),
        (widgets.DateInput(), [datetime.date(2026, 11, 28)]),
        (widgets.DateTimeInput(), [datetime.datetime(2026, 11, 28, 2, 5)]),
        (widgets.TimeInput(), [datetime.time(2, 5)]),
        (forms.Select(choices=CHOICES), [None, "", ROUGH, 1234.5]),
        (forms.Select(choices=GROUPED), ["b", "c"]),
        (forms.SelectMultiple(choices=CHOICES), [["b", "c"], []]),
        (forms.RadioSelect(choices=CHOICES), [None, "c"]),
        (forms.RadioSelect(choices=GROUPED), ["b"]),
        (forms.CheckboxSelectMultiple(choices=CHOICES, attrs={"class": ROUGH}), [None, ["b", ROUGH]]),
        (forms.CheckboxSelectMultiple(), [None]),
    ],
    ids=lambda given: type(given).__name__,
)
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("attrs", [{}, ATTRIBUTES])
def test_a_control_is_that_of_django(widget, values, language, attrs):
    with override(language):
        ours, djangos = (
            [drawn(widget, value, attrs, renderer) for value in values]
            for renderer in (FormRenderer(), DjangoTemplates())
        )

    assert ours == djangos
