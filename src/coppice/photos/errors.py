"""What can be wrong with a photo."""

from django.utils.translation import gettext_lazy as _

from coppice.lib.errors import DomainError


class NotAPhoto(DomainError):
    code = "not_a_photo"
    sentence = _(
        "This file is no photo that we can read. Choose a JPEG, PNG or WebP file, or take a new photo."
    )


class TooHeavy(DomainError):
    code = "photo_too_heavy"
    sentence = _("This file is larger than 15 MB. Choose a smaller one, or take a photo of it.")


class TooManyPixels(DomainError):
    code = "photo_too_many_pixels"
    sentence = _("This picture has too many points to be shown here. Make it smaller, then send it again.")
