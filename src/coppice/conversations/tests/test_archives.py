"""Archives that come into a community's conversations: read, previewed, brought in, again, taken back."""

import json
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from coppice.accounts.actions import erase
from coppice.communities.tests.factories import make_community
from coppice.conversations import errors, queries, tasks
from coppice.conversations.actions import archive_bringing, archive_reading, archives, posts, threads
from coppice.conversations.actions.posts import Words
from coppice.conversations.archive_writers import suggested, writers_of
from coppice.conversations.import_models import Archive, ArchiveLine, Brought, Writer
from coppice.conversations.importing.errors import ArchiveTooLarge, NothingInIt
from coppice.conversations.models import Attachment, Post, Reaction, Thread
from coppice.conversations.tests.archives import archive_bytes, mailbox
from coppice.conversations.tests.factories import begin, make_circle, say
from coppice.conversations.tests.test_importing import slack_export, topic
from coppice.history.models import Entry
from coppice.notifications.models import Line, Message
from coppice.search.models import Mark

pytestmark = pytest.mark.django_db
State = Archive.State


def come_in(leader, content: bytes | None = None, name: str = "rides.mbox") -> Archive:
    """An archive that was sent and read."""
    file = ContentFile(archive_bytes() if content is None else content, name=name)
    archive = archives.take(leader.community, file, key=f"k{Archive.objects.count()}", by=leader.person)
    archive_reading.read(archive.pk)
    archive.refresh_from_db()
    return archive


def bring(archive: Archive, people=None) -> Archive:
    """The same archive, brought in."""
    archives.bring_in(archive, people=people or {}, by=archive.by)
    archive_bringing.bring_in(archive.pk)
    archive.refresh_from_db()
    return archive


def take_back(archive: Archive) -> Archive:
    """The same archive, taken back."""
    archives.take_back(archive, by=archive.by)
    tasks.take_archive_back.func(archive.pk)
    archive.refresh_from_db()
    return archive


def rides(*, ana_address: str = "ana.ruiz@casaverde.example"):
    """A community of which two are on the list: Ana by her address, Ben by name alone."""
    ana, ben, ada = make_circle("Ana Ruiz", "Ben Ode", "Ada Lo")
    ana.enrollment.email = ana_address
    ana.enrollment.save()
    return ana, ben, ada


def test_a_preview_counts_and_changes_nothing():
    ana, _ben, _ada = rides()

    archive = come_in(ana)

    assert (archive.state, archive.kind) == (State.PREVIEWED, "mail")
    assert archive.counts == {
        "posts": 50,
        "threads": 11,
        "grown": 0,
        "people": 10,
        "left_out": {"automatic": 2, "digest": 1, "empty": 1, "twice": 1},
    }
    assert archive.first_at == datetime(2016, 2, 1, 9, 19, tzinfo=UTC)
    assert archive.last_at == datetime(2016, 7, 3, 9, 19, tzinfo=UTC)
    assert not Thread.objects.exists()
    known = {line.writer.name: (line.posts, line.called, line.maybe) for line in writers_of(archive)}
    assert known["Ana Ruiz"] == (6, "Ana Ruiz", None)
    assert known["Ben Ode"][1:] == ("", (_ben.person_id, "Ben Ode"))
    assert known["Pat Lowe"] == (1, "", None)


def test_what_is_brought_keeps_threads_people_and_dates_and_nobody_is_told():
    ana, ben, ada = rides()
    archive = come_in(ana)
    told = Message.objects.count(), Line.objects.count()

    bring(archive, people=suggested(writers_of(archive)))

    assert archive.state == State.BROUGHT
    assert (Thread.objects.count(), Post.objects.count(), ArchiveLine.objects.count()) == (11, 50, 0)
    thread = Thread.objects.get(title="Insurance for volunteer drivers?", started_at__month=2)
    assert (thread.kind, thread.started_by, thread.post_count) == ("question", ana.person, 6)
    assert thread.last_post_at == datetime(2016, 2, 4, 20, 54, tzinfo=UTC)
    written = [(post.author_id, post.author_name) for post in thread.posts.in_order()]
    assert written[:3] == [(ana.person_id, ""), (ben.person_id, ""), (None, "Cléo Martin")]
    assert [each.name for each in Attachment.objects.order_by("name")] == ["card.csv", "rider-wording.txt"]
    assert Post.objects.get(markdown__startswith="As Eli said").markdown.endswith(
        "(Not taken along: setup.exe)"
    )
    assert (Message.objects.count(), Line.objects.count()) == told
    assert [queries.count_new(each.person, ana.community) for each in (ana, ben, ada)] == [0, 0, 0]
    assert Mark.objects.filter(kind="post").count() >= 50
    assert archive.pieces == []
    assert Entry.objects.filter(verb="archive.brought").count() == 1
    assert not Writer.objects.filter(digest__contains="@").exists()


