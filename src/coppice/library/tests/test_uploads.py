"""Files on their way in: by pieces over a line that breaks, whole by an ordinary form, and given up."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coppice.communities.tests.factories import add_member, make_community
from coppice.library import actions
from coppice.library.actions import uploads
from coppice.library.actions.items import KEPT_FOR
from coppice.library.errors import (
    LibraryFull,
    NotTaken,
    NotWhatItSays,
    NotWhole,
    TooLarge,
    TooManyUploads,
    WrongPlace,
)
from coppice.library.models import PIECES, SHELVES, Item, Upload
from coppice.library.tests.factories import a_file, add_file, add_page, send_file

pytestmark = pytest.mark.django_db

WORDS = b"Dear friend, come and see what we made of it."
LENGTH = len(WORDS)


@pytest.fixture
def ana():
    return add_member(make_community(), "Ana Ruiz")


@pytest.fixture
def hers(ana):
    client = Client()
    client.force_login(ana.person)
    return client


def send(client, address, piece, *, offset):
    return client.post(
        address, piece, content_type="application/offset+octet-stream", headers={"Upload-Offset": str(offset)}
    )


def begin(client, ana, name="letter.txt", size=LENGTH, marks="1"):
    address = reverse("library:begin", args=[ana.community_id])
    return client.post(address, {"name": name, "size": size, "marks": marks})


def pieces_left(upload_key):
    try:
        return default_storage.listdir(f"{PIECES}/{upload_key}")[1]
    except FileNotFoundError:
        return []


def test_a_file_goes_on_where_its_line_broke_and_is_kept_once(ana, hers):
    first = begin(hers, ana).json()
    half = send(hers, first["address"], WORDS[:20], offset=0).json()
    lost = send(hers, first["address"], WORDS[:20], offset=0)  # its answer was lost, so it comes again
    again = begin(hers, ana).json()
    whole = send(hers, again["address"], WORDS[20:], offset=again["offset"]).json()
    form = {"key": whole["key"], "title": "Letter", "licence": "own"}
    address = reverse("library:add_file", args=[ana.community_id])
    sent = [hers.post(address, form), hers.post(address, form)]

    item = Item.objects.get()
    assert (half["offset"], half["whole"]) == (20, False)
    assert (lost.status_code, lost.json()["offset"]) == (409, 20)
    assert (again["key"], again["offset"], whole["whole"]) == (first["key"], 20, True)
    assert [each["Location"] for each in sent] == [item.get_absolute_url()] * 2
    assert item.current.file.read() == WORDS
    assert (item.current.name, item.current.size, item.current.content_type) == (
        "letter.txt",
        len(WORDS),
        "text/plain",
    )
    assert pieces_left(whole["key"]) == []


def test_a_file_that_is_half_here_is_named_and_can_be_thrown_away(ana, hers):
    upload = begin(hers, ana, name="handbook.pdf", size=1000).json()
    send(hers, upload["address"], b"%PDF-1.7" + b" " * 442, offset=0)
    page = reverse("library:add_file", args=[ana.community_id])

    shown = hers.get(page).text
    hers.post(f"{upload['address']}removal/")

    assert "45 % of 1000" in shown.replace("\xa0", " ")
    assert not Upload.objects.exists()
    assert pieces_left(upload["key"]) == []


def test_a_form_without_the_file_says_so_and_one_that_is_half_here_too(ana, hers):
    page = reverse("library:add_file", args=[ana.community_id])
    key = begin(hers, ana).json()["key"]

    none = hers.post(page, {"title": "Letter", "licence": "own"})
    half = hers.post(page, {"title": "Letter", "licence": "own", "key": key})

    assert (none.status_code, "Choose a file." in none.text) == (422, True)
    assert (half.status_code, "is not here as a whole yet" in half.text) == (422, True)


def test_an_ordinary_form_sends_it_whole_and_keeps_it_when_something_else_is_wrong(ana, hers):
    page = reverse("library:add_file", args=[ana.community_id])

    wrong = hers.post(page, {"file": a_file(WORDS), "key": "k" * 32, "title": "", "licence": "own"})
    right = hers.post(page, {"key": "k" * 32, "title": "Letter", "licence": "own"})

    assert (wrong.status_code, "letter.txt is here" in wrong.text) == (422, True)
    assert right.status_code == 302
    assert Item.objects.get().current.file.read() == WORDS


@pytest.mark.parametrize(
    ("name", "content"),
    [("run.exe", b"MZ"), ("page.html", b"<html>"), ("drawing.svg", b"<svg>"), ("noend", b"words")],
)
def test_files_in_which_something_may_run_are_not_taken(ana, hers, name, content):
    announced = begin(hers, ana, name=name)

    with pytest.raises(NotTaken):
        uploads.take(ana, a_file(content, name), key="")
    assert (announced.status_code, announced.json()["code"]) == (422, "not_taken")
    assert not Upload.objects.exists()


def test_a_file_is_of_the_kind_that_its_name_says_or_is_not_taken(ana, hers):
    lie = begin(hers, ana, name="letter.pdf").json()

    sent = send(hers, lie["address"], WORDS, offset=0)

    assert (sent.status_code, sent.json()["code"]) == (422, NotWhatItSays.code)
    assert not Upload.objects.exists()
    assert pieces_left(lie["key"]) == []


def test_a_file_has_a_size_and_so_has_a_library(ana, settings):
    settings.LARGEST_FILE, settings.LARGEST_LIBRARY = 100, 150
    add_file(ana, b"x" * 90)

    with pytest.raises(TooLarge):
        uploads.begin(ana, name="a.txt", size=101)
    with pytest.raises(TooLarge):
        uploads.begin(ana, name="a.txt", size=0)
    with pytest.raises(LibraryFull):
        uploads.begin(ana, name="a.txt", size=61)
    assert uploads.begin(ana, name="a.txt", size=60).received == 0


def test_nobody_sends_more_files_at_once_than_they_finish(ana):
    for number in range(uploads.MOST_UPLOADS):
        uploads.begin(ana, name=f"{number}.txt", size=10)

    with pytest.raises(TooManyUploads):
        uploads.begin(ana, name="more.txt", size=10)


def test_a_piece_goes_only_where_it_belongs(ana):
    upload = uploads.begin(ana, name="a.txt", size=10)
    older = Upload.objects.get(pk=upload.pk)
    upload = uploads.append(upload, b"12345", offset=0)

    for late, piece, offset in ((older, b"12345", 0), (upload, b"", 5), (upload, b"123456", 5)):
        with pytest.raises(WrongPlace):
            uploads.append(late, piece, offset=offset)
    assert Upload.objects.get().received == 5


def test_nobody_else_sees_a_file_on_its_way(ana, hers):
    address = begin(hers, ana).json()["address"]
    other = Client()
    other.force_login(add_member(ana.community, role="leader").person)

    assert other.get(address).status_code == 404
    assert hers.get(address).json()["offset"] == 0


def test_the_sweep_takes_what_never_arrived_and_what_no_row_names(ana, django_capture_on_commit_callbacks):
    kept, stopped = add_file(ana, WORDS), uploads.begin(ana, name="a.txt", size=10)
    uploads.append(stopped, b"12345", offset=0)
    lost = default_storage.save(f"{SHELVES}/no/row", a_file())
    later = timezone.now() + timedelta(days=8)

    with django_capture_on_commit_callbacks(execute=True):
        uploads.sweep(now=later)

    assert not Upload.objects.exists()
    assert pieces_left(stopped.key) == []
    assert not default_storage.exists(lost)
    assert kept.current.file.read() == WORDS


def test_what_was_thrown_away_goes_after_a_month_with_its_file(ana, django_capture_on_commit_callbacks):
    item, page = add_file(ana, WORDS), add_page(ana)
    actions.remove(item, by=ana)
    name = item.current.file.name

    with django_capture_on_commit_callbacks(execute=True):
        early = actions.purge()
        late = actions.purge(now=timezone.now() + KEPT_FOR + timedelta(hours=1))

    assert (early, late) == (0, 1)
    assert list(Item.objects.all()) == [page]
    assert not default_storage.exists(name)


def test_an_older_version_is_put_back_with_the_same_file(ana, django_capture_on_commit_callbacks):
    item = add_file(ana, WORDS)
    actions.renew(item, actions.Contents(upload=send_file(ana, b"Newer", "newer.txt")), by=ana)
    first = item.versions.get(number=1)

    again = actions.restore(first, by=ana)
    with django_capture_on_commit_callbacks(execute=True):
        first.delete()

    item.refresh_from_db()
    assert (item.current, again.number, again.name) == (again, 3, "letter.txt")
    assert again.file.read() == WORDS


def test_a_file_whose_joining_was_killed_is_joined_by_the_next_try(ana, hers, monkeypatch):
    with monkeypatch.context() as killed:
        killed.setattr(uploads, "_keep", lambda *_given: 1 / 0)
        address = begin(hers, ana).json()["address"]
        with pytest.raises(ZeroDivisionError):
            send(hers, address, WORDS, offset=0)
    assert not Upload.objects.get().is_whole

    again = begin(hers, ana).json()

    assert (again["whole"], again["address"]) == (True, address)
    assert Upload.objects.get().file.read() == WORDS
    assert pieces_left(again["key"]) == []


def test_a_form_sent_twice_at_once_is_one_file_and_a_killed_one_may_come_again(ana):
    Upload.objects.create(membership=ana, key="once", name="letter.txt", size=len(WORDS))  # still comes in

    with pytest.raises(NotWhole):
        uploads.take(ana, a_file(WORDS), key="once")
    Upload.objects.update(touched_at=timezone.now() - uploads.PATIENCE)
    assert uploads.take(ana, a_file(WORDS), key="once").is_whole


def test_files_that_no_form_took_along_are_few_and_count(ana, settings):
    settings.LARGEST_LIBRARY = 3 * len(WORDS)
    for number in range(3):
        uploads.take(ana, a_file(WORDS), key=f"key{number}")

    with pytest.raises(LibraryFull):
        uploads.take(ana, a_file(WORDS), key="more")
    settings.LARGEST_LIBRARY *= 10
    for number in range(uploads.MOST_UPLOADS - 3):
        uploads.take(ana, a_file(WORDS), key=f"further{number}")
    with pytest.raises(TooManyUploads):
        uploads.take(ana, a_file(WORDS), key="last")


def test_odd_keys_and_words_are_nobodys(ana, hers):
    page = reverse("library:add_file", args=[ana.community_id])
    hers.post(page, {"key": "../a b\0", "file": a_file(WORDS)})

    assert uploads.KEY.fullmatch(Upload.objects.get().key)
    assert hers.get(page).status_code == 200
    assert begin(hers, ana, name="b\0.txt", marks="\0" * 90).status_code == 201
    assert hers.get(reverse("library:library", args=[ana.community_id]), {"q": "a\0b"}).status_code == 200
