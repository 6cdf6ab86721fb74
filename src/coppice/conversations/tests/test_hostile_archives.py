"""Archives that are damaged, or made to do harm: refused kindly, or read as far as they say something."""

import json
import time
import zipfile
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from coppice.conversations.actions import archives, posts
from coppice.conversations.archive_writers import writers_of
from coppice.conversations.errors import TooManyArchives
from coppice.conversations.import_models import Archive
from coppice.conversations.importing import discourse, kinds, sheets, slack, unpacking
from coppice.conversations.importing.errors import BrokenArchive
from coppice.conversations.importing.values import LeftOut, Reason
from coppice.conversations.models import Post, Thread
from coppice.conversations.moderation_models import TalkRules
from coppice.conversations.moderation_queue import must_wait
from coppice.conversations.reading_models import Draft
from coppice.conversations.tests.archives import mailbox
from coppice.conversations.tests.test_archives import bring, come_in, rides, take_back
from coppice.conversations.tests.test_importing import topic, zipped
from coppice.lib.files import files_in

State = Archive.State


def topic_with(**said: object) -> bytes:
    post = {"post_number": 1, "username": "ana", "raw": "Who drives?", "created_at": "2020-01-01T09:00:00Z"}
    return json.dumps(topic(post_stream={"posts": [post | said]})).encode()


def only(content: bytes):
    (found,) = discourse.entries(BytesIO(content))
    return found


def spoilt(compression: int) -> BytesIO:
    """A zip in which the bytes of its one file are damaged."""
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w", compression) as box:
        box.writestr("topic.json", topic_with(raw="Who drives? " * 50))
        start = box.infolist()[0].header_offset + 30 + len("topic.json")
    raw = bytearray(whole.getvalue())
    raw[start + 4 : start + 30] = b"\xff" * 26
    return BytesIO(bytes(raw))


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_damaged_file_in_a_zip_is_refused(compression):
    with pytest.raises(BrokenArchive), unpacking.unpacked(spoilt(compression)) as file:
        kinds.kind_of(file, "topics.zip")


@pytest.mark.parametrize("word", ["Who\0 drives?", "Who drives?\ud800"])
def test_letters_that_no_database_keeps_are_dropped(word):
    assert "\0" not in only(topic_with(raw=word)).markdown
    assert only(topic_with(raw=word)).markdown.encode().startswith(b"Who drives?")
    said = slack.to_markdown(slack.texts(word), {}, {})
    assert "\0" not in said
    assert said.encode()


@pytest.mark.parametrize(
    "said", ["0001-01-01T00:00:00+05:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-05:00", "0300-01-01"]
)
def test_a_date_that_no_page_can_show_is_none(said):
    table = sheets.table_of(BytesIO(f"Date,Message\n{said},Hello\n".encode()), "talk.csv")
    (row,) = sheets.entries(table, ["at", "text"], None)

    assert (only(topic_with(created_at=said)).at, row.at) == (None, None)


def test_what_staff_whispered_is_left_out_and_so_is_a_number_without_end():
    assert only(topic_with(post_type=4)) == LeftOut(Reason.PRIVATE)
    assert only(topic_with(post_number=10**200)) == LeftOut(Reason.BROKEN)


def test_quotes_that_never_end_take_no_time():
    words = '[quote="ana"]' * 20_000
    start = time.monotonic()

    assert discourse.to_markdown(words) == words
    assert time.monotonic() - start < 5


def test_an_address_is_nobodys_name():
    content = (
        b"From,Message\nAna Ruiz <Ana@x.example>,Hello\nana.ruiz@x.example,Hi\n"
        b'"""Ruiz, Ana"" <ana@x.example>",Hey\nAna @ home,Ho\n'
    )
    table = sheets.table_of(BytesIO(content), "talk.csv")
    users = [{"id": "U1", "profile": {"real_name": "ana.ruiz@x.example", "email": "ana@x.example"}}]
    monday = [{"ts": "1577869200.000100", "user": "U1", "text": "Hello"}]
    export = zipped(users=users, channels=[{"id": "C1", "name": "a"}], **{"a__2020-01-01": monday})

    found = [*sheets.entries(table, ["name", "text"], None), *slack.entries(export)]

    assert [(each.name, each.address) for each in found] == [
        ("Ana Ruiz", "ana@x.example"),
        ("Ana Ruiz", "ana.ruiz@x.example"),
        ("Ruiz, Ana", "ana@x.example"),
        ("Ana @ home", ""),
        ("Ana Ruiz", "ana@x.example"),
    ]