def test_the_same_file_again_brings_nothing_and_a_longer_one_what_is_new():
    ana, _ben, _ada = rides()
    bring(come_in(ana))
    more = (
        b"From x@y  Mon Jul  4 10:00:00 2016\nFrom: Eli Tsosie <etsosie@chapterhouse.example>\n"
        b"Subject: Re: [Rides] Thanks, and goodbye\nMessage-ID: <new@x>\n"
        b"Date: Mon, 4 Jul 2016 10:00:00 +0000\n\nGo well.\n"
    )

    again = bring(come_in(ana))
    longer = bring(come_in(ana, archive_bytes() + b"\n" + more))

    assert (again.counts["posts"], again.counts["left_out"]["known"]) == (0, 50)
    assert (longer.counts["posts"], longer.counts["threads"], longer.counts["grown"]) == (1, 0, 1)
    assert (Thread.objects.count(), Post.objects.count()) == (11, 51)
    goodbye = Thread.objects.get(title="Thanks, and goodbye")
    assert goodbye.posts.in_order().last().markdown == "Go well."
    assert goodbye.post_count == 4


def test_what_was_read_stays_read_and_what_was_new_stays_new():
    ana, ben, ada = rides()
    joined = datetime(2016, 3, 1, tzinfo=UTC)
    type(ana).objects.update(joined_at=joined)
    bring(come_in(ana))
    goodbye = Thread.objects.get(title="Thanks, and goodbye")
    say(goodbye, ada, "Who takes over?", written_at=datetime(2016, 7, 5, tzinfo=UTC))
    more = mailbox(
        "From: Eli <etsosie@chapterhouse.example>\nSubject: Re: [Rides] Thanks, and goodbye\n"
        "Message-ID: <later@x>\nIn-Reply-To: <unknown@x>\nDate: Wed, 6 Jul 2016 10:00:00 +0000\n\nI do.\n"
    )

    bring(come_in(ana, archive_bytes() + b"\n" + more.getvalue()))

    assert goodbye.posts.count() == 5
    assert queries.count_new(ben.person, ana.community) == 1
    assert queries.count_new(ada.person, ana.community) == 0


def test_it_goes_on_where_it_was_killed():
    ana, _ben, _ada = rides()
    archive = come_in(ana)
    archives.bring_in(archive, people={}, by=ana.person)

    with mock.patch.object(archive_bringing, "A_BATCH", 20):
        killed = mock.patch.object(archive_bringing, "_tell", side_effect=[None, KeyboardInterrupt])
        with killed, pytest.raises(KeyboardInterrupt):
            archive_bringing.bring_in(archive.pk)
        assert (Post.objects.count(), ArchiveLine.objects.count()) == (40, 10)
        Archive.objects.update(asked_at=timezone.now() - timedelta(minutes=5))
        tasks.sweep_archives.func()

    assert (Thread.objects.count(), Post.objects.count(), Brought.objects.count()) == (11, 50, 50)
    assert {each.post_count for each in Thread.objects.all()} == {2, 3, 4, 6, 7, 8}
    archive.refresh_from_db()
    assert (archive.state, archive.counts["brought"]) == (State.BROUGHT, 50)


def test_a_reading_that_was_killed_begins_anew():
    ana, _ben, _ada = rides()
    killed = mock.patch.object(archive_reading, "_show", side_effect=KeyboardInterrupt)
    with killed, pytest.raises(KeyboardInterrupt):
        come_in(ana)
    Archive.objects.update(asked_at=timezone.now() - timedelta(minutes=5))

    tasks.sweep_archives.func()

    assert Archive.objects.get().counts["posts"] == ArchiveLine.objects.count() == 50


