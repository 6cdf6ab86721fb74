"""Posters that people put on a wall, the themes under which hosts gather them, and what people say of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coppice.lib.lines import LineField
from coppice.lib.personal import Erasure, Personal
from coppice.live.models import Participant, Step
from coppice.photos.models import FILES, Photo

LONGEST_POSTER = 140
LONGEST_THEME = 100
"""As long as the name of a topic on a marketplace, which a theme may become."""


class Theme(models.Model):
    """What some posters of a wall have in common, as hosts call it. `step` is the one that hung them."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="themes")
    words = LineField(max_length=LONGEST_THEME)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.words


class Poster(models.Model):
    """A few words, a photo, or both, that one participant put on a wall; beginning afresh keeps it.

    `photo_digest` is that of its photo, "" without one: the same photo hangs once for each. `put_off` counts
    how often hosts put off saying where it belongs, so that others come first.
    """

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="posters")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="posters")
    words = LineField(max_length=LONGEST_POSTER, blank=True)
    theme = models.ForeignKey(Theme, null=True, blank=True, on_delete=models.SET_NULL, related_name="posters")
    photo_digest = models.CharField(max_length=64, blank=True, editable=False)
    is_hidden = models.BooleanField(default=False, editable=False)
    put_off = models.PositiveIntegerField(default=0, editable=False)
    at = models.DateTimeField(auto_now_add=True)

    personal = Personal(
        path="participant__person",
        exports=("step__room__title", "step__title", "words", "theme__words", "at"),
        on_erasure=Erasure.DELETE,
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["step", "participant", "photo_digest"],
                condition=~Q(photo_digest=""),
                name="one_poster_of_a_photo_each",
            )
        ]

    def __str__(self) -> str:
        photo = photo_of(self)
        return self.words or (photo.alt if photo else "") or str(_("A photo"))


class PosterPhoto(Photo):
    """The photo on a poster; seen in the room while it goes on and the poster hangs."""

    poster = models.OneToOneField(Poster, on_delete=models.CASCADE, related_name="photo")

    personal = Personal(
        path="poster__participant__person",
        exports=("id", "poster__words", "alt", "added_at"),
        files=FILES,
        on_erasure=Erasure.DELETE,
    )


class Bundle(models.Model):
    """That one participant says of some posters that they belong together."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="bundles")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="bundles")
    posters = models.ManyToManyField(Poster, related_name="bundles")
    at = models.DateTimeField(auto_now_add=True)

    personal = Personal(
        path="participant__person",
        exports=("step__room__title", "step__title", "at"),
        on_erasure=Erasure.DELETE,
    )

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.participant)


def photo_of(poster: Poster) -> PosterPhoto | None:
    """Return the photo of a poster, or None."""
    return getattr(poster, "photo", None)
