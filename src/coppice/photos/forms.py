"""Asking for a photo, and for what it shows."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coppice.lib.errors import DomainError
from coppice.lib.lines import LineFormField
from coppice.photos.errors import TooHeavy
from coppice.photos.models import Photo
from coppice.photos.renditions import LARGEST_BYTES, Pictures, pictures_of


class PhotoField(forms.FileField):
    """A file that is cleaned into `Pictures`. A phone offers its camera for it."""

    widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})

    def clean(self, data: Any, initial: Any = None) -> Pictures | None:
        file = super().clean(data, initial)
        if not file:
            return None
        try:
            if file.size > LARGEST_BYTES:
                raise TooHeavy
            return pictures_of(file.read())
        except DomainError as refused:
            raise forms.ValidationError(str(refused.sentence), code=refused.code) from None


class PhotoForm(forms.Form):
    """A photo and its words; where one is `kept` already its words can be changed alone."""

    photo = PhotoField(
        label=_("Photo"),
        help_text=_(
            "Take one now, or choose one: JPEG, PNG or WebP, up to 15 MB. "
            "Where and when it was taken is not kept."
        ),
        error_messages={"required": _("Take or choose a photo first.")},
    )
    alt = LineFormField(
        label=_("What does the photo show?"),
        help_text=_(
            "One line for people who cannot see it, such as: a soup ladle with a worn wooden handle."
        ),
        required=False,
        max_length=200,
    )

    def __init__(self, *given: Any, kept: Photo | None = None, **more: Any) -> None:
        super().__init__(*given, **more)
        if kept is not None:
            self.fields["photo"].required = False
            self.fields["photo"].label = _("Another photo")
            self.initial.setdefault("alt", kept.alt)

    @property
    def errors_in_a_row(self) -> list[str]:
        """What is wrong, for an answer that has no room for the form."""
        return [str(error) for errors in self.errors.values() for error in errors]
