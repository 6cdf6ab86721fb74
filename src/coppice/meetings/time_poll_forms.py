"""What people type to find a time: what a leader looks for, which times to ask, and what a member answers."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coppice.accounts.zones import ZoneField
from coppice.communities.models import Community
from coppice.lib.lines import LineFormField
from coppice.meetings.errors import NothingToAsk
from coppice.meetings.models import ProposedTime, TimeAnswer, TimePoll
from coppice.meetings.validators import instant
from coppice.programs.validators import validate_day
from coppice.ui.dates import local_time
from coppice.ui.widgets import DateInput, TimeInput

MOST_DAYS = 31
FIRST_IN = timedelta(days=7)
LOOKED_AT = timedelta(days=13)


class SearchForm(forms.Form):
    """How long, and between which days, a time is looked for."""

    title = LineFormField(label=gettext_lazy("What you meet for"), max_length=200)
    minutes = forms.IntegerField(
        label=gettext_lazy("Length in minutes"),
        min_value=10,
        max_value=720,
        help_text=gettext_lazy("Usually 60."),
    )
    first = forms.DateField(label=gettext_lazy("First day"), widget=DateInput, validators=[validate_day])
    last = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=DateInput,
        validators=[validate_day],
        help_text=gettext_lazy("At most 31 days from the first. Two weeks are usually enough."),
    )
    time_zone = ZoneField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy(
            "The clocks by which you read the times. Everybody else reads them in their own zone."
        ),
    )

    thread = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(
        self, typed: Any = None, *, community: Community, thread: int | None = None, title: str = ""
    ) -> None:
        """`title` is proposed, as that of the conversation `thread`."""
        self.today = timezone.localdate(timezone=community.zone)
        first = self.today + FIRST_IN
        super().__init__(
            typed,
            initial={
                "minutes": 60,
                "first": first,
                "last": first + LOOKED_AT,
                "time_zone": community.time_zone,
                "thread": thread,
                "title": title,
            },
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and first < self.today:
            self.add_error("first", _("Choose today or a later day."))
        if first and last and not first <= last < first + timedelta(days=MOST_DAYS):
            self.add_error("last", _("Choose a day from the first on, at most 31 days in all."))
        return cleaned

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.cleaned_data["time_zone"])

    @property
    def window(self) -> tuple[datetime, datetime]:
        """The instants from which and until which people may meet, none of it past."""
        first, last = self.cleaned_data["first"], self.cleaned_data["last"]
        begins = datetime.combine(first, time(), tzinfo=self.zone)
        ends = datetime.combine(last + timedelta(days=1), time(), tzinfo=self.zone)
        soonest = timezone.now().astimezone(self.zone).replace(minute=0, second=0, microsecond=0)
        return max(begins, soonest + timedelta(hours=1)), ends


class MomentsField(forms.MultipleChoiceField):
    """Instants that were ticked, as ISO texts with an offset; any instant may stand there."""

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise ValidationError(self.error_messages["required"], code="required")

    def clean(self, value: Any) -> list[datetime]:
        try:
            moments = [datetime.fromisoformat(each) for each in super().clean(value)]
        except ValueError:
            raise ValidationError(NothingToAsk.sentence) from None
        if any(moment.tzinfo is None for moment in moments):
            raise ValidationError(NothingToAsk.sentence)
        return moments


class AskForm(forms.Form):
    """Which of the times to ask for, one of the leader's own, and how long people have to answer."""

    times = MomentsField(required=False)
    own_day = forms.DateField(
        label=gettext_lazy("A time of your own: date"),
        widget=DateInput,
        required=False,
        validators=[validate_day],
    )
    own_clock = forms.TimeField(
        label=gettext_lazy("A time of your own: starts at"), widget=TimeInput, required=False
    )
    closes_on = forms.DateField(
        label=gettext_lazy("Last day to answer"), widget=DateInput, validators=[validate_day]
    )

    def __init__(self, typed: Any = None, *, zone: ZoneInfo | None, closes_on: date) -> None:
        self.zone = zone
        super().__init__(typed, initial={"closes_on": closes_on})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        day, clock = cleaned.get("own_day"), cleaned.get("own_clock")
        own = instant(day, clock, self.zone) if day and clock is not None and self.zone else None
        if (day is None) != (clock is None) and not {"own_day", "own_clock"} & set(self.errors):
            missing = "own_day" if day is None else "own_clock"
            self.add_error(missing, _("A time of your own needs both a date and a time of day."))
        elif day and clock is not None and self.zone and own is None:
            self.add_error(
                "own_clock", _("Clocks are put forward over this time on that day. Choose an hour later.")
            )
        if "times" in cleaned:
            cleaned["starts"] = [*cleaned["times"], *([own.astimezone(UTC)] if own else [])]
            if not cleaned["starts"] and not self.errors:
                self.add_error(None, NothingToAsk.sentence)
        return cleaned


class TimesForm(forms.Form):
    """What one member says: yes, if need be or no to each of the times, as their own clock shows them."""

    def __init__(
        self,
        typed: Any = None,
        *,
        poll: TimePoll,
        times: Sequence[ProposedTime],
        zone: tzinfo,
        said: Mapping[int, str],
    ) -> None:
        super().__init__(typed, initial={_name(each): said.get(each.pk, "") for each in times})
        self.times = times
        for each in times:
            self.fields[_name(each)] = forms.ChoiceField(
                label=local_time(each.starts_at, zone=zone, end=each.starts_at + poll.duration),
                choices=TimeAnswer.Answer.choices,
                widget=forms.RadioSelect,
                help_text=_organizers(poll, each, zone),
            )

    @property
    def answers(self) -> dict[int, str]:
        """What `time_polls.answer` takes."""
        return {each.pk: self.cleaned_data[_name(each)] for each in self.times}


def _name(time: ProposedTime) -> str:
    return f"time_{time.pk}"


def _organizers(poll: TimePoll, time: ProposedTime, zone: tzinfo) -> str:
    """Return the time by the organizer's clock, when it shows another one."""
    theirs = time.starts_at.astimezone(poll.zone)
    if theirs.utcoffset() == theirs.astimezone(zone).utcoffset():
        return ""
    shown = local_time(time.starts_at, zone=poll.zone, end=time.starts_at + poll.duration, yours=False)
    return format_html("{}", shown)
