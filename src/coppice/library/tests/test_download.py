"""What a person's own download holds of the libraries that they put files into."""

import io
import zipfile

import pytest
from django.test import Client

from coppice.accounts import portrait
from coppice.conversations.tests.factories import make_circle
from coppice.library.tests.factories import add_file

pytestmark = pytest.mark.django_db


def downloaded(membership) -> dict[str, bytes]:
    client = Client()
    client.force_login(membership.person)
    answer = client.get("/me/privacy/download/")
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_ones_own_files_are_in_the_download_and_nobody_elses():
    ana, ben = make_circle("Ana", "Ben")
    own = add_file(ana, b"Dear friend").current
    unseen = add_file(ana, b"Not scanned yet").current
    type(unseen).objects.filter(pk=unseen.pk).update(state="checking")
    add_file(ben, b"Dear Ana")

    files = downloaded(ana)

    assert {name: text for name, text in files.items() if "library-version-" in name} == {
        f"library-version-{own.pk}.txt": b"Dear friend"
    }
    assert "a download holds" not in files["README.txt"].decode().lower()


def test_what_would_be_too_much_is_named_with_its_page(monkeypatch):
    [ana] = make_circle("Ana")
    first = add_file(ana, b"12345678", "first.txt").current
    second = add_file(ana, b"12345678", "second.txt").current
    third = add_file(ana, b"12", "third.txt").current
    monkeypatch.setattr(portrait, "FILES_WITHIN", 10)

    files = downloaded(ana)

    readme = files["README.txt"].decode()
    assert {name for name in files if "library-version-" in name} == {
        f"library-version-{each.pk}.txt" for each in (first, third)
    }
    assert f"  - second.txt · 8\xa0bytes · http://localhost:8000{second.get_absolute_url()}\n" in readme
    assert "first.txt ·" not in readme
