"""What stewardship refuses, and what to do then."""

from django.utils.translation import gettext_lazy as _

from coppice.lib.errors import DomainError


class SpokenInFuture(DomainError):
    """A conversation that has not happened cannot be logged."""

    code = "spoken_in_future"
    sentence = _("That day has not come yet. Choose today or a day before.")


class NextBeforeSpoken(DomainError):
    """The next conversation lies before this one."""

    code = "next_before_spoken"
    sentence = _("The next conversation lies before this one. Choose a later day, or leave it empty.")
