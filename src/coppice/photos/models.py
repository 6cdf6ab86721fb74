"""A photo of something: what every room that keeps photos has in common."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from coppice.lib.files import RowFileField, random_name
from coppice.lib.lines import LineField

FOLDER = "photos"
FILES = ("large",)
"""What of a photo goes into "download everything about me"."""


def stored_name(photo: models.Model, filename: str) -> str:
    """Return where a rendition is kept."""
    return random_name(FOLDER, ending=".jpg")


class PhotoFileField(RowFileField):
    """A rendition's file."""


class Photo(models.Model):
    """A photo of one thing, as two renditions, with the words that stand for it where it is not seen."""

    large = PhotoFileField(upload_to=stored_name, editable=False)
    small = PhotoFileField(upload_to=stored_name, editable=False)
    width = models.PositiveSmallIntegerField(editable=False)
    height = models.PositiveSmallIntegerField(editable=False)
    alt = LineField(_("what the photo shows"), max_length=200, blank=True)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.alt or str(_("Photo"))

    @property
    def version(self) -> str:
        """What changes with the photo: part of its address, so that a new one is seen at once."""
        return str(self.large.name).rpartition("/")[2][:8]

    def words_for(self, thing: str) -> str:
        """Return what is read aloud in the photo's place: what its owner wrote, else that it is of this."""
        return self.alt or (str(_("Photo of: %(thing)s")) % {"thing": thing} if thing else str(_("Photo")))