@pytest.mark.django_db
def test_a_file_full_of_odd_letters_and_dates_becomes_posts_that_can_be_read(client):
    ana, _ben, _ada = rides()
    odd = topic_with(raw="Who\0 drives?\ud800", name="Ben\0", created_at="0001-01-01T00:00:00Z")
    archive = bring(come_in(ana, odd, "topic.json"))
    client.force_login(ana.person)

    assert archive.state == State.BROUGHT
    assert client.get(Post.objects.get().thread.get_absolute_url()).status_code == 200


@pytest.mark.django_db
def test_a_form_that_is_sent_twice_at_once_is_one_archive(monkeypatch):
    ana, _ben, _ada = rides()
    before = set(files_in(archives.PIECES))

    def send() -> Archive:
        file = ContentFile(b"Name,Message\nAna,Hi\n", name="a.csv")
        return archives.take(ana.community, file, key="k", by=ana.person)

    def meanwhile(*_given):
        monkeypatch.undo()
        send()

    monkeypatch.setattr(archives, "_check", meanwhile)

    archive = send()

    assert archive == Archive.objects.get()
    assert set(files_in(archives.PIECES)) - before == set(archive.pieces)


@pytest.mark.django_db
def test_what_somebody_takes_back_is_gone_with_the_whole_of_it():
    ana, _ben, _ada = rides()
    bring(come_in(ana))
    post = (
        Post.objects.exclude(brought__original="").filter(author=ana.person, thread__post_count__gt=1).first()
    )

    posts.take_back(post, by=ana.person)

    post.refresh_from_db()
    assert (post.markdown, post.brought.original) == ("", "")


@pytest.mark.django_db
def test_who_wrote_in_an_archive_still_waits_with_their_first_post():
    ana, ben, _ada = rides()
    TalkRules.objects.create(community=ana.community, holds_first_posts=True)
    archive = come_in(ana)
    people = {line.writer.pk: ben.person_id for line in writers_of(archive) if line.writer.name == "Ben Ode"}
    bring(archive, people=people)

    assert Post.objects.filter(author=ben.person).exists()
    assert must_wait(ben.community, ben.person)


@pytest.mark.django_db
def test_replies_stay_together_when_what_they_answer_is_taken_back_meanwhile():
    ana, _ben, _ada = rides()
    begins = "From: a@x.example\nMessage-ID: <1@x>\nSubject: Vans\nDate: 1 Feb 2016 09:00 +0000\n\nOne\n"
    replies = [
        f"From: b@x.example\nMessage-ID: <{number}@x>\nIn-Reply-To: <1@x>\nSubject: Re: Vans\n"
        f"Date: {number} Feb 2016 09:00 +0000\n\nAnswer {number}\n"
        for number in (2, 3)
    ]
    early = bring(come_in(ana, mailbox(begins).getvalue()))
    late = come_in(ana, mailbox(*replies).getvalue())
    counted = late.counts["threads"], late.counts["grown"]
    take_back(early)

    bring(late)

    assert counted == (0, 1)
    assert [thread.post_count for thread in Thread.objects.all()] == [2]


@pytest.mark.django_db
def test_what_somebody_has_begun_to_answer_is_not_lost_when_an_archive_is_taken_back(client):
    ana, ben, _ada = rides()
    archive = bring(come_in(ana))
    thread = Thread.objects.filter(community=ana.community).first()
    Draft.objects.create(person=ben.person, community=ana.community, thread=thread, markdown="Let me th")

    client.force_login(ana.person)
    page = client.get(reverse("conversations:archive_returning", args=[archive.pk])).text

    archive = take_back(archive)

    assert f"The {50 - thread.post_count} posts that it brought go, and nothing else." in page
    assert (list(Thread.objects.all()), archive.counts["kept"]) == ([thread], 1)
    assert Draft.objects.filter(thread=thread).exists()


@pytest.mark.django_db
def test_an_address_in_a_table_is_kept_nowhere_once_it_is_thrown_away():
    ana, _ben, _ada = rides()
    archive = come_in(ana, b"mail,what\nben@x.example,Rides?\nada@x.example,Me\n", "a.csv")
    shown = archive.said["seen"]

    archives.throw_away(archive)

    archive.refresh_from_db()
    assert ("ben@x.example" in str(shown), archive.said) == (True, {})


@pytest.mark.django_db
def test_a_file_on_its_way_goes_on_though_there_is_room_for_no_other():
    ana, _ben, _ada = rides()
    begun = [
        archives.begin(ana.community, name=f"{number}.mbox", size=9, marks="", by=ana.person)
        for number in range(archives.MOST_OPEN)
    ]

    again = archives.begin(ana.community, name="0.mbox", size=9, marks="", by=ana.person)

    assert again == begun[0]
    with pytest.raises(TooManyArchives):
        archives.begin(ana.community, name="new.mbox", size=9, marks="", by=ana.person)
