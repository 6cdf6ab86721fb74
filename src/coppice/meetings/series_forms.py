"""What people type about a series: its rule, where and how people meet, and what changes from one date on."""

import copy
import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coppice.accounts.zones import ZoneField
from coppice.communities.models import Community
from coppice.lib.lines import LineFormField
from coppice.meetings.errors import SeriesTooLong
from coppice.meetings.forms import HELP_TEXTS
from coppice.meetings.models import Meeting, MeetingSeries
from coppice.meetings.recurrence import Instead, Rhythm, Rule
from coppice.meetings.recurrence_wording import POSITIONS
from coppice.meetings.series_finding import length_of
from coppice.meetings.series_models import HOW_WE_MEET
from coppice.programs.validators import validate_day
from coppice.ui.edits import EditForm, held
from coppice.ui.widgets import DateInput, TimeInput

YEAR = timedelta(days=365)
LONGEST = timedelta(days=731)
MOST_FREE_DAYS = 400
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
FIRST_IN = timedelta(days=7)
KEEP, FOLLOW = "keep", "follow"


class FreeDaysField(forms.CharField):
    """Days on which nobody meets: one on each line, or two for all days from the first to the last."""

    widget = forms.Textarea

    def clean(self, value: Any) -> frozenset[date]:
        days: set[date] = set()
        for line in str(super().clean(value)).splitlines():
            if line.strip():
                days |= _days_of(line.strip())
        if len(days) > MOST_FREE_DAYS:
            raise ValidationError(_("These are more than 400 days. Give fewer."))
        return frozenset(days)


