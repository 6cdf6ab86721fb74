"""Asking for the photo of a poster."""

from django.utils.translation import gettext_lazy as _

from coppice.activities.poster_models import LONGEST_POSTER
from coppice.lib.lines import LineFormField
from coppice.photos.forms import PhotoForm


class PosterPhotoForm(PhotoForm):
    """A photo, what it shows, and a few words that hang beside it."""

    caption = LineFormField(
        label=_("A few words beside it"),
        help_text=_("You need not write any."),
        required=False,
        max_length=LONGEST_POSTER,
    )
