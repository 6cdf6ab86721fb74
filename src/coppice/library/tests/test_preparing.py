"""After a file is here: the scanner looks at it, a picture is drawn, and nobody gets what was refused."""

from datetime import UTC, datetime

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from coppice.communities.tests.factories import add_member, make_community
from coppice.history.models import Entry
from coppice.lib.papers import Paper, Paragraph, write_pdf
from coppice.lib.tests.test_scanning import VIRUS, clamd
from coppice.library import actions, tasks
from coppice.library.models import Picture, Version
from coppice.library.tests.factories import add_file, document, send_file
from coppice.photos.tests.factories import content

pytestmark = pytest.mark.django_db
PAPER = Paper(
    title="Handbook", language="en", made_at=datetime(2027, 3, 10, tzinfo=UTC), blocks=[Paragraph("Call.")]
)
__all__ = ["clamd"]


@pytest.fixture
def ana():
    return add_member(make_community(), "Ana Ruiz")


@pytest.fixture
def hers(ana):
    client = Client()
    client.force_login(ana.person)
    return client


@pytest.fixture
def scanned(settings, clamd):
    """A scanner looks at everything that comes."""
    settings.SCANNER = clamd


def prepared(item):
    """Let the clock prepare what waits, and return the item as it is then."""
    tasks.sweep_versions.func()
    item.refresh_from_db()
    return item


def test_a_file_is_given_out_once_the_scanner_found_nothing(ana, hers, scanned):
    item = add_file(ana)
    address = reverse("library:file", args=[item.current_id])

    before, page = hers.get(address).status_code, hers.get(item.get_absolute_url()).text
    prepared(item)
    after = hers.get(address)

    assert (before, "is being checked" in page) == (404, True)
    assert b"".join(after.streaming_content) == b"Dear friend"


def test_a_file_with_a_virus_is_refused_and_its_bytes_go(
    ana, hers, scanned, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        item = prepared(add_file(ana, VIRUS, "letter.txt"))

    assert (item.current.state, item.current.found) == (Version.State.REFUSED, "Eicar-Test")
    assert not default_storage.exists(item.current.file.name)
    assert hers.get(reverse("library:file", args=[item.current_id])).status_code == 404
    assert "found Eicar-Test in it" in hers.get(item.get_absolute_url()).text
    assert Entry.objects.filter(verb="library.refused").count() == 1


def test_what_was_there_stays_while_the_new_one_is_checked_and_when_it_is_refused(ana, scanned):
    item = prepared(add_file(ana))
    first = item.current

    actions.renew(item, actions.Contents(upload=send_file(ana, VIRUS, "new.txt")), by=ana)
    item.refresh_from_db()
    meanwhile = item.current
    afterwards = prepared(item).current

    assert (meanwhile, afterwards) == (first, first)
    assert item.versions.first().state == Version.State.REFUSED


def test_a_scanner_that_is_away_is_asked_again(ana, settings, clamd):
    settings.SCANNER = "unix:/nowhere"
    item = prepared(add_file(ana))
    waiting = item.current.state
    settings.SCANNER = clamd

    assert (waiting, prepared(item).current.state) == (Version.State.CHECKING, Version.State.READY)


def test_a_picture_is_drawn_anew_and_so_is_the_first_page_of_a_pdf(ana, hers):
    photo = prepared(add_file(ana, content(), "photo.jpg"))
    paper = prepared(add_file(ana, write_pdf(PAPER), "handbook.pdf"))
    broken = prepared(add_file(ana, b"%PDF-1.7 and nothing more", "broken.pdf"))

    drawn = [hasattr(each.current, "picture") for each in (photo, paper, broken)]
    answer = hers.get(reverse("library:picture", args=[paper.current_id]))

    assert drawn == [True, True, False]
    assert Picture.objects.get(held_by=paper.current).height == 1600
    assert (answer["Content-Type"], answer.content[:2]) == ("image/jpeg", b"\xff\xd8")
    assert hers.get(reverse("library:picture", args=[broken.current_id])).status_code == 404
    assert not Version.objects.filter(is_prepared=False).exists()


@pytest.mark.parametrize(
    ("name", "body", "shown"),
    [
        ("a.pdf", b"%PDF-1.7", "inline"),
        ("a.txt", b"Dear friend", "inline"),
        ("a.zip", None, "attachment"),
    ],
)
def test_files_come_from_a_path_on_which_nothing_runs(ana, hers, name, body, shown):
    item = add_file(ana, body or document(), name)

    saved = hers.get(reverse("library:file", args=[item.current_id]))
    opened = hers.get(reverse("library:opened", args=[item.current_id]))

    assert saved["Content-Disposition"] == f'attachment; filename="{name}"'
    assert opened["Content-Disposition"] == f'{shown}; filename="{name}"'
    for answer in (saved, opened):
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"].startswith("default-src 'none'")
        assert ("sandbox" in answer["Content-Security-Policy"]) is (name != "a.pdf")
