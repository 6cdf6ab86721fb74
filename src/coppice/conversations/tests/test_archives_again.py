"""Archives that come twice, that break what reads them, and whose writers come later."""

from datetime import timedelta
from unittest import mock

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from coppice.accounts.tests.factories import make_person
from coppice.communities.tests.factories import add_member, make_staff
from coppice.conversations import errors, lists, queries, tasks
from coppice.conversations.actions import (
    archive_breaks,
    archive_bringing,
    archive_reading,
    archives,
    moderation,
    own_words,
    peace,
    posts,
)
from coppice.conversations.archive_writers import writers_of
from coppice.conversations.import_models import Archive, ArchiveLine, Writer
from coppice.conversations.models import Post, Thread
from coppice.conversations.own_words import count_for, first_look
from coppice.conversations.reading_models import ThreadReading
from coppice.conversations.tests.archives import archive_bytes, mailbox
from coppice.conversations.tests.test_archives import bring, come_in, rides, take_back
from coppice.notifications.models import Message

pytestmark = pytest.mark.django_db
State = Archive.State


def mail(words: str, answers: str = "") -> str:
    """A mail of Ana's with these words, which may answer the one with others."""
    answer = f"In-Reply-To: <{answers}@x>\n" if answers else ""
    return (
        f"From: Ana Ruiz <ana.ruiz@casaverde.example>\nSubject: On {words}\nMessage-ID: <{words}@x>\n{answer}"
        f"Date: Mon, 4 Jul 2016 10:00:00 +0000\n\n{words}\n"
    )


def test_what_its_author_took_back_or_somebody_hid_does_not_come_again():
    ana, _ben, _ada = rides()
    content = mailbox(mail("one"), mail("two"), mail("three"), mail("four", "one")).getvalue()
    first = bring(come_in(ana, content))
    split = peace.split(Post.objects.get(markdown="four"), by=ana.person, title="Four alone")
    for words in ("two", "four"):
        posts.take_back(Post.objects.get(markdown=words), by=ana.person)
    moderation.hide(
        Post.objects.get(markdown="three"), by=make_staff(ana.community.program), reason="Not kind"
    )
    assert not Thread.objects.filter(pk=split.pk).exists()

    again = bring(come_in(ana, content))
    take_back(first)
    last = bring(come_in(ana, content))

    assert (again.counts["posts"], again.counts["left_out"]) == (0, {"known": 4})
    assert [post.markdown for post in Post.objects.all()] == ["one"]
    assert (last.counts["posts"], last.counts["left_out"]) == (1, {"known": 3})


def test_an_import_makes_no_row_of_who_has_read_what():
    ana, ben, ada = rides()

    bring(come_in(ana))

    assert not ThreadReading.objects.exists()
    assert [queries.count_new(each.person, ana.community) for each in (ana, ben, ada)] == [0, 0, 0]
    lines = lists.talk(ana.community, ada.person).lines
    assert (len(lines), [line.new for line in lines]) == (11, [0] * 11)


def test_a_job_that_breaks_again_and_again_stops_and_people_are_told():
    ana, _ben, _ada = rides()
    keeper = make_person(email="keeper@example.org", is_instance_admin=True)
    archive = archives.take(
        ana.community, ContentFile(archive_bytes(), name="rides.mbox"), key="k", by=ana.person
    )

    with mock.patch.object(archive_reading, "_read", side_effect=KeyError("secret words")):
        for _time in range(7):
            Archive.objects.update(asked_at=timezone.now() - timedelta(minutes=5))
            tasks.sweep_archives.func()
    archive.refresh_from_db()

    assert (archive.state, archive.broken_at, archive.attempts) == (State.BROKEN, State.READING, 5)
    assert ("archive_reading.py" in archive.trace, "secret" in archive.trace) == (True, False)
    [to_ana] = Message.objects.filter(occasion=f"archive-stopped:{archive.pk}")
    [to_keeper] = Message.objects.filter(occasion=f"archive-broke:{archive.pk}")
    assert (to_ana.recipient, to_keeper.recipient) == (ana.person, keeper)
    assert ("KeyError" in to_keeper.text, "secret" in to_keeper.text) == (True, False)

    archive_breaks.try_again(archive, by=ana.person)
    archive_breaks.try_again(archive, by=ana.person)
    tasks.read_archive.func(archive.pk)
    archive.refresh_from_db()
    assert (archive.state, archive.trace, archive.counts["posts"]) == (State.PREVIEWED, "", 50)
    with pytest.raises(errors.ArchiveGone):
        archive_breaks.try_again(archive, by=ana.person)


