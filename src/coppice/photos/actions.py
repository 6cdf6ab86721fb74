"""Keeping a photo for a thing, and taking it away with its files."""

from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from coppice.lib.files import delete_strays, files_in
from coppice.photos.models import FOLDER, Photo, PhotoFileField
from coppice.photos.renditions import Pictures

LEFT_ALONE = timedelta(hours=2)
"""A file younger than this may belong to a change that is not committed yet."""


@transaction.atomic
def put[Row: Photo](model: type[Row], pictures: Pictures, *, alt: str, **thing: Any) -> Row:
    """Keep a photo of a thing (`profile=…`), in place of the one that it has.

    The caller holds the thing's row, so that two at once do not both become its photo.
    """
    remove(model, **thing)
    photo = model(alt=alt, width=pictures.width, height=pictures.height, **thing)
    photo.large.save("large.jpg", ContentFile(pictures.large), save=False)
    photo.small.save("small.jpg", ContentFile(pictures.small), save=False)
    photo.save(force_insert=True)
    return photo


def copy[Row: Photo](model: type[Row], photo: Photo, **thing: Any) -> Row:
    """Keep the same photo for another thing, with files of its own."""
    with photo.large.open() as large, photo.small.open() as small:
        pictures = Pictures(large.read(), small.read(), photo.width, photo.height)
    return put(model, pictures, alt=photo.alt, **thing)


@transaction.atomic
def describe(model: type[Photo], *, alt: str, **thing: Any) -> bool:
    """Say anew what a thing's photo shows, and return whether that is something else than before."""
    return model._base_manager.filter(**thing).exclude(alt=alt).update(alt=alt) > 0


@transaction.atomic
def remove(model: type[Photo], **thing: Any) -> bool:
    """Take a thing's photo away and say whether it had one; its files go when that is committed."""
    count, _rows = model._base_manager.filter(**thing).delete()
    return count > 0


def sweep(*, before: datetime | None = None, folder: str = FOLDER) -> int:
    """Delete the files of a folder that no row names and that were written `before`; return how many.

    They are of changes that were rolled back, or whose process ended between the commit and the deletion.
    """
    before = before or timezone.now() - LEFT_ALONE
    found = files_in(folder)
    named = {
        name
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, PhotoFileField)
        for name in model._base_manager.values_list(field.name, flat=True)
    }
    return delete_strays(found, named=named, before=before)
