"""The pages on which an archive comes in."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from coppice.conversations import tasks
from coppice.conversations.actions.archives import progress_key
from coppice.conversations.import_models import Archive
from coppice.conversations.models import Post, Thread
from coppice.conversations.tests.archives import archive_bytes
from coppice.conversations.tests.test_archives import bring, come_in, rides, take_back
from coppice.lib import progress

pytestmark = pytest.mark.django_db
State = Archive.State


def page_of(archive: Archive, page: str = "archive") -> str:
    return reverse(f"conversations:{page}", args=[archive.pk])


def test_a_leader_brings_a_list_in_and_takes_it_back(client):
    ana, ben, _ada = rides()
    client.force_login(ana.person)
    talk = reverse("conversations:threads", args=[ana.community_id])
    new = reverse("conversations:archives", args=[ana.community_id])
    assert new in client.get(talk).text
    file = SimpleUploadedFile("rides.mbox", archive_bytes())

    sent = client.post(new, {"file": file, "key": "k1"})
    archive = Archive.objects.get()
    waiting = client.get(sent.headers["Location"]).text
    tasks.read_archive.func(archive.pk)
    onward = client.get(page_of(archive, "archive_progress"), headers={"HX-Request": "true"})
    preview = client.get(onward.headers["HX-Redirect"]).text
    who = archive.lines.get(markdown__startswith="Attached.").writer
    client.post(page_of(archive, "archive_bringing"), {"same": [who.pk, 0, "x"]})
    tasks.bring_archive_in.func(archive.pk)
    done = client.get(page_of(archive)).text

    assert "The file is about to be read." in waiting
    assert "Bring 50 posts in" in preview
    assert "Ben Ode in the file is Ben Ode here" in preview
    assert "1: a digest of other mails" in preview
    assert "casaverde.example" not in preview
    assert "50 posts were brought in." in done
    assert Post.objects.filter(author=ben.person).count() == 6
    thread = Thread.objects.get(title="Insurance for volunteer drivers?", post_count=6)
    newest = Thread.objects.order_by("-last_post_at", "-pk").first()
    assert f'href="{newest.get_absolute_url()}" dir="auto">' in " ".join(done.split())
    shown = client.get(thread.get_absolute_url()).text
    assert shown.count("from an archive") == 6
    original = reverse("conversations:original", args=[thread.posts.first().pk])
    assert original in shown
    assert "Tel. 555 0134" in client.get(original).text
    quoting = thread.posts.get(markdown__startswith="Thank you both")
    whole = client.get(reverse("conversations:original", args=[quoting.pk])).text
    assert "Ben Ode &lt;…&gt; wrote:" in whole
    assert client.get(reverse("conversations:original", args=[thread.posts.all()[2].pk])).status_code == 404
    back = page_of(archive, "archive_returning")
    assert "The 50 posts that it brought go, and nothing else." in client.get(back).text
    client.post(back)
    tasks.take_archive_back.func(archive.pk)
    assert "Everything that it brought was taken back." in client.get(page_of(archive)).text
    assert client.get(back).headers["Location"] == page_of(archive)


def test_somebody_without_an_account_is_called_as_the_archive_does(client):
    ana, _ben, _ada = rides()
    bring(come_in(ana))
    client.force_login(ana.person)

    talk = client.get(reverse("conversations:threads", args=[ana.community_id])).text
    goodbye = client.get(Thread.objects.get(title="Thanks, and goodbye").get_absolute_url()).text

    assert "Pat Lowe" in talk
    assert "begun by Pat Lowe" in goodbye


def test_jobs_tell_how_far_they_are(client):
    ana, _ben, _ada = rides()
    archive = come_in(ana)
    client.force_login(ana.person)
    told = {}

    for state in (State.READING, State.BRINGING, State.RETURNING):
        Archive.objects.update(state=state, asked_at=timezone.now())
        told[state] = client.get(page_of(archive, "archive_progress")).text

    assert "Finding out what belongs to one conversation." in told[State.READING]
    assert "Its conversations are about to be brought in." in told[State.BRINGING]
    for doing, state, words in (
        ("bringing", State.BRINGING, "Bringing posts in."),
        ("returning", State.RETURNING, "Taking conversations back."),
        ("reading", State.READING, "Reading the file: 3 posts read."),
    ):
        Archive.objects.update(state=state)
        progress.report(progress_key(archive.pk), done=3, total=9, doing=doing)
        assert words in client.get(page_of(archive)).text


def test_a_wrong_file_is_refused_kindly_and_nothing_happens(client):
    ana, _ben, _ada = rides()
    client.force_login(ana.person)
    new = reverse("conversations:archives", args=[ana.community_id])

    nothing = client.post(new, {"key": "k"})
    empty = client.post(new, {"file": SimpleUploadedFile("a.mbox", b""), "key": "k2"})
    refused = come_in(ana, b"not an archive", "a.doc")

    assert "Choose a file." in nothing.text
    assert "Nothing in this file was written by anybody" in empty.text
    assert (nothing.status_code, empty.status_code) == (422, 422)
    assert "This is no archive that we can read." in client.get(page_of(refused)).text


def test_pieces_come_over_a_line_that_breaks(client):
    ana, _ben, _ada = rides()
    client.force_login(ana.person)
    content = archive_bytes()
    begin = reverse("conversations:archive_begin", args=[ana.community_id])
    announced = client.post(begin, {"name": "rides.mbox", "size": len(content), "marks": "7"}).json()

    def send(offset: object, piece: bytes):
        return client.post(
            announced["address"],
            piece,
            content_type="application/offset+octet-stream",
            headers={"Upload-Offset": str(offset)},
        )

    first = send(0, content[:1000]).json()
    refused = [send(0, content[:1000]).status_code, send("x", b"x").status_code]
    state = client.get(announced["address"]).json()
    last = send(1000, content[1000:]).json()
    new = reverse("conversations:archives", args=[ana.community_id])
    sent = client.post(new, {"key": announced["key"]})

    assert (first["offset"], refused, state["offset"]) == (1000, [409, 422], 1000)
    assert last["whole"]
    assert sent.headers["Location"] == page_of(Archive.objects.get())
    assert client.post(begin, {"name": "x", "size": "0"}).status_code == 422
    assert client.post(begin, {"name": "x", "size": "much"}).status_code == 422


def test_a_file_is_thrown_away_and_what_was_brought_is_not(client):
    ana, _ben, _ada = rides()
    client.force_login(ana.person)
    archive, other = come_in(ana), come_in(ana)

    client.post(page_of(archive, "archive_removal"))
    said = client.post(page_of(archive, "archive_bringing"), follow=True).text
    bring(other)
    kept = client.post(page_of(other, "archive_removal"), follow=True).text
    again = client.post(page_of(archive, "archive_returning"), follow=True).text

    assert "The file is thrown away. Nothing of it was brought in." in said
    assert all("This archive was dealt with meanwhile." in each for each in (said, kept, again))
    assert Post.objects.count() == 50


def test_who_does_not_lead_brings_nothing_in(client):
    ana, ben, _ada = rides()
    archive = come_in(ana)
    client.force_login(ben.person)

    assert client.get(reverse("conversations:archives", args=[ana.community_id])).status_code == 403
    assert client.get(page_of(archive)).status_code == 403
    assert client.post(page_of(archive, "archive_bringing")).status_code == 403
    ana.community.ended_at = timezone.now()
    ana.community.save()
    client.force_login(ana.person)
    assert client.get(page_of(archive)).status_code == 200
    assert client.post(page_of(archive, "archive_bringing")).status_code == 403


def test_an_archive_that_stayed_in_part_says_so(client):
    ana, ben, _ada = rides()
    archive = bring(come_in(ana))
    Post.objects.create(
        thread=Thread.objects.get(title="Thanks, and goodbye"), community=ana.community, author=ben.person
    )
    client.force_login(ana.person)

    before = client.get(page_of(archive, "archive_returning")).text
    take_back(archive)

    assert "1 conversation stays whole, because somebody did something in it since." in before
    assert "It was taken back. 1 conversation stayed" in client.get(page_of(archive)).text
    coming = ContentFile(b"x", name="half.mbox")
    Archive.objects.create(community=ana.community, by=ana.person, key="half", name=coming.name, size=2)
    assert "The file is not wholly here." in client.get(page_of(Archive.objects.get(key="half"))).text


def test_the_columns_of_a_table_are_asked_for(client):
    ana, _ben, _ada = rides()
    long = b"Me, and my cousin, who has a van with a lift, and the whole choir of our church"
    archive = come_in(ana, b'who,date,what\nAna,03/04/2020,Rides?\nBen,05/04/2020,"' + long + b'"\n', "a.csv")
    client.force_login(ana.person)
    columns = page_of(archive, "archive_columns")
    asked = client.get(page_of(archive)).text
    said = {"column_0": "name", "column_1": "at", "column_2": "text"}

    unclear = client.post(columns, said)
    odd = client.post(columns, {**said, "column_0": "odd"}, follow=True)
    client.post(columns, {**said, "day_first": "0"})
    tasks.read_archive.func(archive.pk)
    late = client.post(columns, said, follow=True)

    assert "03/04/2020 · 05/04/2020" in asked
    seen = ("Rides? · Me, and my cousin" in asked, "and the whole…" in asked, "(optional)" in asked)
    assert seen == (True, True, False)
    assert (unclear.status_code, unclear.text.count("another look")) == (422, 1)
    assert "Say whether the day or the month stands first in the dates." in unclear.text
    assert "Choose again what the columns say." in odd.text
    assert "Bring 2 posts in" in client.get(page_of(archive)).text
    assert "This archive was dealt with meanwhile." in late.text
    archive.refresh_from_db()
    assert [archive.first_at.month, archive.last_at.month] == [3, 5]