def test_a_process_that_dies_counts_as_an_attempt_and_progress_begins_the_count_anew():
    ana, _ben, _ada = rides()
    archive = come_in(ana)
    archives.bring_in(archive, people={}, by=ana.person)
    Archive.objects.update(attempts=3)
    killed = mock.patch.object(archive_bringing, "_tell", side_effect=[None, KeyboardInterrupt])
    with mock.patch.object(archive_bringing, "A_BATCH", 20), killed, pytest.raises(KeyboardInterrupt):
        archive_bringing.bring_in(archive.pk)
    archive.refresh_from_db()
    assert (archive.attempts, archive.state) == (0, State.BRINGING)

    Archive.objects.update(attempts=5)
    tasks.bring_archive_in.func(archive.pk)
    archive.refresh_from_db()
    assert (archive.state, archive.has_brought, Post.objects.count()) == (State.BROKEN, True, 40)
    with pytest.raises(errors.ArchiveGone):
        archives.throw_away(archive)

    archive_breaks.sweep(before=timezone.now() + timedelta(days=1))
    archive_breaks.sweep(before=timezone.now() + timedelta(days=1))
    archive.refresh_from_db()
    assert (archive.state, archive.counts["brought"], archive.pieces) == (State.BROUGHT, 40, [])
    assert not ArchiveLine.objects.exists()


def test_a_file_that_stopped_is_thrown_away_and_what_came_of_one_can_be_taken_back():
    ana, _ben, _ada = rides()
    read, brought = come_in(ana), bring(come_in(ana, mailbox(mail("one")).getvalue()))
    Archive.objects.filter(pk=read.pk).update(
        state=State.BROKEN, broken_at=State.READING, done_at=timezone.now()
    )
    Archive.objects.filter(pk=brought.pk).update(state=State.BROKEN, broken_at=State.RETURNING)
    brought.refresh_from_db()

    archive_breaks.sweep(before=timezone.now() + timedelta(days=1))

    read.refresh_from_db()
    assert (read.state, take_back(brought).state) == (State.DROPPED, State.RETURNED)
    Archive.objects.filter(pk=read.pk).update(attempts=5)
    archive_breaks.note_break(read.pk)
    assert not Message.objects.filter(occasion__startswith="archive-stopped").exists()


def test_who_joins_later_is_offered_what_they_wrote_and_it_is_theirs_once_they_say_so():
    ana, _ben, _ada = rides(ana_address="")
    bring(come_in(ana))
    other = add_member(ana.community, "Eli Tsosie")
    eli = add_member(ana.community, "E. T.")
    eli.enrollment.email = "ETsosie@chapterhouse.example"
    eli.enrollment.save()
    before = Post.objects.filter(author_name="Eli Tsosie").count()

    assert (count_for(eli.person, eli.community), count_for(other.person, other.community)) == (before, 0)
    [step] = first_look(eli)
    assert step.url == reverse("conversations:own_words", args=[eli.community_id])
    assert not Post.objects.filter(author=eli.person).exists()
    assert own_words.claim(other.community, by=other.person) == 0
    assert [own_words.claim(eli.community, by=eli.person) for _time in range(2)] == [before, 0]

    theirs = Post.objects.filter(author=eli.person)
    assert (theirs.count(), Post.objects.filter(author_name="Eli Tsosie").count()) == (before, 0)
    begun = {
        thread.pk for thread in Thread.objects.all() if thread.posts.in_order()[0].author_id == eli.person_id
    }
    assert begun == set(
        Thread.objects.filter(started_by=eli.person, starter_name="").values_list("pk", flat=True)
    )
    assert (len(begun) > 0, first_look(eli)) == (True, [])


def test_who_says_that_it_is_not_them_is_not_asked_again_nor_named_by_anybody(client):
    ana, _ben, _ada = rides(ana_address="")
    archive = come_in(ana, mailbox(mail("one")).getvalue())
    ana.enrollment.email = "ana.ruiz@casaverde.example"
    ana.enrollment.save()
    bring(archive)
    client.force_login(ana.person)
    address = reverse("conversations:own_words", args=[ana.community_id])
    talk = reverse("conversations:threads", args=[ana.community_id])

    assert address in client.get(talk).text
    assert "On one" in client.get(address).text
    assert "one of the two buttons" in client.post(address, {"are": "nonsense"}, follow=True).text
    assert Writer.objects.filter(declined_at=None, person=None).exists()
    client.post(address, {"are": "not-mine"})

    assert address not in client.get(talk).text
    assert Post.objects.get(markdown="one").author is None
    again = come_in(ana, mailbox(mail("two")).getvalue())
    assert [line.maybe for line in writers_of(again)] == [None]
    bring(again)
    assert Post.objects.get(markdown="two").author is None
    Writer.objects.update(declined_at=None)
    client.post(address, {"are": "mine"})
    assert set(Post.objects.values_list("author", flat=True)) == {ana.person_id}
