"""Inputs that browsers draw as date and time pickers; Django's own are plain text."""

from django.forms import widgets


class DateInput(widgets.DateInput):
    """A date, in the form that `<input type="date">` needs in every language."""

    input_type = "date"

    def __init__(self, attrs=None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(widgets.TimeInput):
    """A time of day to the minute."""

    input_type = "time"

    def __init__(self, attrs=None) -> None:
        super().__init__(attrs, format="%H:%M")


class DateTimeInput(widgets.DateTimeInput):
    """A date and a time of day to the minute, in the reader's zone."""

    input_type = "datetime-local"

    def __init__(self, attrs=None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")
