"""The gallery of a program or a community: objects that people share, with photo and story."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404

from coppice.photos.exhibits import Exhibit, with_version
from coppice.photos.models import Photo
from coppice.photos.serving import SIZES
from coppice.profiles.board import Reach
from coppice.profiles.models import ObjectPhoto, Profile

A_PAGE = 24
MOST_TOPICS = 4

type PhotoPath = Callable[[int, str], str]
"""Gives the address of the photo of a profile (its id) in one size."""


def objects_in(reach: Reach) -> QuerySet[Profile]:
    """Return the profiles whose object a reader may see, in the order of names, in one query."""
    rows = Profile.objects.filter(
        ~Q(object_name="") | ~Q(object_story="") | Q(photo__isnull=False),
        enrollment__program=reach.program,
        enrollment__ended_at=None,
        object_audience__in=reach.audiences,
    )
    if reach.people is not None:
        rows = rows.filter(enrollment__in=reach.people)
    return rows.select_related("enrollment", "photo").order_by("enrollment__name", "pk")


def photo_in(reach: Reach, *, profile_id: int, size: str) -> Photo:
    """Return the photo of somebody's object that a reader may see; raises Http404 otherwise."""
    if size not in SIZES:
        raise Http404
    photos = ObjectPhoto.objects.filter(profile__in=objects_in(reach).order_by())
    return get_object_or_404(photos, profile=profile_id)


def photo_of(profile: Profile) -> ObjectPhoto | None:
    """Return the photo of a profile's object, or None."""
    return getattr(profile, "photo", None)


def gallery_context(
    reach: Reach,
    query: QueryDict,
    *,
    photo_path: PhotoPath,
    person_path: Callable[[int], str] = lambda enrollment_id: "",
) -> dict[str, Any]:
    """Return what a gallery's page shows, in three queries; `person_path` leads to somebody's profile."""
    page = Paginator(objects_in(reach), A_PAGE).get_page(query.get("page"))
    topics = _topics_of(reach, [profile.enrollment_id for profile in page])
    exhibits = [
        Exhibit(
            name=str(profile.enrollment),
            thing=profile.object_name,
            story=profile.object_story,
            topics=topics[profile.enrollment_id][:MOST_TOPICS],
            photo=photo_of(profile),
            url=photo_url(profile, photo_path),
            path=person_path(profile.enrollment_id),
        )
        for profile in page
    ]
    return {"page": page, "exhibits": exhibits}


def photo_url(profile: Profile, photo_path: PhotoPath, size: str = "large") -> str:
    """Return the address of a profile's photo for one reader; "" without a photo."""
    photo = photo_of(profile)
    return with_version(photo_path(profile.pk, size), photo) if photo else ""


def _topics_of(reach: Reach, people: Iterable[int]) -> dict[int, list[str]]:
    """Return the topics with which each of these people helps, as far as the reader may see them."""
    topics: dict[int, list[str]] = defaultdict(list)
    for offer in reach.offers().filter(enrollment__in=list(people)).select_related("topic"):
        if offer.topic_name and offer.topic_name not in topics[offer.enrollment_id]:
            topics[offer.enrollment_id].append(offer.topic_name)
    return topics
