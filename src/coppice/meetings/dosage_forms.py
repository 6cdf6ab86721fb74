"""Which days a page of attendance and hours counts, as its address says."""

from datetime import date, tzinfo
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coppice.meetings.spans import Preset, Span, preset_span
from coppice.programs.validators import validate_day
from coppice.ui.widgets import DateInput


class SpanForm(forms.Form):
    """Two days, both counted; sent by GET. Either may stay empty."""

    first = forms.DateField(
        label=gettext_lazy("From"), widget=DateInput, required=False, validators=[validate_day]
    )
    last = forms.DateField(
        label=gettext_lazy("Until"), widget=DateInput, required=False, validators=[validate_day]
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("Choose the first day or a later one."))
        return cleaned


def read_span(query: Any, *, zone: tzinfo) -> tuple[SpanForm, Span]:
    """Return the form as typed and the span that an address asks for; the whole time when it asks for none.

    `query` is a request's GET. With days that cannot be, the form has errors and the span is the whole time.
    """
    today = timezone.localdate(timezone=zone)
    is_typed = bool(query.get("first") or query.get("last"))
    if is_typed:
        form = SpanForm(query)
        if form.is_valid():
            return form, Span(zone, form.cleaned_data["first"], form.cleaned_data["last"])
        return form, preset_span(Preset.WHOLE, today=today, zone=zone)
    wanted = query.get("span", "")
    preset = Preset(wanted) if wanted in Preset.values else Preset.WHOLE
    span = preset_span(preset, today=today, zone=zone)
    return SpanForm(initial=_shown(span)), span


def _shown(span: Span) -> dict[str, date | None]:
    return {"first": span.first, "last": span.last}
