"""The photo of the object on one person's profile: given, shown, taken away."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.history.middleware import without_receipt
from coppice.lib.access import access, anyone
from coppice.photos.forms import PhotoForm
from coppice.photos.limits import MANY, may_send_one_more
from coppice.photos.serving import photo_answer
from coppice.profiles import actions
from coppice.profiles.forms import PhotoWordsForm
from coppice.profiles.gallery import photo_of
from coppice.profiles.own import Own, OwnPhoto, own_photo_by_account, own_photo_by_link, profile_of
from coppice.profiles.permissions import can_fill
from coppice.profiles.views.framing import told
from coppice.profiles.views.own import by_account, by_link, shown_object

type View = Callable[..., HttpResponse]


@require_http_methods(["GET", "HEAD", "POST"])
def photo(request: HttpRequest, own: Own) -> HttpResponse:
    """Give a photo of the object, in place of the one that is there."""
    form = PhotoForm(request.POST, request.FILES) if request.method == "POST" else PhotoForm()
    if request.FILES and not may_send_one_more(request, giver=f"profile:{own.enrollment.pk}"):
        form = PhotoForm(request.POST)
        form.add_error(None, MANY)
    # Read before any transaction begins: see photos.
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        actions.put_photo(own.enrollment, pictures=said["photo"], alt=said["alt"], by=own.actor)
        messages.success(request, _("The photo is kept."))
        return redirect(own.path())
    context = {**told(own), "form": form, **shown_object(own, profile_of(own.enrollment))}
    return render(request, "profiles/photo.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def photo_words(request: HttpRequest, own: Own) -> HttpResponse:
    """Say anew what the photo shows, without sending it again."""
    profile = profile_of(own.enrollment)
    kept = photo_of(profile)
    if kept is None:
        raise Http404
    form = PhotoWordsForm(request.POST if request.method == "POST" else None, instance=kept)
    if request.method == "POST" and form.is_valid():
        actions.describe_photo(own.enrollment, alt=form.cleaned_data["alt"], by=own.actor)
        messages.success(request, _("Saved."))
        return redirect(own.path())
    context = {**told(own), "form": form, **shown_object(own, profile)}
    return render(request, "profiles/photo_words.html", context, status=422 if form.errors else 200)


@require_POST
def photo_removal(request: HttpRequest, own: Own) -> HttpResponse:
    """Delete the photo for good."""
    if actions.remove_photo(own.enrollment, by=own.actor):
        messages.success(request, _("The photo is deleted."))
    return redirect(own.path())


@require_safe
def photo_file(request: HttpRequest, subject: OwnPhoto) -> HttpResponse:
    """The photo itself, for whoever fills in this profile."""
    kept = photo_of(profile_of(subject.enrollment))
    if kept is None:
        raise Http404
    return photo_answer(request, kept, subject.size)


def addresses() -> list[URLPattern]:
    """Each page of the photo under the profile's signed link, and under the id of the roster row."""
    starts: list[tuple[str, str, Callable[[Any], View], View]] = [
        (
            "profile/<str:token>/",
            "own",
            by_link,
            access(anyone, on=own_photo_by_link, signed_out=True)(photo_file),
        ),
        (
            "enrollments/<int:enrollment_id>/profile/",
            "profile",
            by_account,
            access(can_fill, on=own_photo_by_account)(photo_file),
        ),
    ]
    return [
        pattern
        for start, name, door, file in starts
        for pattern in (
            path(f"{start}photo/", without_receipt(door(photo)), name=f"{name}_photo"),
            path(f"{start}photo/words/", door(photo_words), name=f"{name}_photo_words"),
            path(f"{start}photo/removal/", door(photo_removal), name=f"{name}_photo_removal"),
            path(f"{start}photo/<slug:size>/", file, name=f"{name}_photo_file"),
        )
    ]
