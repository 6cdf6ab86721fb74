"""Files in the default storage that no row names."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from coppice.lib.files import delete_strays, files_in, random_name


def test_strays_go_and_named_and_young_ones_stay(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    kept, stray = (default_storage.save(random_name("shelf", ending=".txt"), ContentFile(b"x")) for _ in "ab")
    found = files_in("shelf")
    soon = timezone.now() + timedelta(minutes=1)

    young = delete_strays(found, named=[], before=timezone.now() - timedelta(hours=1))
    gone = delete_strays(found, named=[kept], before=soon)
    again = delete_strays(found, named=[kept], before=soon)  # another sweep was quicker

    assert sorted(found) == sorted([kept, stray])
    assert (young, gone, again, files_in("shelf"), files_in("nowhere")) == (0, 1, 0, [kept], [])
