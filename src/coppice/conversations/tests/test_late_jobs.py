"""What comes too late, or a second time, changes nothing: jobs of archives and mails of decisions."""

from datetime import timedelta
from unittest import mock

import pytest
from django.utils import timezone

from coppice.conversations.actions import (
    archive_bringing,
    archive_reading,
    archive_returning,
    archives,
    deciding,
    decisions,
)
from coppice.conversations.decision_models import Decision
from coppice.conversations.errors import WrongPiece
from coppice.conversations.import_models import Archive, ArchiveLine, Writer
from coppice.conversations.importing.errors import NothingInIt
from coppice.conversations.models import Post
from coppice.conversations.permissions import can_read_post
from coppice.conversations.tests.factories import begin, make_circle, open_decision
from coppice.conversations.tests.test_archives import bring, come_in, rides

pytestmark = pytest.mark.django_db
State = Archive.State


def test_a_job_for_an_archive_that_is_done_changes_nothing():
    ana, *_others = rides()
    archive = bring(come_in(ana))
    before = Post.objects.count()

    archive_bringing.bring_in(archive.pk)
    archive_reading.read(archive.pk)
    archive_returning.take_back(archive.pk)
    archive_returning._take_back(archive, [])
    archive_returning._finish(archive.pk, kept=0)
    archives.refuse(archive.pk, NothingInIt())

    assert archive_bringing._bring(archive.pk, [], {}) is False
    assert archive_bringing._files(None, ArchiveLine()) == ([], [])
    assert (Post.objects.count(), Archive.objects.get().state) == (before, State.BROUGHT)


def test_bringing_in_ends_where_somebody_stopped_it():
    ana, *_others = rides()
    archive = come_in(ana)
    Archive.objects.update(state=State.BRINGING)

    def stop(*_told):
        Archive.objects.update(state=State.PREVIEWED)

    with (
        mock.patch.object(archive_bringing, "A_BATCH", 5),
        mock.patch.object(archive_bringing, "_tell", side_effect=stop),
    ):
        archive_bringing.bring_in(archive.pk)

    assert Post.objects.count() == 5
    assert Archive.objects.get().state == State.PREVIEWED


def test_more_posts_than_are_read_are_refused():
    ana, *_others = rides()

    with mock.patch.object(archive_reading, "MOST_ENTRIES", 3):
        archive = come_in(ana)

    archive.refresh_from_db()
    assert archive.state == State.REFUSED


def test_a_writer_of_before_is_known_once_they_are_here():
    ana, *_others = rides()
    come_in(ana)
    writer = Writer.objects.exclude(person=None)[0]
    person = writer.person
    Writer.objects.filter(pk=writer.pk).update(person=None)

    come_in(ana, name="again.mbox")

    writer.refresh_from_db()
    assert writer.person == person


def test_a_piece_that_another_window_sent_first_is_none():
    ana, *_others = rides()
    archive = archives.begin(ana.community, by=ana.person, name="a.mbox", size=2, marks="1")
    stale = Archive.objects.get(pk=archive.pk)
    archives.append(archive, b"a", offset=0)

    with pytest.raises(WrongPiece):
        archives.append(stale, b"a", offset=0)

    assert Archive.objects.get(pk=archive.pk).received == 1


def test_what_a_decision_owes_is_written_once():
    ana, _ben = make_circle("Ana Ruiz", "Ben Ode")
    decision = open_decision(begin(ana))
    Decision.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    stale = Decision.objects.select_related("thread__community__program__provider").get(pk=decision.pk)

    assert deciding.see_to(0) == 0
    first = deciding._want_outcome(stale)
    again = deciding._want_outcome(stale)
    stale.wanted = 0
    late = deciding._want_outcome(stale)
    decisions.decide(decision, outcome="Yes.", by=ana.person)
    told = Decision.objects.select_related("thread__community__program__provider").get(pk=decision.pk)
    once, twice = deciding._tell_outcome(told), deciding._tell_outcome(told)

    assert (first > 0, again, late, twice) == (True, 0, 0, 0)
    assert once >= 0


def test_a_post_is_not_read_by_who_is_not_here():
    (ana,) = make_circle("Ana Ruiz")
    (stranger,) = make_circle("Dan Poe")

    assert not can_read_post(stranger.person, begin(ana).posts.get())
