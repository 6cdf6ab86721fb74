"""The photo of the object that stands for what somebody knows."""

from typing import Any

from django.db import transaction

from coppice.history.actions import record
from coppice.photos import actions as photos
from coppice.photos.models import Photo
from coppice.photos.renditions import Pictures
from coppice.profiles.models import ObjectPhoto, Profile
from coppice.programs.models import Enrollment


@transaction.atomic
def put_photo(enrollment: Enrollment, *, pictures: Pictures, alt: str, by: Any) -> ObjectPhoto:
    """Keep the photo of somebody's object, in place of the one that is there; seen by whom the object is."""
    photo = photos.put(ObjectPhoto, pictures, alt=alt, profile=_held(enrollment))
    _note("profile.photo_given", enrollment, by=by)
    return photo


@transaction.atomic
def take_over_photo(enrollment: Enrollment, *, photo: Photo, by: Any) -> ObjectPhoto:
    """Keep a photo that somebody gave elsewhere, such as in a live room, with files of its own."""
    made = photos.copy(ObjectPhoto, photo, profile=_held(enrollment))
    _note("profile.photo_given", enrollment, by=by)
    return made


@transaction.atomic
def describe_photo(enrollment: Enrollment, *, alt: str, by: Any) -> None:
    """Say anew what the photo of somebody's object shows; the same words change nothing."""
    if photos.describe(ObjectPhoto, alt=alt, profile__enrollment=enrollment):
        _note("profile.photo_described", enrollment, by=by)


@transaction.atomic
def remove_photo(enrollment: Enrollment, *, by: Any) -> bool:
    """Delete the photo of somebody's object, and say whether there was one."""
    was_there = photos.remove(ObjectPhoto, profile__enrollment=enrollment)
    if was_there:
        _note("profile.photo_removed", enrollment, by=by)
    return was_there


def _held(enrollment: Enrollment) -> Profile:
    """Return the profile, held until the transaction ends, so that it gets one photo at a time."""
    profile, _is_new = Profile.objects.select_for_update().get_or_create(enrollment=enrollment)
    return profile


def _note(verb: str, enrollment: Enrollment, *, by: Any) -> None:
    record(verb, scope=enrollment.program.scope, by=by, subject=enrollment, about=enrollment.person)