class SeriesForm(forms.Form):
    """The rule of a series, by the clocks of one zone; sent by GET, to look at the dates before planning."""

    title = LineFormField(label=gettext_lazy("Title"), max_length=200)
    first = forms.DateField(
        label=gettext_lazy("First day"),
        widget=DateInput,
        validators=[validate_day],
        help_text=gettext_lazy("The first meeting is on this day or on the next one that fits."),
    )
    clock = forms.TimeField(label=gettext_lazy("Starts at"), widget=TimeInput)
    minutes = forms.IntegerField(
        label=gettext_lazy("Length in minutes"),
        min_value=10,
        max_value=720,
        help_text=gettext_lazy("Usually 60."),
    )
    time_zone = ZoneField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy(
            "The clocks that all dates go by, also when they change for summer or winter. Everybody reads "
            "them in their own zone."
        ),
    )
    rhythm = forms.ChoiceField(
        label=gettext_lazy("How it repeats"),
        choices=[
            (Rhythm.WEEKLY.value, gettext_lazy("By weeks, on the same days of the week")),
            (Rhythm.MONTHLY.value, gettext_lazy("By months, such as on the fourth Wednesday")),
        ],
        widget=forms.RadioSelect,
    )
    every = forms.IntegerField(
        label=gettext_lazy("Every how many weeks or months"),
        min_value=1,
        max_value=26,
        help_text=gettext_lazy("1 is every one of them, 2 every second."),
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("On which days of the week"),
        coerce=int,
        choices=list(WEEKDAYS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("If you tick none, it is that of the first day."),
    )
    position = forms.TypedChoiceField(
        label=gettext_lazy("Which of them in the month"),
        coerce=int,
        choices=[("", gettext_lazy("As the first day is in its month")), *POSITIONS.items()],
        required=False,
    )
    last = forms.DateField(
        label=gettext_lazy("Ends on"),
        widget=DateInput,
        validators=[validate_day],
        help_text=gettext_lazy("At most two years after the first day."),
    )
    other_clock = forms.TimeField(
        label=gettext_lazy("A second time, in turn"),
        widget=TimeInput,
        required=False,
        help_text=gettext_lazy("For people on two sides of the world: one time, then the other."),
    )
    months_out = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Months without meetings"),
        coerce=int,
        choices=list(MONTHS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    free_days = FreeDaysField(
        label=gettext_lazy("Days on which nobody meets"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=gettext_lazy(
            "Holidays, one on each line: 2027-01-01. For several: 2026-12-24 to 2027-01-03."
        ),
    )
    instead = forms.ChoiceField(
        label=gettext_lazy("If a date falls on such a day"),
        choices=[
            (Instead.SKIP.value, gettext_lazy("Leave it out")),
            (Instead.WEEK_BEFORE.value, gettext_lazy("Meet a week earlier")),
            (Instead.WEEK_AFTER.value, gettext_lazy("Meet a week later")),
            (Instead.DAY_BEFORE.value, gettext_lazy("Meet the day before")),
        ],
    )

    def __init__(self, typed: Any = None, *, community: Community) -> None:
        first = timezone.localdate(timezone=community.zone) + FIRST_IN
        initial = {
            "title": _("Meeting"),
            "first": first,
            "minutes": 60,
            "time_zone": community.time_zone,
            "rhythm": Rhythm.WEEKLY.value,
            "every": 2,
            "last": end_of(community, first),
            "instead": Instead.SKIP.value,
        }
        super().__init__(typed, initial=initial)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("Choose the first day or a later one."))
        elif first and last and last - first > LONGEST:
            self.add_error("last", str(SeriesTooLong.sentence))
        if len(cleaned.get("weekdays", ())) > 1 and cleaned.get("rhythm") == Rhythm.MONTHLY:
            self.add_error("weekdays", _("Choose one day of the week when it repeats by months."))
        if cleaned.get("other_clock") is not None and cleaned.get("other_clock") == cleaned.get("clock"):
            self.add_error("other_clock", _("Choose another time than the first, or none."))
        return cleaned

    @property
    def rule(self) -> Rule:
        """The rule that was typed, days and position filled in from the first day."""
        typed = self.cleaned_data
        first, other = typed["first"], typed["other_clock"]
        rhythm = Rhythm(typed["rhythm"])
        position = typed["position"] or _position_of(first)
        return Rule(
            rhythm=rhythm,
            every=typed["every"],
            weekdays=tuple(sorted(typed["weekdays"])) or (first.weekday(),),
            position=position if rhythm is Rhythm.MONTHLY else 0,
            first=first,
            last=typed["last"],
            clocks=(typed["clock"],) if other is None else (typed["clock"], other),
            months_out=frozenset(typed["months_out"]),
            free_days=typed["free_days"],
            instead=Instead(typed["instead"]),
        )


class SeriesSearchForm(forms.Form):
    """How often, from when and how many times a group wants to meet, to find the time of day for it."""

    title = LineFormField(label=gettext_lazy("Title"), max_length=200)
    minutes = forms.IntegerField(label=gettext_lazy("Length in minutes"), min_value=10, max_value=720)
    first = forms.DateField(label=gettext_lazy("First day"), widget=DateInput, validators=[validate_day])
    every = forms.IntegerField(label=gettext_lazy("Every how many weeks"), min_value=1, max_value=26)
    meetings = forms.IntegerField(label=gettext_lazy("How many meetings"), min_value=1, max_value=60)
    in_turn = forms.BooleanField(
        label=gettext_lazy("Two times in turn"),
        required=False,
        help_text=gettext_lazy(
            "For people far apart: what is hard for one half is easy for the other next time."
        ),
    )
    time_zone = ZoneField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("The clocks by which the series goes. Everybody reads it in their own zone."),
    )

    def __init__(self, typed: Any = None, *, community: Community) -> None:
        self.today = timezone.localdate(timezone=community.zone)
        super().__init__(
            typed,
            initial={
                "title": _("Meeting"),
                "minutes": 60,
                "first": self.today + FIRST_IN,
                "every": 2,
                "meetings": 12,
                "time_zone": community.time_zone,
            },
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, every, meetings = (cleaned.get(name) for name in ("first", "every", "meetings"))
        if first and first <= self.today:
            self.add_error("first", _("Choose tomorrow or a later day."))
        if every and meetings and length_of(meetings, weeks=every) > LONGEST:
            self.add_error("meetings", str(SeriesTooLong.sentence))
        return cleaned

    @property
    def begins(self) -> datetime:
        """Midnight of the first day, in the zone of the series."""
        return datetime.combine(
            self.cleaned_data["first"], time(), tzinfo=ZoneInfo(self.cleaned_data["time_zone"])
        )

    @property
    def lasts(self) -> timedelta:
        """How long the series lasts."""
        return length_of(self.cleaned_data["meetings"], weeks=self.cleaned_data["every"])

    def query_of(self, starts: Sequence[datetime]) -> str:
        """Return what the page that plans a series is opened with, for one time or two in turn."""
        typed = self.cleaned_data
        local = [each.astimezone(ZoneInfo(typed["time_zone"])) for each in starts]
        other = {"other_clock": f"{local[1]:%H:%M}"} if len(local) > 1 else {}
        return urlencode(
            {
                "title": typed["title"],
                "first": local[0].date().isoformat(),
                "clock": f"{local[0]:%H:%M}",
                "minutes": typed["minutes"],
                "time_zone": typed["time_zone"],
                "rhythm": Rhythm.WEEKLY.value,
                "every": typed["every"],
                "weekdays": local[0].weekday(),
                "last": (typed["first"] + self.lasts).isoformat(),
                "instead": Instead.SKIP.value,
                **other,
            }
        )


class DetailsForm(forms.ModelForm):
    """Where and how people meet in all of a series."""

    class Meta:
        model = MeetingSeries
        fields = HOW_WE_MEET
        widgets = {"purpose": forms.Textarea(attrs={"rows": 4})}
        help_texts = HELP_TEXTS


class FollowingForm(EditForm, forms.ModelForm):
    """What becomes of one meeting of a series and of all that follow it."""

    minutes = forms.IntegerField(label=gettext_lazy("Length in minutes"), min_value=10, max_value=720)
    time_zone = ZoneField(label=gettext_lazy("Time zone"))
    by_hand = forms.ChoiceField(
        label=gettext_lazy("What was changed by hand"),
        choices=[
            (KEEP, gettext_lazy("Keep it as it is")),
            (FOLLOW, gettext_lazy("Change it like the others")),
        ],
        widget=forms.RadioSelect,
        initial=KEEP,
        help_text=gettext_lazy("What is cancelled stays cancelled."),
    )

    field_order = ["title", "clock", "other_clock", "minutes", "time_zone", *HOW_WE_MEET, "by_hand"]

    class Meta:
        model = MeetingSeries
        fields = ["title", "clock", "other_clock", "minutes", "time_zone", *HOW_WE_MEET]
        widgets = {
            "purpose": forms.Textarea(attrs={"rows": 4}),
            "clock": TimeInput,
            "other_clock": TimeInput,
        }
        help_texts = HELP_TEXTS

    def __init__(self, typed: Any = None, *, meeting: Meeting, has_exceptions: bool) -> None:
        assert meeting.series is not None
        series = held(meeting.series) if typed is not None else meeting.series
        initial = {}
        if meeting.strand:
            initial = {"clock": series.other_clock, "other_clock": series.clock}
        super().__init__(typed, instance=copy.copy(series), initial=initial)
        self.fields["other_clock"].required = series.other_clock is not None
        for name, is_there in (("other_clock", series.other_clock is not None), ("by_hand", has_exceptions)):
            if not is_there:
                del self.fields[name]

    @property
    def keeps_exceptions(self) -> bool:
        return self.cleaned_data.get("by_hand", KEEP) == KEEP

    @property
    def change(self) -> dict[str, Any]:
        """What `actions.change_following` takes as fields."""
        return {name: value for name, value in self.cleaned_data.items() if name != "by_hand"}


def end_of(community: Community, first: date) -> date:
    """Return the end that is proposed: that of the community, at most two years; a year when it is over."""
    ends = community.ends_on
    return min(ends, first + LONGEST) if ends > first else first + YEAR


def _position_of(day: date) -> int:
    nth = (day.day - 1) // 7 + 1
    return nth if nth <= 4 else -1


def _days_of(line: str) -> set[date]:
    found = ISO_DAY.findall(line)
    try:
        ends = [date.fromisoformat(each) for each in found] or [forms.DateField().clean(line)]
    except (ValueError, ValidationError):
        raise ValidationError(
            _("“%(line)s” is no date. Write it like 2027-01-01.") % {"line": line}
        ) from None
    count = (ends[-1] - ends[0]).days
    if len(ends) > 2 or not 0 <= count < MOST_FREE_DAYS:
        raise ValidationError(_("“%(line)s” is no date. Write it like 2027-01-01.") % {"line": line})
    return {ends[0] + timedelta(days=each) for each in range(count + 1)}
