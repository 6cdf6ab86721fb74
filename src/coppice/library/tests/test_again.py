"""The same again, at the same time and out of turn: nothing doubles, and nothing is half there."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from coppice.communities.tests.factories import add_member, make_community
from coppice.lib.jobs import alone
from coppice.library import actions, permissions
from coppice.library.actions import Contents, preparing, uploads
from coppice.library.errors import NotWhole, WrongPlace
from coppice.library.models import PIECES, Upload, Version
from coppice.library.tests.factories import a_file, add_file, add_page, send_file

pytestmark = pytest.mark.django_db
WORDS = b"Dear friend"


@pytest.fixture
def ana(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return add_member(make_community(), "Ana Ruiz")


def on_its_way(ana, *, here: bytes = WORDS) -> Upload:
    """A file of which some pieces are here and not joined yet, as after a kill."""
    piece = default_storage.save(f"{PIECES}/x/0", ContentFile(here))
    return Upload.objects.create(
        membership=ana, key="x" * 32, name="letter.txt", size=len(WORDS), received=len(here), pieces=[piece]
    )


def test_a_file_whose_joining_was_killed_is_joined_by_the_next_piece(ana):
    upload = on_its_way(ana)

    joined = uploads.append(upload, b"more", offset=len(WORDS))

    assert (joined.is_whole, uploads.finish(joined).pk) == (True, upload.pk)
    with default_storage.open(joined.file.name) as kept:
        assert kept.read() == WORDS


def test_a_file_that_is_being_joined_waits(ana):
    upload = on_its_way(ana)

    with alone(f"library-upload:{upload.pk}"), pytest.raises(WrongPlace):
        uploads.finish(upload)

    stale = Upload.objects.get(pk=upload.pk)
    uploads.finish(upload)
    assert uploads.finish(stale).is_whole


def test_an_ordinary_form_sent_again_is_the_same_file(ana):
    first = uploads.take(ana, a_file(), key="k" * 32)

    assert uploads.take(ana, a_file(), key="k" * 32).pk == first.pk


def test_a_file_in_the_library_is_not_given_up_and_one_half_here_is_no_item(ana):
    upload = send_file(ana)
    item = actions.add(ana.community, Contents(upload=upload), by=ana, title="Letter", licence="own")

    uploads.give_up(upload)
    uploads.give_up(upload)
    with pytest.raises(NotWhole):
        actions.add(
            ana.community, Contents(upload=on_its_way(ana, here=b"Dear")), by=ana, title="Half", licence="own"
        )

    item.refresh_from_db()
    assert default_storage.exists(item.current.file.name)


def test_the_sweep_keeps_what_is_on_its_way(ana):
    assert uploads.sweep() == 0  # there is no folder yet
    upload = on_its_way(ana, here=b"Dear")

    assert uploads.sweep(now=timezone.now() + timedelta(hours=1)) == 0

    assert default_storage.exists(upload.pieces[0])


def test_an_item_is_said_anew_and_renewed_once(ana):
    page, letter = add_page(ana), add_file(ana)
    new = send_file(ana, b"Dear friends")

    said = actions.describe(page, by=ana, title="Welcome")
    once = actions.renew(letter, Contents(upload=new), by=ana)
    again = actions.renew(letter, Contents(upload=new), by=ana)

    assert (said.title, once.pk) == ("Welcome", again.pk)
    letter.refresh_from_db()
    assert actions.restore(letter.current, by=ana).pk == letter.current_id


def test_a_file_that_another_worker_prepares_is_left_alone(ana):
    version = add_file(ana).current
    Version.objects.filter(pk=version.pk).update(state=Version.State.CHECKING)

    with alone(f"library:{version.pk}"):
        preparing.prepare(version)

    version.refresh_from_db()
    assert version.state == Version.State.CHECKING


def test_nothing_is_changed_where_a_community_has_ended(ana):
    item = add_page(ana)
    assert permissions.can_edit_item(ana.person, item)

    item.community.ended_at = timezone.now()
    item.community.save()

    assert permissions.adding_as(ana.person, item.community) is None
    assert not permissions.can_edit_item(ana.person, item)
