"""Rules about what people type that more than one form keeps."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LONGEST_TIME = timedelta(days=366)


def check_last_day(until: date, *, today: date) -> None:
    """Refuse (ValidationError) a last day for swaps that is over, or more than a year away.

    A day that is over would end every wish that waits, as if nobody could change. `today` is that of the
    program's time zone.
    """
    if until < today:
        raise ValidationError(
            _("This day is over. Choose a later one, or leave it empty: then nobody asks any more.")
        )
    if until > today + LONGEST_TIME:
        raise ValidationError(_("That is more than a year away. Choose an earlier day."))