def test_taking_back_removes_what_came_and_leaves_what_people_did():
    ana, ben, _ada = rides()
    own = begin(ben, "Ours")
    archive = bring(come_in(ana))
    say(Thread.objects.get(title="Thanks, and goodbye"), ben, "Farewell.")
    posts.react(Post.objects.get(markdown__startswith="36 points"), by=ben.person, kind="thanks")
    threads.settle(Thread.objects.get(title="Van with a lift, who has one?"), by=ana.person)

    take_back(archive)

    assert (archive.state, archive.counts["kept"], archive.counts["stayed"]) == (State.RETURNED, 3, 10)
    assert set(Thread.objects.values_list("title", flat=True)) == {
        own.title,
        "Thanks, and goodbye",
        "The card on the fridge",
        "Van with a lift, who has one?",
    }
    assert Writer.objects.count() == 6
    with pytest.raises(errors.ArchiveGone):
        archives.bring_in(archive, people={}, by=ana.person)
    again = bring(come_in(ana))
    assert (Thread.objects.count(), again.counts["brought"]) == (12, 40)


def test_taking_back_one_of_two_leaves_the_other():
    ana, _ben, _ada = rides()
    first = bring(come_in(ana))
    more = mailbox(
        "From: Eli <e@x.example>\nSubject: Re: Thanks, and goodbye\nMessage-ID: <later@x>\n"
        "Date: Wed, 6 Jul 2016 10:00:00 +0000\n\nGo well.\n"
    )
    bring(come_in(ana, archive_bytes() + b"\n" + more.getvalue()))

    take_back(first)

    thread = Thread.objects.get()
    assert (thread.title, thread.post_count, Post.objects.count()) == ("Thanks, and goodbye", 1, 1)


def test_what_cannot_be_read_is_refused_kindly():
    ana, _ben, _ada = rides()

    refused = come_in(ana, b"%PDF-1.7 not an archive", "a.pdf")
    empty = come_in(ana, mailbox("From: MAILER-DAEMON@x.example\nSubject: Failed\n\nNo.\n").getvalue())
    broken = come_in(ana, b"\x1f\x8b\x08\x00broken", "a.gz")

    assert [each.refusal["code"] for each in (refused, empty, broken)] == [
        "no_archive",
        "nothing_in_it",
        "broken_archive",
    ]
    assert not any(each.pieces for each in Archive.objects.all())
    with pytest.raises(NothingInIt):
        come_in(ana, b"")


def test_limits_are_kept(settings):
    ana, _ben, _ada = rides()
    for _number in range(archives.MOST_OPEN):
        come_in(ana)

    with pytest.raises(errors.TooManyArchives):
        come_in(ana)
    for archive in Archive.objects.all():
        archives.throw_away(archive)
    archives.throw_away(archive)
    assert (ArchiveLine.objects.count(), Writer.objects.count()) == (0, 0)
    settings.LARGEST_ARCHIVE = 10
    with pytest.raises(ArchiveTooLarge):
        come_in(ana)


def test_what_was_brought_in_is_not_thrown_away():
    ana, _ben, _ada = rides()
    archive = come_in(ana)
    with pytest.raises(errors.ArchiveGone):
        archives.take_back(archive, by=ana.person)
    bring(archive)

    with pytest.raises(errors.ArchiveGone):
        archives.throw_away(archive)
    assert archives.bring_in(archive, people={}, by=ana.person).state == State.BROUGHT
    take_back(archive)
    assert archives.take_back(archive, by=ana.person).state == State.RETURNED


def test_a_file_in_pieces_is_one_file():
    ana, _ben, _ada = rides()
    content = archive_bytes()
    given = {"name": "C:\\lists\\rides.mbox", "size": len(content), "marks": "1", "by": ana.person}
    archive = archives.begin(ana.community, **given)
    half = len(content) // 2

    archives.append(archive, content[:half], offset=0)
    archive = archives.begin(ana.community, **given)
    for offset, piece in ((0, content[:half]), (half, b""), (half, content)):
        with pytest.raises(errors.WrongPiece):
            archives.append(archive, piece, offset=offset)
    archives.append(archive, content[half:], offset=half)
    archive_reading.read(archive.pk)

    archive.refresh_from_db()
    assert (archive.name, archive.state, archive.counts["posts"]) == ("rides.mbox", State.PREVIEWED, 50)


def test_the_same_form_twice_is_one_archive():
    ana, _ben, _ada = rides()

    both = [
        archives.take(ana.community, ContentFile(b"x", name="a"), key="same", by=ana.person) for _ in range(2)
    ]

    assert both[0] == both[1]


