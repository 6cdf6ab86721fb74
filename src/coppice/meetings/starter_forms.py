"""What staff type about a starter pack, and which communities are to have it."""

import copy
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coppice.accounts.zones import ZoneField
from coppice.meetings.agendas import ready_agendas
from coppice.meetings.forms import HELP_TEXTS
from coppice.meetings.models import StarterPack
from coppice.meetings.series_models import HOW_WE_MEET
from coppice.meetings.starter import A_DAY, places_on_a_day
from coppice.ui.edits import EditForm, held
from coppice.ui.widgets import DateInput, TimeInput

CADENCE = ("rhythm", "every", "weekday", "position", "first_from", "clock", "minutes", "time_zone", "spread")
CIRCLE = ("circle_name", "circle_weekday", "circle_position", "circle_clock", "circle_link")


class StarterPackForm(EditForm, forms.ModelForm):
    """The whole pack: cadence, how communities meet, agenda, the leaders' circle."""

    time_zone = ZoneField(
        label=gettext_lazy("Time zone"),
        unchosen=gettext_lazy("That of each community"),
        help_text=gettext_lazy("By the first line of the list, each community goes by its own clocks."),
    )
    agenda = forms.ChoiceField(label=gettext_lazy("Agenda of each meeting"), required=False)

    class Meta:
        model = StarterPack
        fields = ["title", *CADENCE, *HOW_WE_MEET, "agenda", "for_new", *CIRCLE]
        widgets = {
            "purpose": forms.Textarea(attrs={"rows": 4}),
            "first_from": DateInput,
            "clock": TimeInput,
            "circle_clock": TimeInput,
            "rhythm": forms.RadioSelect,
            "spread": forms.RadioSelect,
        }
        help_texts = {
            **HELP_TEXTS,
            "title": gettext_lazy("What each meeting is called."),
            "first_from": gettext_lazy("Each community begins on the next day that fits."),
            "spread": gettext_lazy(
                "So that your staff can be at all of them: there are up to twenty such times in a week, then "
                "the first one comes again."
            ),
        }

    def __init__(self, typed: Any = None, *, pack: StarterPack) -> None:
        row = held(pack) if typed is not None and pack.pk else pack
        super().__init__(typed, instance=copy.copy(row))
        agendas = [(each.key, each.label) for each in ready_agendas()]
        self.fields["agenda"].choices = [("", gettext_lazy("None")), *agendas]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("spread") != StarterPack.Spread.NONE and not cleaned.get("time_zone"):
            self.add_error("time_zone", _("Choose one time zone, so that they meet one after another."))
        clock, minutes = cleaned.get("clock"), cleaned.get("minutes")
        is_in_turn = cleaned.get("spread") == StarterPack.Spread.CLOCK
        if is_in_turn and clock is not None and minutes and places_on_a_day(clock, minutes) < A_DAY:
            self.add_error(
                "clock", _("Four meetings one after another do not end by midnight: begin earlier.")
            )
        if cleaned.get("circle_name") and not cleaned.get("circle_clock"):
            self.add_error("circle_clock", _("Say at what time the leaders meet."))
        return cleaned

    @property
    def when(self) -> list[forms.BoundField]:
        """The fields of the cadence."""
        return [self[name] for name in ("title", *CADENCE)]

    @property
    def how(self) -> list[forms.BoundField]:
        """The fields of where and how communities meet."""
        return [self[name] for name in (*HOW_WE_MEET, "agenda", "for_new")]

    @property
    def circle(self) -> list[forms.BoundField]:
        """The fields of the leaders' own group."""
        return [self[name] for name in CIRCLE]
