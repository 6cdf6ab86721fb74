"""What people type about a meeting."""

import copy
from collections.abc import Mapping, Sequence
from datetime import UTC, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coppice.accounts.zones import ZoneField
from coppice.communities.models import Community
from coppice.meetings.errors import StartsInPast, StartsTooLate
from coppice.meetings.feeds import Subject
from coppice.meetings.models import CalendarFeed, Meeting, MeetingReply, PulseAnswer
from coppice.meetings.series_models import HOW_WE_MEET
from coppice.meetings.validators import PLANNED_AHEAD, instant
from coppice.programs.validators import validate_day
from coppice.ui.edits import EditForm, held
from coppice.ui.widgets import DateInput, TimeInput

HELP_TEXTS = {
    "link": _("Where people click to join. It can follow later."),
    "purpose": _("One or two sentences, so that people know why to come."),
    "dial_in": _("With the code, for who joins by phone."),
    "access": _("Such as captions, an interpreter, a step-free door."),
    "recording": _("If it is recorded: why, who sees it, and until when."),
}


class MeetingForm(EditForm, forms.ModelForm):
    """One meeting, its time by the clocks of the chosen zone. Works on a copy, so an action can compare.

    With `is_past` it is one that was held already; `begins_with` holds what a new one begins with.
    """

    day = forms.DateField(label=_("Date"), widget=DateInput, validators=[validate_day])
    clock = forms.TimeField(label=_("Starts at"), widget=TimeInput)
    minutes = forms.IntegerField(
        label=_("Length in minutes"), min_value=10, max_value=720, initial=60, help_text=_("Usually 60.")
    )
    time_zone = ZoneField(
        label=_("Time zone"),
        help_text=_("The clocks that this time goes by. Everybody reads it in their own zone."),
    )

    field_order = ["title", "day", "clock", "minutes", "time_zone", *HOW_WE_MEET]

    class Meta:
        model = Meeting
        fields = ["title", *HOW_WE_MEET]
        widgets = {"purpose": forms.Textarea(attrs={"rows": 4})}
        help_texts = HELP_TEXTS

    def __init__(
        self,
        typed: Any = None,
        *,
        community: Community,
        instance: Meeting | None = None,
        is_past: bool = False,
        begins_with: Mapping[str, Any] | None = None,
    ) -> None:
        self.is_past = is_past
        initial: dict[str, Any] = {"time_zone": community.time_zone, **(begins_with or {})}
        if instance is not None and typed is not None:
            instance = held(instance)
        if instance is not None:
            starts = instance.starts_at.astimezone(instance.zone)
            initial = {
                "day": starts.date(),
                "clock": starts.time(),
                "minutes": instance.duration // timedelta(minutes=1),
                "time_zone": instance.time_zone,
            }
        super().__init__(typed, instance=copy.copy(instance), initial=initial)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        day, clock, zone = cleaned.get("day"), cleaned.get("clock"), cleaned.get("time_zone")
        if day and clock is not None and zone:
            starts_at = instant(day, clock, ZoneInfo(zone))
            if starts_at is None:
                self.add_error(
                    "clock",
                    _("Clocks are put forward over this time on that day. Choose an hour later."),
                )
            elif starts_at <= timezone.now() and not self.is_past:
                self.add_error("day", StartsInPast.sentence)
            elif starts_at > timezone.now() + PLANNED_AHEAD:
                self.add_error("day", StartsTooLate.sentence)
            elif cleaned.get("minutes"):
                cleaned["starts_at"] = starts_at.astimezone(UTC)
                cleaned["ends_at"] = cleaned["starts_at"] + timedelta(minutes=cleaned["minutes"])
        return cleaned

    @property
    def plan(self) -> dict[str, Any]:
        """What `actions.plan` and `actions.change` take."""
        names = ["title", "starts_at", "ends_at", "time_zone", *HOW_WE_MEET]
        return {name: self.cleaned_data[name] for name in names}


class ReplyForm(forms.Form):
    """Whether a member comes."""

    answer = forms.ChoiceField(choices=MeetingReply.Answer.choices)


class PulseForm(forms.ModelForm):
    """The one question of the day after, and what the member will try."""

    worth = forms.TypedChoiceField(
        label=_("Was this meeting worth your time?"),
        coerce=int,
        choices=PulseAnswer.Worth.choices,
        widget=forms.RadioSelect,
    )

    class Meta:
        model = PulseAnswer
        fields = ["worth", "will_try"]
        help_texts = {
            "will_try": _(
                "Your leader sees this with your name, and so do the people who run the program. "
                "The number above is only counted, together with those of at least four others."
            )
        }

    def __init__(
        self,
        typed: Any = None,
        *,
        instance: PulseAnswer | None = None,
        initial: dict[str, int] | None = None,
    ) -> None:
        super().__init__(typed, instance=copy.copy(instance), initial=initial)


class FeedForm(forms.ModelForm):
    """What to make a calendar feed of, and whether it tells how to get in."""

    what = forms.ChoiceField(label=_("Meetings of"))

    field_order = ["what", "shows_links"]

    class Meta:
        model = CalendarFeed
        fields = ["shows_links"]
        help_texts = {
            "shows_links": _("Leave this out for a calendar that other people can open."),
        }

    def __init__(self, typed: Any = None, *, subjects: Sequence[Subject]) -> None:
        self.subjects = {each.key: each for each in subjects}
        super().__init__(typed)
        self.fields["what"].choices = [(each.key, each.label) for each in subjects]  # type: ignore[attr-defined]

    @property
    def subject(self) -> Subject:
        return self.subjects[self.cleaned_data["what"]]
