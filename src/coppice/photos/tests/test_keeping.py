"""Keeping a photo, giving it out, taking it along and away, and sweeping what is left."""

import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import Http404
from django.test import RequestFactory
from django.utils import timezone

from coppice.accounts import actions as accounts
from coppice.accounts.portrait import draw
from coppice.communities.tests.factories import enroll, make_program
from coppice.photos import actions
from coppice.photos.forms import PhotoForm
from coppice.photos.models import FOLDER
from coppice.photos.renditions import LARGEST_BYTES, pictures_of
from coppice.photos.serving import photo_answer
from coppice.photos.tasks import sweep_files
from coppice.photos.tests.factories import content, picture, upload
from coppice.profiles.models import ObjectPhoto, Profile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def profile():
    return Profile.objects.create(enrollment=enroll(make_program(), "Rosa Medina"), object_name="A ladle")


@pytest.fixture
def photo(profile):
    return put(profile)


def put(profile, colour="#357a5a"):
    pictures = pictures_of(content(picture(colour=colour)))
    return actions.put(ObjectPhoto, pictures, alt="A worn ladle", profile=profile)


def bytes_of(file) -> bytes:
    with default_storage.open(file.name) as content:
        return content.read()


def files() -> set[str]:
    return set(actions.files_in(FOLDER))


def test_a_photo_is_kept_under_random_names(photo):
    assert files() == {photo.large.name, photo.small.name}
    assert len(photo.large.name.rpartition("/")[2]) == len("0" * 32 + ".jpg")
    assert (photo.width, photo.height, str(photo)) == (64, 48, "A worn ladle")


def test_another_takes_its_place_and_its_files_go_after_the_commit(
    profile, photo, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        new = put(profile, "#112233")
        assert files() > {photo.large.name, photo.small.name}

    assert ObjectPhoto.objects.get() == new
    assert files() == {new.large.name, new.small.name}


def test_files_stay_when_the_change_is_rolled_back(profile, photo, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        actions.remove(ObjectPhoto, profile=profile)
        transaction.set_rollback(True)

    assert ObjectPhoto.objects.get() == photo
    assert files() == {photo.large.name, photo.small.name}


def test_a_photo_that_was_rolled_back_leaves_nothing_but_what_the_sweep_takes(profile):
    with transaction.atomic():
        lost = put(profile)
        transaction.set_rollback(True)

    assert ObjectPhoto.objects.count() == 0
    sweep_files.func()
    assert files() == {lost.large.name, lost.small.name}  # young: its change might not be committed yet
    assert actions.sweep(before=timezone.now() + timedelta(minutes=1)) == 2
    assert files() == set()


def test_the_sweep_leaves_what_is_named(photo):
    assert actions.sweep(before=timezone.now() + timedelta(minutes=1)) == 0
    assert files() == {photo.large.name, photo.small.name}


def test_a_sweep_where_nobody_gave_a_photo_does_nothing():
    assert actions.sweep() == 0


def test_a_copy_has_files_of_its_own(photo):
    other = Profile.objects.create(enrollment=enroll(make_program(), "Ben Ito"))

    made = actions.copy(ObjectPhoto, photo, profile=other)

    assert made.alt == photo.alt
    assert len(files()) == 4
    assert bytes_of(made.large) == bytes_of(photo.large)


def test_removing_says_whether_there_was_one(profile, photo):
    assert actions.remove(ObjectPhoto, profile=profile)
    assert not actions.remove(ObjectPhoto, profile=profile)


def test_erasing_somebody_takes_photo_and_files_along(profile, photo, django_capture_on_commit_callbacks):
    person = profile.enrollment.person

    with django_capture_on_commit_callbacks(execute=True):
        accounts.erase(person, by=person)

    assert (ObjectPhoto.objects.count(), files()) == (0, set())


def test_what_a_person_downloads_about_themself_has_the_photo(profile, photo):
    with zipfile.ZipFile(draw(profile.enrollment.person)) as archive:
        assert archive.read(f"profiles-objectphoto-{photo.pk}.jpg") == bytes_of(photo.large)
        assert "its files lie beside it" in archive.read("README.txt").decode()
    default_storage.delete(photo.large.name)
    with zipfile.ZipFile(draw(profile.enrollment.person)) as archive:
        assert [name for name in archive.namelist() if name.endswith(".jpg")] == []


def answer(photo, size="large", **headers):
    return photo_answer(RequestFactory().get("/", headers=headers), photo, size)


def test_a_photo_is_given_out_as_what_it_is_and_kept_by_one_browser_alone(photo):
    given = answer(photo)

    assert (given.content, given.headers["Content-Type"]) == (bytes_of(photo.large), "image/jpeg")
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert given.headers["Cache-Control"] == "private, no-cache"
    assert answer(photo, **{"if-none-match": given.headers["ETag"]}).status_code == 304
    assert answer(photo, "small").content == bytes_of(photo.small)


def test_no_other_size_and_no_lost_file_is_given_out(photo):
    with pytest.raises(Http404):
        answer(photo, "alt")
    default_storage.delete(photo.large.name)
    with pytest.raises(Http404):
        answer(photo)


def test_words_stand_for_the_photo(photo):
    assert photo.words_for("A ladle") == "A worn ladle"
    photo.alt = ""
    assert (photo.words_for("A ladle"), photo.words_for("")) == ("Photo of: A ladle", "Photo")
    assert str(photo) == "Photo"


def test_a_form_says_what_to_do_about_a_file_that_is_none():
    good = PhotoForm({"alt": "A ladle"}, {"photo": upload()})
    assert good.is_valid()
    assert (good.cleaned_data["photo"].width, good.cleaned_data["alt"]) == (64, "A ladle")

    for sent, words in (
        ({}, "Take or choose a photo first."),
        ({"photo": upload(b"<script>", "a.jpg")}, "no photo that we can read"),
        ({"photo": upload(bytes(LARGEST_BYTES + 1))}, "larger than 15 MB"),
    ):
        form = PhotoForm({}, sent)
        assert not form.is_valid()
        assert words in form.errors["photo"][0]


def test_a_photo_field_may_be_left_empty():
    form = PhotoForm({}, {})
    form.fields["photo"].required = False

    assert form.is_valid()
    assert form.cleaned_data["photo"] is None