def test_files_that_nobody_dealt_with_go_after_a_month():
    ana, _ben, _ada = rides()
    archive = come_in(ana)
    stray = default_storage.save(f"{archives.PIECES}/aa/stray", ContentFile(b"x"))
    pieces = archive.pieces

    archives.sweep(now=timezone.now() + timedelta(days=31))

    archive.refresh_from_db()
    assert archive.state == State.DROPPED
    assert not any(default_storage.exists(each) for each in [stray, *pieces])


def test_thrown_away_while_it_is_read():
    ana, _ben, _ada = rides()
    real = archive_reading.mails.entries

    def entries(file):
        archives.throw_away(Archive.objects.get())
        return real(file)

    with mock.patch.object(archive_reading.mails, "entries", entries):
        archive = come_in(ana)

    assert (archive.state, ArchiveLine.objects.count()) == (State.DROPPED, 0)


def test_whoever_has_themself_erased_takes_their_words_along():
    ana, _ben, _ada = rides()
    archive = bring(come_in(ana))
    waiting = come_in(ana, archive_bytes().replace(b"Message-ID: <", b"Message-ID: <other"))

    erase(ana.person, by=ana.person)

    assert not Post.objects.filter(markdown__contains="nine drivers and would").exclude(author=None).exists()
    assert not Brought.objects.filter(original__contains="Casa Verde").exists()
    assert not ArchiveLine.objects.filter(archive=waiting, writer__name="Ana Ruiz").exists()
    assert Brought.objects.filter(archive=archive, writer=None).count() == 6


def test_a_post_is_one_post_though_two_files_hold_it():
    ana, _ben, _ada = rides()
    one, other = come_in(ana), come_in(ana)

    bring(one)
    bring(other)

    assert Post.objects.count() == 50
    assert (other.counts["brought"], other.counts["left_out"]["known"]) == (0, 50)


def test_another_community_has_its_own():
    ana, _ben, _ada = rides()
    bring(come_in(ana))
    eve, _fay = make_circle("Eve Moss", "Fay Ash", community=make_community(name="Food"))

    bring(come_in(eve))

    assert [Post.objects.filter(community=each.community).count() for each in (ana, eve)] == [50, 50]
    assert posts.start(ana.community, by=ana.person, kind="update", title="x", words=Words("y")).pk


def test_an_export_of_slack_comes_with_reactions_of_who_is_known():
    ana, ben, _ada = rides(ana_address="ana@x.example")

    archive = bring(come_in(ana, slack_export().getvalue(), "export.zip"), people={})

    assert (archive.kind, archive.counts["brought"], archive.counts["threads"]) == ("slack", 5, 3)
    assert [(each.person, each.kind) for each in Reaction.objects.all()] == [(ana.person, "helpful")]
    assert bring(come_in(ana, slack_export().getvalue(), "later.zip")).counts["posts"] == 0
    assert not Thread.objects.filter(started_by=ben.person).exists()
    take_back(archive)
    assert not Post.objects.exists()


def test_a_topic_of_discourse_comes_in():
    ana, _ben, _ada = rides()

    archive = bring(come_in(ana, json.dumps(topic()).encode(), "t.json"))

    assert (archive.kind, archive.counts["left_out"]) == (
        "discourse",
        {"automatic": 1, "deleted": 1, "empty": 1, "broken": 1},
    )
    assert [post.author_name for post in Thread.objects.get(title="Rides").posts.in_order()] == [
        "Ana Ruiz",
        "ben",
    ]


def test_a_table_is_asked_about_until_it_is_clear():
    ana, _ben, _ada = rides()
    archive = come_in(ana, b"who,date,what\nAna,03/04/2020,Rides?\nBen,05/04/2020,Me\n", "a.csv")
    assert archive.state == State.ASKING
    assert archive.said["guess"] == ["name", "at", ""]

    with pytest.raises(errors.NoTextColumn):
        archives.say_columns(archive, columns=["name", "at", ""], day_first=True)
    with pytest.raises(errors.DatesUnclear):
        archives.say_columns(archive, columns=["name", "at", "text"], day_first=None)
    archives.say_columns(archive, columns=["name", "at", "text"], day_first=True)
    archive_reading.read(archive.pk)
    archive.refresh_from_db()
    bring(archive)

    assert (archive.kind, archive.counts["brought"]) == ("table", 2)
    assert list(Post.objects.in_order().values_list("written_at__month", flat=True)) == [4, 4]
    with pytest.raises(errors.ArchiveGone):
        archives.say_columns(archive, columns=[], day_first=None)
